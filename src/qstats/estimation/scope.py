"""Which batches is a rate about, and by which declared rules is it stated?"""

from dataclasses import dataclass

import polars as pl

from qstats.periods import Period

OUTCOME_COLUMNS = {"final": "outcome", "first": "first_outcome"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which batches a rate is about, and the declared rules for stating it.

    Attributes
    ----------
    programme, level : str
        Codes of the contract; neither is ever pooled.
    outcome : str
        ``final`` (after 复检) or ``first``.
    confidence : float
        Two-sided level, 0–1.
    minimum_batches : int
        With fewer batches the rate cannot be stated.
    dated_from : float
        Share of planned batches that must have a sampling day, 0–1; below it their period is a guess.
        A single batch without one never is in the way.
    icc : float
        Likeness of the batches of one enterprise, 0–1 (:func:`qstats.estimation.estimate_icc`); 1 counts
        each enterprise once.
    """

    level: str
    programme: str = "routine"
    outcome: str = "final"
    confidence: float = 0.95
    minimum_batches: int = 30
    dated_from: float = 0.95
    icc: float = 1.0


def select_batches(inspections: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Planned batches of the scope's programme and level."""
    return inspections.filter((pl.col("programme") == scope.programme) & (pl.col("level") == scope.level))


def in_period(batches: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Batches sampled in the period; where a batch has no sampling day its announcement's stands for it."""
    day = pl.coalesce("sampled_on", "announced_on")
    return batches.filter(day.is_between(pl.lit(period.start), pl.lit(period.end)))
