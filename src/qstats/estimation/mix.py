"""Were two periods sampled with the same mix of enterprise sizes and stages?"""

from dataclasses import dataclass

import pandas as pd
import polars as pl

from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.methods.composition import homogeneity_p_value, total_variation
from qstats.periods import Period


@dataclass(frozen=True, slots=True)
class MixComparison:
    """How far two periods differ in their mix of enterprise size × stage.

    Attributes
    ----------
    distance : float
        Share of batches that would have to change cell for the mixes to agree (0–1).
    p_value : float
        Probability of a difference this large by chance alone.
    """

    distance: float
    p_value: float


def compare_mix(inspections: pl.DataFrame, now: Period, before: Period, scope: Scope) -> MixComparison | None:
    """Mix of size × stage in two periods compared; None where a period has no batches."""
    batches = select_batches(inspections, scope).filter(pl.col(OUTCOME_COLUMNS[scope.outcome]).is_not_null())
    mixes = [_mix(in_period(batches, period)) for period in (now, before)]
    if any(mix.empty for mix in mixes):
        return None
    counts = pd.concat(mixes, axis=1).fillna(0.0).to_numpy()
    return MixComparison(
        total_variation(counts[:, 0], counts[:, 1]), homogeneity_p_value(counts[:, 0], counts[:, 1])
    )


def _mix(batches: pl.DataFrame) -> pd.Series:
    """Batches by size × stage, empty where there are none."""
    known = [pl.col(name).fill_null("unknown") for name in ("enterprise_size", "stage")]
    counted = batches.group_by(pl.concat_str(known, separator="/").alias("group")).len().sort("group")
    return pd.Series(counted["len"].to_list(), index=counted["group"].to_list(), dtype=float)
