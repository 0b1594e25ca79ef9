"""How does a department write an enterprise? With a code, abbreviated, mistyped, out of date?"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from opencc import OpenCC

from qstats.reference import county_name
from qstats.synthetic.enterprise_records.population import CHARACTERS

Row = dict[str, object]


@dataclass(frozen=True)
class Habit:
    """Shares of the rows of a department that state a code, an address, a head."""

    code: float
    address: float
    head: float
    traditional: float = 0.02


HABITS = {
    "quality": Habit(0.80, 0.90, 0.85),
    "commerce": Habit(0.97, 0.99, 0.99),
    "food_drug": Habit(0.65, 0.92, 0.90),
    "agriculture": Habit(0.40, 0.90, 0.88),
    "entry_exit": Habit(0.85, 0.80, 0.75, 0.08),
    "tax": Habit(0.92, 0.85, 0.90),
    "police": Habit(0.35, 0.92, 0.95),
    "work_safety": Habit(0.55, 0.92, 0.90),
    "bank": Habit(0.85, 0.55, 0.75),
}  # fmt: skip
WRONG_CODE, NO_COUNTY = 0.015, 0.05
ABBREVIATED, MISTYPED, BRACKETED = 0.10, 0.03, 0.04
STALE = 0.3
"""Share of the rows after a change that still state what was before."""


def write_enterprise(one: Row, year: int, department: str, generator: np.random.Generator) -> dict[str, str]:
    """Name, code, address, head and county as the department writes them."""
    habit, draw = HABITS[department], generator.random(12)
    old = year < int(str(one["changed_year"])) or (draw[0] < STALE and department != "commerce")
    name = str(one["old_name" if old else "enterprise_name"])
    address = str(one["old_address" if old else "address"])
    head = str(one["old_head" if old else "legal_person"])
    if department != "commerce":
        name = _rewrite(name, draw, generator)
        head = _mistype(head, generator) if draw[5] < MISTYPED / 2 and len(head) > 2 else head
    if draw[6] < habit.traditional:
        name, head = _traditional().convert(name), _traditional().convert(head)
    code = str(one["credit_code"] if one["takes_credit_code"] and year >= 2015 else one["organisation_code"])
    if draw[7] < WRONG_CODE:
        code = code[:-1] + next(c for c in "0123456789" if c != code[-1])
    county = county_name(str(one["county_code"]))["zh"]
    stated = "" if generator.random() < NO_COUNTY else county
    place = ("", "聊城市" + county, county, "山东省聊城市" + county)[int(draw[8] * 4)]
    return {
        "enterprise_name": name, "enterprise_code": code if draw[9] < habit.code else "",
        "address": place + address if draw[10] < habit.address else "",
        "legal_person": head if draw[11] < habit.head else "", "county": stated,
    }  # fmt: skip


def _rewrite(name: str, draw: np.ndarray, generator: np.random.Generator) -> str:
    if draw[1] < ABBREVIATED:
        form = next((f for f in ("股份有限公司", "有限责任公司", "有限公司", "厂") if name.endswith(f)), "")
        name = name.removesuffix(form) + ("公司" if draw[2] < 0.3 and form != "厂" else "")
    elif draw[1] < ABBREVIATED + BRACKETED:
        name = "聊城市" + name if draw[2] < 0.5 else name.replace("有限公司", "（集团）有限公司")
    elif draw[1] < ABBREVIATED + BRACKETED + MISTYPED and len(name) > 6:
        name = _mistype(name, generator)
    return name.replace("有限公司", "有限责任公司") if draw[3] < 0.04 and "责任" not in name else name


def _mistype(text: str, generator: np.random.Generator) -> str:
    """One character wrong, left out or exchanged with its neighbour, behind the first two."""
    at, kind = int(generator.integers(2, max(3, min(len(text), 6)))), generator.random()
    if kind < 0.5:
        return text[:at] + CHARACTERS[int(generator.integers(len(CHARACTERS)))] + text[at + 1 :]
    return (
        text[:at] + text[at + 1 :]
        if kind < 0.8
        else text[: at - 1] + text[at : at + 1] + text[at - 1] + text[at + 1 :]
    )


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")
