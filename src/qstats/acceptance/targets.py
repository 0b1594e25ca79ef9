"""Is the target of a period met? A complete count is judged as a count, whatever it says of the process.

All 40 projects passed: the target of 100 % *is* met. That 40 passes demonstrate no more than 92.8 % of the
building process (one-sided, 95 %) is another statement. A project without a known outcome may decide the
matter, and so may one that failed and states no day or scale: then nothing is judged. Nor is a target called
met before its period is over.
"""

from typing import Literal

from qstats.methods.acceptance_sampling.demonstration import demonstration_size, failures_tolerated

CountVerdict = Literal["met", "missed", "open", "running", "no_data"]


def judge_count(
    passes: int, failures: int, unknown: int, level: float, *, strays: int = 0, is_over: bool = True
) -> CountVerdict:
    """Verdict on a complete count.

    Parameters
    ----------
    passes, failures, unknown : int
        Projects (or dwellings) by outcome.
    level : float
        Share to be reached, 0–1; reached or exceeded is met.
    strays : int
        Further ones that are not known to have passed and may belong to the count (`count_strays`).
    is_over : bool
        Whether the data was closed after the period ended.

    Returns
    -------
    {"met", "missed", "open", "running", "no_data"}
        ``open``: outcomes that are not known decide, or strays; ``running``: the period is not over, and what
        is still to come decides.
    """
    total = passes + failures + unknown
    if total == 0:
        return "no_data"
    tolerated = failures_tolerated(total, level)
    if not is_over:
        return "missed" if level >= 1 and failures else "running"
    if failures > tolerated:
        return "missed"
    worst = failures + unknown + strays
    return "met" if worst <= failures_tolerated(total + strays, level) else "open"


def projects_needed(level: float, confidence: float) -> int | None:
    """Projects that, all passed, demonstrate a share of the process; None for 100 %, which none can."""
    return None if level >= 1 else int(demonstration_size(level, confidence=confidence))
