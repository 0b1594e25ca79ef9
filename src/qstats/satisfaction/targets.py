"""Is a satisfaction target met? What was measured, and how far chance may have had a part in it.

The wording of the policy gives 80 and 75 without saying of what. A target therefore names its measure:
index or score in points, or the share of satisfied customers. They are never exchanged for each other.
"""

from typing import Literal

import pandas as pd

Verdict = Literal[
    "clearly_met", "met_within_error", "missed_within_error", "clearly_missed", "cannot_be_stated"
]


def judge_target(row: pd.Series, level: float) -> Verdict:
    """Verdict on one stated figure against a level in the same unit.

    ``clearly_met``: the whole interval reaches the level; ``met_within_error``: the figure does, its
    lower limit does not; the other two alike.
    """
    if row["status"] != "stated":
        return "cannot_be_stated"
    if row["lower"] >= level:
        return "clearly_met"
    if row["upper"] < level:
        return "clearly_missed"
    return "met_within_error" if row["estimate"] >= level else "missed_within_error"
