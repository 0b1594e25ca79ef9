"""Which points did assessors enter, and what became of appeals (申诉)?

Points of an item by evidence are those of the latest accepted evidence. A self-assessment and an appeal
change nothing by themselves: only the latest decision on an appeal does, where it accepts, and it replaces
the points of its item, measured ones too.
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
    own = own.sort_values(["stated_on", "source_row"], kind="stable")
    evidence = own[(own["kind"] == "evidence") & (own["status"] == "accepted")]
    # The latest on an appeal holds: an acceptance that was taken back gives nothing.
    decided = own[own["kind"] == "decision"].drop_duplicates("refers_to", keep="last")
    accepted = decided[decided["status"] == "accepted"]
    return Entered(
        evidence.drop_duplicates(KEY, keep="last"), accepted.drop_duplicates(KEY, keep="last"),
        _follow(own[own["kind"] == "appeal"], decided),
    )  # fmt: skip


def _follow(appeals: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Appeals with the decision that holds; one without is pending."""
    names = {
        "status": "decision", "points": "decided_points", "stated_on": "decided_on", "author": "decided_by",
        "reason": "decided_reason",
    }  # fmt: skip
    told = decided.set_index("refers_to")[list(names)].rename(columns=names)
    followed = appeals.sort_values(["county_code", "source_row"]).join(told, on="evidence_id")
    return followed.assign(decision=followed["decision"].fillna("pending"))
