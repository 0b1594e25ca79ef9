"""What does a cell say once width, whitespace and stand-ins for "unknown" are taken away?"""

import re
from functools import lru_cache

import polars as pl

from qstats.cleaning.distinct import Cleaned, Hit, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.codebook import read_vocabulary

LONGEST_CELL = 32_767
"""Characters that a spreadsheet cell can hold; anything longer is damage."""

_ALPHANUMERIC = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_WIDE = {code: code - 0xFEE0 for code in _ALPHANUMERIC}
_WIDE |= {ord(wide): narrow for wide, narrow in zip("％＋－．／＝＜＞＃＆＊", "%+-./=<>#&*", strict=True)}
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters without width: they divide nothing, so that no space takes their place."""
_ERROR = re.compile(r"^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$")
_FORMULA = re.compile(r"^(?:[=@]\s*\S|[+\-][A-Za-z(=])")
_MARKUP = re.compile(r"<\s*/?\s*[A-Za-z!][^<>]*>")

ATTENTION = (
    r"[\x00-\x20\x7f\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2069\ufeff\u3000"
    r"\uff05\uff0b\uff0d-\uff19\uff1c-\uff1e\uff03\uff06\uff0a\uff21-\uff3a\uff41-\uff5a<#]|^[=@+\-/.—―。*\\空无不未Nn]|^$"
)
"""Texts without any of this need no normalising."""


def normalize_cells(raw: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """All text columns of a chunk normalised; columns without any text are left alone."""
    fields = [name for name in raw.columns if name != "source_row" and raw[name].null_count() < raw.height]
    return raw.with_columns(_normalize_column(raw, name, log) for name in fields)


def _normalize_column(raw: pl.DataFrame, name: str, log: IssueLog) -> pl.Series:
    """Column normalised; only where a cell is too long every text is looked at, whatever it holds."""
    longest = raw[name].str.len_bytes().max()
    damaged = isinstance(longest, int) and longest > LONGEST_CELL
    return clean_column(raw, name, normalize_text, log, attention=None if damaged else ATTENTION)


@lru_cache(maxsize=1 << 17)
def normalize_text(cell: str) -> Cleaned:
    """Text of a cell: half-width digits and letters, single spaces, None where it says "unknown".

    Rules ``cell.too_long``, ``cell.error``, ``text.width``, ``text.whitespace``, ``text.placeholder``,
    ``text.formula`` and ``text.markup``. Chinese punctuation and brackets stay as they are.
    """
    if len(cell) > LONGEST_CELL:
        return Cleaned(None, (Hit("cell.too_long", cell[:80] + "…", None),))
    hits: list[Hit] = []
    narrow = cell.translate(_WIDE)
    if narrow != cell:
        hits.append(Hit("text.width", cell, narrow))
    spaced = _SPACE.sub(" ", _INVISIBLE.sub("", narrow)).strip()
    if spaced != narrow:
        hits.append(Hit("text.whitespace", narrow, spaced or None))
    if not spaced:
        return Cleaned(None, tuple(hits))
    if _ERROR.match(spaced):
        return Cleaned(None, (*hits, Hit("cell.error", spaced, None)))
    if spaced in _placeholders():
        return Cleaned(None, (*hits, Hit("text.placeholder", spaced, None)))
    if _FORMULA.match(spaced):
        hits.append(Hit("text.formula", spaced, spaced))
    if _MARKUP.search(spaced):
        hits.append(Hit("text.markup", spaced, spaced))
    return Cleaned(spaced, tuple(hits))


@lru_cache
def _placeholders() -> frozenset[str]:
    return frozenset(read_vocabulary()["placeholder"])
