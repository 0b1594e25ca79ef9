"""How many items of this lot are inspected, and with how many failures is it accepted?

A single plan from a standard's table: lot size and level give a code letter, letter and AQL a plan. Where
the sample would be as large as the lot, every item is inspected.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from qstats.acceptance_tables import AcceptanceTable, mil_std_105e
from qstats.errors import QstatsError
from qstats.methods.acceptance_sampling import (
    ISO_2859_1,
    MIL_STD_105E,
    AttributesPlan,
    SwitchingRules,
    characterise,
    follow_switching,
)

SWITCHING: dict[str, SwitchingRules] = {rules.name: rules for rules in (MIL_STD_105E, ISO_2859_1)}
"""Switching rules by the standard that they are from."""


@dataclass(frozen=True, slots=True)
class LotPlan:
    """What to do with one lot (抽样方案).

    Attributes
    ----------
    table : str
        Standard that the plan is from.
    lot_size : int
    level, inspection : str
        Inspection level; ``normal`` or ``tightened``.
    aql : float
        Per cent nonconforming, or nonconformities per 100 items, as the table names it.
    code_letter : str
        Letter of the lot size.
    plan_letter : str
        Letter of the plan, another one where an arrow was followed.
    arrow : str
        ``down`` or ``up`` where one was followed, else empty.
    sample_size : int
        Items to inspect, at most the lot.
    acceptance, rejection : int
        Accept with at most, reject with at least so many failures.
    inspect_all : bool
        Whether the sample is the whole lot (100 % inspection).
    """

    table: str
    lot_size: int
    level: str
    inspection: str
    aql: float
    code_letter: str
    plan_letter: str
    arrow: str
    sample_size: int
    acceptance: int
    rejection: int
    inspect_all: bool

    def frame(self) -> pd.DataFrame:
        """The plan as a table of one row."""
        return pd.DataFrame([asdict(self)])


def plan_for_lot(
    lot_size: int,
    aql: float,
    level: str = "II",
    inspection: str = "normal",
    table: AcceptanceTable | None = None,
) -> LotPlan:
    """Single sampling plan of a lot.

    Parameters
    ----------
    lot_size : int
        Items in the lot.
    aql : float
        One of the table's, as it names them (1.0 is one per cent).
    level : str
        Inspection level: S-1 to S-4, I, II or III.
    inspection : str
        ``normal`` or ``tightened``; reduced inspection is not included.
    table : AcceptanceTable, optional
        MIL-STD-105E unless given (:func:`qstats.acceptance_tables.read_acceptance_table`).

    Raises
    ------
    QstatsError
        Lot size, level, inspection or AQL that the table does not have.
    """
    if int(lot_size) != lot_size or lot_size < 1:
        raise QstatsError(f"a lot has a whole number of items, not {lot_size}")
    table = table or mil_std_105e()
    letter = table.code_letter(int(lot_size), level)
    tabled = table.plan(inspection, letter, float(aql))
    return LotPlan(
        table=table.name,
        lot_size=int(lot_size),
        level=level,
        inspection=inspection,
        aql=float(aql),
        code_letter=letter,
        plan_letter=tabled.code_letter,
        arrow=tabled.arrow,
        sample_size=min(tabled.sample_size, int(lot_size)),
        acceptance=tabled.acceptance,
        rejection=tabled.acceptance + 1,
        inspect_all=tabled.sample_size >= lot_size,
    )


def draw_curve(plan: LotPlan, fractions: Sequence[float]) -> pd.DataFrame:
    """Operating characteristic of a lot's plan: ``fraction`` nonconforming (0-1), ``accepted`` (0-1).

    For a process that makes such lots (binomial law); above an AQL of 10 the table counts nonconformities
    per 100 items and this curve does not apply.
    """
    if plan.aql > 10:
        raise QstatsError(f"AQL {plan.aql:g} counts nonconformities per 100 items: no curve of fractions")
    curve = characterise(AttributesPlan.single(plan.sample_size, plan.acceptance), list(fractions))
    return pd.DataFrame({"fraction": curve.p, "accepted": curve.accepted})


def judge_lots(
    accepted: Sequence[bool], *, rules: str = MIL_STD_105E.name, start: str = "normal"
) -> pd.DataFrame:
    """Inspection of each lot in a sequence with the record of each switch.

    Parameters
    ----------
    accepted : sequence of bool
        Result of each lot at its first inspection, in order.
    rules : str
        Standard whose switching rules apply: ``MIL-STD-105E`` or ``ISO 2859-1:1999``.
    start : str
        ``normal`` or, where acceptance resumes after a stop, ``tightened``.

    Returns
    -------
    DataFrame
        ``lot, inspection, accepted, switch`` (state that the next lot finds, empty where nothing changes),
        ``why``. Reduced inspection does not occur.
    """
    if rules not in SWITCHING:
        raise QstatsError(f"no switching rules {rules!r}; known: {', '.join(SWITCHING)}")
    columns = ["lot", "inspection", "accepted", "switch", "why"]
    judged = follow_switching(accepted, SWITCHING[rules], start=start)
    return pd.DataFrame([asdict(lot) for lot in judged], columns=columns)
