"""Is it written in traditional characters? Words and names of any file in simplified ones, to be compared."""

from functools import cache, lru_cache

from opencc import OpenCC


@lru_cache(maxsize=1 << 17)
def to_simplified(text: str) -> str:
    """A text in simplified characters; the converter minds phrases (``乾`` in a name, ``乾燥`` for 干燥)."""
    if not any(_differs(one) for one in text):
        return text
    return _converter().convert(text)


@lru_cache(maxsize=1 << 16)
def _differs(letter: str) -> bool:
    return letter > "\u2e7f" and _converter().convert(letter) != letter


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
