"""What distinguishes the name of an enterprise from all others? Its core, without place and legal form.

A name in China is place, word (字号), trade and legal form. Departments write it in simplified or traditional
characters, full or half width, with or without place and form; the core is what is left when all that is
taken away. A branch (分公司) is no abbreviation of its parent, and the second plant is not the first: marks
of branches and numerals are kept apart and have to agree.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from qstats.characters import to_simplified
from qstats.codebook import read_vocabulary
from qstats.reference import read_divisions, read_townships

SHORTEST_CORE = 2
"""Characters: a shorter remainder says too little, and the name stands whole."""

_MARKS = re.compile(r"[\s·•.,，。、\-—_'\"“”‘’《》〈〉「」*#]+")
_BRACKETS = re.compile(r"[()（）\[\]【】〔〕]")


_NUMERALS = re.compile(r"[0-9〇零一二三四五六七八九十百]+")
_FORMS = (("合作社", re.compile("合作社")), ("公司", re.compile("公司|集团")), ("厂", re.compile("厂")))


class Core(NamedTuple):
    """Core of a name; mark of a branch with the numerals of the name; kind of legal form. Empty if none."""

    core: str
    branch: str
    form: str = ""


def simplify(texts: Iterable[str]) -> dict[str, str]:
    """Each text in simplified characters, half width and capitals, without spaces and marks."""
    return {
        text: _MARKS.sub("", to_simplified(unicodedata.normalize("NFKC", text).upper())) for text in texts
    }


def find_cores(names: Iterable[str]) -> dict[str, Core]:
    """Core and branch of each name."""
    return {name: _core_of(plain) for name, plain in simplify(names).items()}


def _core_of(plain: str) -> Core:
    name = _BRACKETS.sub("", re.sub(_place_in_brackets(), "", plain))
    stem, branch = _split_branch(name)
    placeless = _place_first().sub("", stem)
    core = _legal_form().sub("", placeless)
    tail = placeless[len(core) :]
    form = next((kind for kind, pattern in _FORMS if pattern.search(tail)), "")
    mark = branch + "".join(_NUMERALS.findall(core))
    return Core(core if len(core) >= SHORTEST_CORE else stem or plain, mark, form)


def may_be_one(core: str, other: str) -> bool:
    """Whether two cores are equal, one inside the other, or one slip of the pen apart."""
    return core in other or other in core or (min(len(core), len(other)) > 2 and _one_slip(core, other))


def _one_slip(one: str, other: str) -> bool:
    """Whether one character is wrong, left out, or exchanged with its neighbour."""
    short, long = sorted((one, other), key=len)
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(long) > len(short):
        return short[start:] == long[start + 1 :]
    is_exchanged = short[start : start + 2] == long[start : start + 2][::-1]
    return short[start + 1 :] == long[start + 1 :] or (
        is_exchanged and short[start + 2 :] == long[start + 2 :]
    )


def _split_branch(name: str) -> tuple[str, str]:
    """Name of the whole and what marks the branch: all behind the legal form, or the last word."""
    match = _branch().search(name)
    if not match:
        return name, ""
    stem = name[: match.start()]
    form = _inner_form().search(stem)
    return (stem[: form.end()], name[form.end() :]) if form else (stem, match[0])


@cache
def _branch() -> re.Pattern[str]:
    return re.compile(f"(?:{_either(read_vocabulary()['branch'])})$")


@cache
def _inner_form() -> re.Pattern[str]:
    return re.compile(r"公司(?!.*公司)")


@cache
def _legal_form() -> re.Pattern[str]:
    forms = [_BRACKETS.sub("", form) for form in read_vocabulary()["legal_form"]]
    return re.compile(f"(?:{_either(forms)})$")


@cache
def _place_first() -> re.Pattern[str]:
    return re.compile(f"^(?:{_either(place_words())})+(?=.)")


@cache
def _place_in_brackets() -> re.Pattern[str]:
    return re.compile(rf"[(（](?:{_either(place_words())})[)）]")


@cache
def place_words() -> tuple[str, ...]:
    """Names of the city, its counties and towns as they begin a name or an address."""
    words = [*read_vocabulary()["own_place"]]
    for one in read_divisions():
        words += [one.name, one.short_name]
    words += [one.name for one in read_townships() if one.name.endswith(("镇", "乡", "街道"))]
    return tuple(dict.fromkeys(word for word in words if not word.isascii()))


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
