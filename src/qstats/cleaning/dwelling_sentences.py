"""Which counts does the conclusion of a sheet state? ``共 120 户，验收 120 户，一次检验合格 113 户``.

A sentence is read clause by clause; a clause speaks of one count, by its words. Shares and negations are
never counts, and two clauses that give one count differently leave it unknown.
"""

import re
from functools import lru_cache

from qstats.cleaning.distinct import Cleaned, Hit

SEPARATOR = "\x1f"
_TOTAL, _ACCEPTED, _FIRST, _AFTER = range(4)
_THOUSANDS = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3}(?![0-9]))")
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
_RUN_ON = r"(?<=[户套])(?=(?:住宅)?中?(?:已|全部)?(?:验收|检验|一次|整改|返修|返工)[^0-9，,。;；、]*[0-9])"
_CLAUSES = re.compile(rf"[，,。;；、！\n]|其中|{_RUN_ON}")
_COUNT = re.compile(r"(?<![0-9.\-—~～约近超])([0-9]{1,7})\s*[户套](?!型)")
_LABELLED = re.compile(r"户数\s*[为是:：]?\s*([0-9]{1,7})(?![0-9.%])")
_NOT = re.compile(r"不合格|未|不予|不通过|待整改|需整改|尚|没有|除外|不含|另有")
_REWORK = re.compile(r"(?:整改|返修|返工|维修|修补|复验|复查).*合格|二次.*合格")
_ONCE = re.compile(r"一次(?:性)?.*(?:合格|通过)|首次.*(?:合格|通过)")
_INSPECTED = re.compile(r"验收|检验|检查|查验")
_WHOLE = re.compile(r"共|总户数|总套数|总数|总计|住宅")
_OF_WHOLE = re.compile(r"(?<![0-9.\-—~～约近超])([0-9]{1,7})[户套](?=住宅(?:中|里))")
_ALL_AT_ONCE = re.compile(
    r"(?:全部|均|全数)为?一次(?:性)?(?:检验|验收)?(?:合格|通过)|一次(?:性)?(?:检验|验收)?(?:全部|均|全数)(?:合格|通过)"
)
_REST_AFTER = re.compile(r"(?:其余|余下|剩余)[^0-9]*(?:整改|返修|返工).*合格")


@lru_cache(maxsize=1 << 14)
def read_sentence(text: str) -> Cleaned:
    """Rule: a sentence → total, inspected, accepted at first, after rework; empty where one is not said.

    Rules ``dwelling.sentence_read``, ``dwelling.sentence_unreadable`` (numbers, yet no count understood).
    """
    counts = [_only(values) for values in _read_clauses(text)]
    shown = ["" if count is None else str(count) for count in counts]
    if any(shown):
        return Cleaned(SEPARATOR.join(shown), (Hit("dwelling.sentence_read", text, "/".join(shown)),))
    hits = (Hit("dwelling.sentence_unreadable", text, None),) if re.search(r"[0-9]", text) else ()
    return Cleaned(None, hits)


def _read_clauses(text: str) -> list[set[int]]:
    """Values that the clauses give for each of the four counts."""
    plain = _BRACKETS.sub("，", _THOUSANDS.sub("", text.replace(" ", "")))
    found: list[set[int]] = [set(), set(), set(), set()]
    for clause in _CLAUSES.split(plain):
        numbers = {int(one) for one in _COUNT.findall(clause) + _LABELLED.findall(clause)}
        meaning = _meaning(clause)
        if numbers and meaning is not None:
            found[meaning] |= numbers
    found[_TOTAL] |= {int(one) for one in _OF_WHOLE.findall(plain)}
    _read_all(plain, found)
    return found


def _meaning(clause: str) -> int | None:
    """Which count a clause speaks of; None where it says something else."""
    if _NOT.search(clause):
        return None
    if _REWORK.search(clause):
        return _AFTER
    if _ONCE.search(clause):
        return _FIRST
    if "合格" in clause:
        return None
    if _INSPECTED.search(clause):
        return _ACCEPTED
    return _TOTAL if _WHOLE.search(clause) else None


def _read_all(plain: str, found: list[set[int]]) -> None:
    """Counts said in words: all at the first inspection, the rest after rework."""
    inspected = _only(found[_ACCEPTED])
    if inspected is None:
        return
    first, after = found[_FIRST], found[_AFTER]
    if not first and not after and _ALL_AT_ONCE.search(plain) and not _NOT.search(plain):
        first.add(inspected)
        after.add(0)
    elif len(first) == 1 and not after and _REST_AFTER.search(plain):
        after |= {inspected - one for one in first if one <= inspected}


def _only(values: set[int]) -> int | None:
    return next(iter(values)) if len(values) == 1 else None
