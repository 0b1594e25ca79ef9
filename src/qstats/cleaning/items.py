"""Which items were tested, with what result against what limit?

Suppliers put several items into one cell, glue limits and units to names, units to results and first to
repeated results. The rule reads the four cells of one row and gives one entry per item.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from qstats.cleaning.distinct import Hit

SEPARATOR = "\x1f"
"""Stands between items, results, units and limits in the text that the rule reads."""


class Item(NamedTuple):
    """One tested item as the contract has it; all texts, None where not given."""

    item: str
    result: str | None
    unit: str | None
    limit_operator: str | None
    limit: str | None


_NUMBER = r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?:\s*[×xX]\s*10\s*(?:\^?-?\d+|[⁻¹²³⁴⁵⁶⁷⁸⁹⁰]+)|[eE][-+]?\d+)?"
_UNIT = r"[%‰℃°]|[%a-zA-Zμµ㎎Ω\u4e00-\u9fff]+(?:/\d*[a-zA-Zμµ\u4e00-\u9fff]+[²³2]?)?[²³]?"
_SPELLINGS = {"≤": ("≤", "≦", "<="), "≥": ("≥", "≧", ">="), "<": ("<", "＜"), ">": (">", "＞")}
_OPERATORS = {spelling: operator for operator, spellings in _SPELLINGS.items() for spelling in spellings}
_OPERATOR = "|".join(map(re.escape, sorted(_OPERATORS, key=len, reverse=True)))
_PLAIN_RESULT = re.compile(rf"^(?:{_OPERATOR})?\s*{_NUMBER}$")
_RESULT_WITH_UNIT = re.compile(rf"^((?:{_OPERATOR})?\s*{_NUMBER})\s*({_UNIT})$")
_TWO_RESULTS = re.compile(
    r"^(?:原检|初检)(?:检验)?[值结果]*[:：]?\s*(.+?)[,，;；、\s]+复[检验](?:检验)?[值结果]*[:：]?\s*(.+)$"
)
_LIMIT = re.compile(rf"^({_OPERATOR})\s*({_NUMBER})\s*(.*)$")
_RULE_WORDS = re.compile(r"^(?:不得|不应|不能|不可|应|n\s*=|阴性|无)")
_BRACKET_AT_END = re.compile(r"^(.*?)[（(]([^（()）]+)[)）]$")
_GLUED_UNIT = r"(?:[%‰](?:vol)?|[a-zA-Zμµ]+/\d*[a-zA-Zμµ]+[²³2]?|[mkμµ]?g|m[lL])"
_UNIT_ALONE = re.compile(rf"^{_GLUED_UNIT}$")
_BARE_LIMIT = re.compile(  # with a unit: a number alone in brackets may belong to the name
    rf"^(?=.*(?:[%‰]|g|[lL])){_NUMBER}\s*{_GLUED_UNIT}?(?:\s*[-–~～±]\s*{_NUMBER})?\s*{_GLUED_UNIT}?$"
)
_OPEN_LIMIT = re.compile(rf"^(.*?\S)\s*((?:{_OPERATOR})\s*{_NUMBER}.*)$")
_GLUED = (_LIMIT, _RULE_WORDS, _UNIT_ALONE, _BARE_LIMIT)
_BRACKETS = str.maketrans("()﹙﹚", "（）（）")


@lru_cache(maxsize=1 << 17)
def read_items(text: str) -> tuple[tuple[Item, ...], tuple[Hit, ...]]:
    """``items␟results␟units␟limits`` of one row → its items and the rules that applied.

    Rules ``item.split``, ``item.limit_in_name``, ``item.unit_in_result``, ``item.two_results``,
    ``item.result_unreadable``.
    """
    names_text, results_text, unit, limit_text = text.split(SEPARATOR)
    names = _without_numbers(split_cell(names_text))
    hits = [Hit("item.split", names_text, " | ".join(names))] if len(names) > 1 else []
    results = _results_for(results_text, len(names), hits)
    limits = _one_each(limit_text, len(names))
    units = _one_each(unit, len(names))
    items = tuple(
        _item(name, result, unit, limit, hits)
        for name, result, unit, limit in zip(names, results, units, limits, strict=True)
    )
    return items, tuple(hits)


@lru_cache(maxsize=1 << 16)
def split_cell(text: str) -> tuple[str, ...]:
    """Parts of a multi-value cell, split at 、；; and at , / between Chinese parts, never inside brackets."""
    return tuple(part for part in _parts(text) if part)


def _parts(text: str) -> tuple[str, ...]:
    """Parts of a multi-value cell, empty ones included."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth += (character in "（([【") - (character in "）)]】")
        if depth <= 0 and (character in "、；;|\n" or _weak_separator(text, place)):
            parts.append(text[start:place])
            start = place + 1
    return tuple(part.strip() for part in (*parts, text[start:]))


def _without_numbers(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without the numbers of a list (1.…；2.…); 1.4-二氧六环 standing alone keeps its own."""
    numbered = len(names) > 1 and all(re.match(rf"{i}[.．]\s*\S", name) for i, name in enumerate(names, 1))
    return tuple(re.sub(r"^\d+[.．]\s*", "", name) for name in names) if numbered else names


def _weak_separator(text: str, place: int) -> bool:
    """A comma or slash separates only where Chinese text stands on both sides: g/100g is one unit."""
    if text[place] not in ",，/":
        return False
    before, after = text[:place].rstrip(), text[place + 1 :].lstrip()
    return bool(before and after) and _ends_item(before[-1]) and "\u4e00" <= after[0] <= "\u9fff"


def _ends_item(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or character in "）)"


def _results_for(text: str, count: int, hits: list[Hit]) -> tuple[str | None, ...]:
    if not text:
        return (None,) * count
    if count == 1 or _TWO_RESULTS.match(text):
        return (text, *(None,) * (count - 1))
    parts = tuple(part.strip() for part in re.split(r"[、；;]", text))
    if len(parts) != count:
        hits.append(Hit("item.result_unreadable", text, None))
        return (None,) * count
    return tuple(part or None for part in parts)


def _one_each(text: str, count: int) -> tuple[str | None, ...]:
    """A part for each item where the cell has as many, else the whole cell for all; empty parts are None."""
    parts = _parts(text)
    if count > 1 and len(parts) == count:
        return tuple(part or None for part in parts)
    return (text or None,) * count


def _item(name: str, result: str | None, unit: str | None, limit_text: str | None, hits: list[Hit]) -> Item:
    plain, glued = _without_limit(name)
    if glued:
        hits.append(Hit("item.limit_in_name", name, plain))
    glued_unit = glued if glued and _UNIT_ALONE.match(glued) else None
    operator, limit, limit_unit = _read_limit(limit_text or (None if glued_unit else glued))
    value, result_unit = _read_result(result, hits)
    return Item(plain, value, unit or result_unit or limit_unit or glued_unit, operator, limit)


def _without_limit(name: str) -> tuple[str, str | None]:
    """Name with Chinese brackets and without any limit or unit; the limit (or unit) that stood next to it."""
    plain, glued = _split_limit(name.translate(_BRACKETS))
    while (further := _split_limit(plain))[1]:
        plain, inner = further
        glued = _with_unit(glued, inner) if glued and _UNIT_ALONE.match(inner or "") else inner
    return plain, glued


def _with_unit(limit: str, unit: str | None) -> str:
    """Limit with the unit that stood in brackets of its own, unless it has one."""
    return f"{limit}{unit}" if (match := _LIMIT.match(limit)) and not match[3] else limit


def _split_limit(name: str) -> tuple[str, str | None]:
    if match := _BRACKET_AT_END.match(name):
        inner = match[2].strip()
        if match[1] and any(form.match(inner) for form in _GLUED):
            return match[1].strip(), inner
    if match := _OPEN_LIMIT.match(name):
        return match[1].strip(), match[2].strip()
    return name, None


@lru_cache(maxsize=1 << 14)
def _read_limit(text: str | None) -> tuple[str | None, str | None, str | None]:
    if not text:
        return None, None, None
    if match := _LIMIT.match(text):
        return _OPERATORS[match[1]], match[2], match[3].strip() or None
    return None, text, None


def _read_result(text: str | None, hits: list[Hit]) -> tuple[str | None, str | None]:
    if not text:
        return None, None
    if both := _TWO_RESULTS.match(text):
        hits.append(Hit("item.two_results", text, both[2].strip()))
        text = both[2].strip()
        match = _RESULT_WITH_UNIT.match(text)
        return (match[1].strip(), match[2]) if match else (text, None)
    if _PLAIN_RESULT.match(text) or not re.search(r"\d", text):
        return text, None
    if match := _RESULT_WITH_UNIT.match(text):
        hits.append(Hit("item.unit_in_result", text, match[1].strip()))
        return match[1].strip(), match[2]
    hits.append(Hit("item.result_unreadable", text, text))
    return text, None
