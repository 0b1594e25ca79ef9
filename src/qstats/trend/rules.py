"""When may a direction be called a trend (趋势)? Declared rules, applied to one series at a time.

Each rule can only take a direction away. A series rises or falls where all of this holds; everything else is
"no clear trend" with the first reason that applies:

1. The history is long enough, and not everything passed.
2. The slope's interval excludes no change, on what has been observed since the last break.
3. Together with the other groups of its kind (counties), its test still holds (Holm).
4. The course is a straight one; or it bends, and its newest end goes the same way with an interval that
   excludes no change.
5. The interval excludes no change also where errors of neighbouring periods are alike (AR(1)).
6. At one mix of what was sampled the direction is the same and its interval excludes no change, whichever
   mix is taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Verdict = Literal[
    "rise",
    "fall",
    "leans_up",
    "leans_down",
    "no_clear_trend",
    "withheld",
    "too_short",
    "no_failures",
    "few_failures",
    "no_data",
]
Reason = Literal[
    "", "no_data", "too_short", "no_failures", "few_failures", "break_recent", "laboratory_recent",
    "covers_none", "many_compared", "bends", "autocorrelated", "mix", "ranks_unclear", "many_ranks",
    "sen_touches_none", "no_counts",
]  # fmt: skip
DIRECTIONS = ("rise", "fall")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Declared choices of the assessment of trends.

    Attributes
    ----------
    confidence : float
        Two-sided level of intervals and tests, 0–1.
    minimum_periods, minimum_years : int
        Complete periods, and years, that a trend takes.
    minimum_after : int
        Complete periods before and after an event that its effect takes.
    resamples, seed : int
        Of the search for breaks and of whatever is drawn at random.
    """

    confidence: float = 0.95
    minimum_periods: int = 12
    minimum_years: int = 3
    minimum_after: int = 6
    resamples: int = 499
    seed: int = 20131212

    @property
    def alpha(self) -> float:
        """Level of tests."""
        return 1 - self.confidence

    def periods_needed(self, season: int) -> int:
        """Complete periods that a trend takes: two thirds of them where they are years."""
        return self.minimum_periods if season > 1 else self.minimum_periods * 2 // 3


def is_long_enough(periods: int, years: float, season: int, rules: Rules) -> bool:
    """Whether a history carries a trend; yearly figures need periods only."""
    return periods >= rules.periods_needed(season) and years > rules.minimum_years - 0.01


def excludes_none(lower: float, upper: float) -> bool:
    """Whether an interval of a change lies on one side of no change; one that is not known does not."""
    return (
        bool(lower * upper > 0) if np.isfinite(lower) and np.isfinite(upper) else bool(lower > 0 or upper < 0)
    )


def judge_trend(row: Mapping[str, Any], rules: Rules) -> tuple[Verdict, Reason]:
    """Verdict on one series with the first reason that takes a direction away.

    Parameters
    ----------
    row : mapping
        ``periods``; ``status`` (``stated`` or why no model was fitted); of the model ``slope, slope_lower,
        slope_upper, ar_lower, ar_upper`` (missing where the figures show no such likeness), ``p_adjusted``
        (missing where nothing else was compared), ``p_bend, end_slope, end_lower, end_upper`` (missing where
        no curve was fitted); at one mix ``mix_slope, mix_lower, mix_upper, mixes_agree``
        (missing where there is no mix).
    """
    if row["status"] != "stated":
        status = row["status"]
        return ("withheld", status) if status.endswith("_recent") else (status, status)
    if not excludes_none(row["slope_lower"], row["slope_upper"]):
        return "no_clear_trend", "covers_none"
    if np.isfinite(row["p_adjusted"]) and row["p_adjusted"] >= rules.alpha:
        return "no_clear_trend", "many_compared"
    if bends_away(row, row["slope"], rules):
        return "no_clear_trend", "bends"
    if np.isfinite(row["ar_lower"]) and not excludes_none(row["ar_lower"], row["ar_upper"]):
        return "no_clear_trend", "autocorrelated"
    if np.isfinite(row["mix_slope"]) and not _holds_at_one_mix(row):
        return "no_clear_trend", "mix"
    return ("rise" if row["slope"] > 0 else "fall"), ""


def judge_ranks(row: Mapping[str, Any], rules: Rules) -> tuple[Verdict, Reason]:
    """Verdict on figures without counts: their ranks lean one way at most, which is called no trend.

    Parameters
    ----------
    row : mapping
        ``rank_p``, ``rank_p_adjusted`` (Holm; missing where nothing else was tested), ``sen`` with limits.
    """
    if not row["rank_p"] < rules.alpha:
        return "no_clear_trend", "ranks_unclear"
    if np.isfinite(row["rank_p_adjusted"]) and row["rank_p_adjusted"] >= rules.alpha:
        return "no_clear_trend", "many_ranks"
    if not excludes_none(row["sen_lower"], row["sen_upper"]):
        return "no_clear_trend", "sen_touches_none"
    return ("leans_up" if row["sen"] > 0 else "leans_down"), "no_counts"


def is_bent(row: Mapping[str, Any], rules: Rules) -> bool:
    """Whether the course is no straight one; asked before likeness of neighbours, which a bend makes."""
    return bool(np.isfinite(row["p_bend"]) and row["p_bend"] < rules.alpha)


def bends_away(row: Mapping[str, Any], slope: float, rules: Rules) -> bool:
    """Whether the course bends and its newest end does not clearly go the way of a slope."""
    same = row["end_slope"] * slope > 0 and excludes_none(row["end_lower"], row["end_upper"])
    return is_bent(row, rules) and not same


def _holds_at_one_mix(row: Mapping[str, Any]) -> bool:
    same = row["mix_slope"] * row["slope"] > 0 and row["mixes_agree"] is not False
    return bool(same and excludes_none(row["mix_lower"], row["mix_upper"]))


def judge_at_one_mix(row: Mapping[str, Any], rules: Rules) -> Verdict | Literal[""]:
    """What a series does at one mix of what was sampled; empty where there is none."""
    if not np.isfinite(row["mix_slope"]):
        return ""
    if bends_away(row, row["mix_slope"], rules):
        return "no_clear_trend"
    if row["mixes_agree"] is False or not excludes_none(row["mix_lower"], row["mix_upper"]):
        return "no_clear_trend"
    return "rise" if row["mix_slope"] > 0 else "fall"
