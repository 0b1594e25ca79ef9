"""Which programme, level, stage, size, class? Suppliers' words to codes."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from qstats.cleaning.distinct import Cleaned, Hit
from qstats.codebook import read_vocabulary
from qstats.reference import read_product_classes

_WRAPPED_ISSUER = re.compile(r"^国内监督抽查[(（](.*)[)）]$")
FIELDS = {
    "programme": "programme.unknown",
    "level": "level.unknown",
    "stage": "stage.unknown",
    "enterprise_size": "size.unknown",
}
"""Coded fields and the rule that a word outside the vocabulary breaks."""


@cache
def category_rule(field: str) -> Callable[[str], Cleaned]:
    """Rule that turns a supplier's word into the field's code."""
    words = {word: code for code, known in read_vocabulary()[field].items() for word in (*known, code)}

    @lru_cache(maxsize=1 << 12)
    def read_category(text: str) -> Cleaned:
        code = words.get(text.replace(" ", ""))
        return Cleaned(code, () if code else (Hit(FIELDS[field], text, None),))

    return read_category


@lru_cache(maxsize=1 << 14)
def read_product_class(text: str) -> Cleaned:
    """Class of the catalogue; another class stays as its own top level (``product_class.unknown``)."""
    top = text.split("-->")[0].strip()
    code = _classes().get(top)
    return Cleaned(code or top, () if code else (Hit("product_class.unknown", text, top),))


@lru_cache(maxsize=1 << 12)
def read_issuer(issuer: str) -> Cleaned:
    """Issuing body without the programme around it: ``国内监督抽查(山东局)`` is ``山东局``."""
    match = _WRAPPED_ISSUER.match(issuer)
    return Cleaned((match[1].strip() or None) if match else issuer)


@lru_cache(maxsize=1 << 12)
def province_of_issuer(issuer: str) -> str | None:
    """Province (short name) that an issuing body's name begins with."""
    return next((name for name in read_vocabulary()["province"] if name in issuer), None)


@lru_cache(maxsize=1 << 12)
def level_of_issuer(issuer: str) -> str | None:
    """Level of sampling that follows from the body which issued the announcement."""
    levels = read_vocabulary()["issuer_level"]
    return next((level for level, words in levels.items() if any(word in issuer for word in words)), None)


@cache
def _classes() -> dict[str, str]:
    return {word: known.code for known in read_product_classes() for word in known.words}
