"""Which points did assessors enter, and what became of appeals (申诉)?

Points of an item by evidence are those of the latest accepted evidence. A self-assessment and an appeal
change nothing by themselves: only an accepted decision on an appeal does, and it replaces the points of its
item, measured ones too.
"""

from dataclasses import dataclass

import pandas as pd

KEY = ["county_code", "item"]


@dataclass(frozen=True, eq=False)
class Entered:
    """What was entered for one scheme and year.

    Attributes
    ----------
    evidence, decisions : DataFrame
        Entry that counts for each county and item; columns of ``assessment_evidence``.
    appeals : DataFrame
        Every appeal with ``decision`` (``accepted``, ``rejected``, ``pending``), ``decided_points,
        decided_on, decided_by, decided_reason``.
    """

    evidence: pd.DataFrame
    decisions: pd.DataFrame
    appeals: pd.DataFrame


def settle_evidence(entries: pd.DataFrame, scheme: str, year: str) -> Entered:
    """Entries of a scheme and year that count.

    Parameters
    ----------
    entries : DataFrame
        The table ``assessment_evidence``.
    scheme, year : str
        Id, and the assessment year as entries name it.
    """
    own = entries[(entries["scheme"] == scheme) & (entries["year"] == year)]
    accepted = own[own["status"] == "accepted"].sort_values(["stated_on", "source_row"], kind="stable")
    evidence, decisions = (
        accepted[accepted["kind"] == kind].drop_duplicates(KEY, keep="last")
        for kind in ("evidence", "decision")
    )
    return Entered(evidence, decisions, _follow(own))


def _follow(own: pd.DataFrame) -> pd.DataFrame:
    """Appeals with the latest decision on each; one without is pending."""
    appeals = own[own["kind"] == "appeal"].sort_values(["county_code", "source_row"], kind="stable")
    made = own[own["kind"] == "decision"].sort_values(["stated_on", "source_row"], kind="stable")
    last = made.drop_duplicates("refers_to", keep="last").set_index("refers_to")
    names = {
        "status": "decision", "points": "decided_points", "stated_on": "decided_on", "author": "decided_by",
        "reason": "decided_reason",
    }  # fmt: skip
    told = last[list(names)].rename(columns=names)
    followed = appeals.join(told, on="evidence_id")
    return followed.assign(decision=followed["decision"].fillna("pending"))
