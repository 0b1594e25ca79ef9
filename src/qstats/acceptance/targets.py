"""Is the target of a period met? A complete count is judged as a count, whatever it says of the process.

All 40 projects passed: the target of 100 % *is* met. That 40 passes demonstrate no more than 92.8 % of the
building process (one-sided, 95 %) is another statement. A project without a known outcome may decide the
matter: then nothing is judged.
"""

from typing import Literal

import numpy as np

from qstats.methods.acceptance_sampling.demonstration import demonstration_size

CountVerdict = Literal["met", "missed", "open", "no_data"]
_ROUNDING = 1e-9


def judge_count(passes: int, failures: int, unknown: int, level: float) -> CountVerdict:
    """Verdict on a complete count.

    Parameters
    ----------
    passes, failures, unknown : int
        Projects (or dwellings) by outcome.
    level : float
        Share to be reached, 0–1; reached or exceeded is met.

    Returns
    -------
    {"met", "missed", "open", "no_data"}
        ``open``: the outcomes that are not known decide.
    """
    total = passes + failures + unknown
    if total == 0:
        return "no_data"
    tolerated = failures_tolerated(total, level)
    if failures > tolerated:
        return "missed"
    return "met" if failures + unknown <= tolerated else "open"


def failures_tolerated(total: int, level: float) -> int:
    """Most failures among so many with which the share is still reached."""
    return int(np.floor(total * (1 - level) + _ROUNDING))


def projects_needed(level: float, confidence: float) -> int | None:
    """Projects that, all passed, demonstrate a share of the process; None for 100 %, which none can."""
    return None if level >= 1 else int(demonstration_size(level, confidence=confidence))
