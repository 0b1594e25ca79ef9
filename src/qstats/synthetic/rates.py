"""How likely is a batch to fail, by place, class, size, stage and month? The truth of the demonstration.

Logit-linear: the failure probability of a batch is ``expit(base + county + class + size + stage +
season + slope · years + known changes + enterprise effect)``, plus a declared problem in one place for
some months. Known changes are the policy of December 2013, from which on every stratum fails less, and a
county whose laboratory changed its practice: what it reports falls, though no product got better. Marginal
rates integrate the normal enterprise effect by Gauss–Hermite quadrature. Every stratum improves while the
sampling mix moves to small firms and retail, so that the crude rate misleads.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.special import expit

from qstats.synthetic.city import (
    CLASS_SHARES,
    CLASSES,
    COUNTY_SHARES,
    ENTERPRISE_SD,
    SIZES,
)

STAGES = ("production", "retail", "online")
FIRST_YEAR = 2010
BASE_LOGIT = -3.606
SLOPE_PER_YEAR = -0.03
"""Improvement of every stratum a year, on the logit of the failure probability."""

COUNTY_EFFECTS = dict(
    zip(COUNTY_SHARES, (-0.10, 0.15, 0.05, 0.25, -0.05, -0.15, 0.20, 0.0, -0.25, -0.30, -0.10), strict=True)
)
CLASS_EFFECTS = dict(
    zip(CLASSES, (0.0, 0.25, 0.05, 0.15, -0.15, 0.10, -0.05, -0.10, -0.30, 0.20), strict=True)
)
SIZE_EFFECTS = dict(zip(SIZES, (-1.2, -0.6, 0.2, 0.8), strict=True))
STAGE_EFFECTS = dict(zip(STAGES, (-0.3, 0.7, 1.0), strict=True))
SEASON = 0.20
"""Half the range of the season on the logit scale; worst in July."""

PROGRAMME_EFFECTS = {"routine": 0.0, "risk_monitoring": 1.4, "special": 1.9}
"""Targeted sampling looks where it expects failures."""

SIZE_MIX = (np.array([0.20, 0.36, 0.30, 0.14]), np.array([0.03, 0.10, 0.42, 0.45]))
STAGE_MIX = (np.array([0.90, 0.09, 0.01]), np.array([0.46, 0.43, 0.11]))
"""Shares sampled in the first and in the last month; they move in a straight line between."""

OVERTURNED_SHARE = 0.08
"""Share of failures that re-inspection overturns."""


@dataclass(frozen=True)
class KnownChange:
    """A known change for good, on the logit of the failure probability, from a month on.

    ``kind`` is ``policy``: from then on every stratum fails less; or ``laboratory``: only what is found in
    one county changes, and `COUNTY_EFFECTS` holds what is found since.
    """

    kind: str
    on: str
    first_month: str
    effect: float
    county_code: str = ""

    def on_logit(self, county_code: np.ndarray, month: np.ndarray) -> np.ndarray:
        """What it adds for counties and months ``YYYY-MM``; a laboratory's change adds to what was before."""
        if self.kind == "laboratory":
            return -self.effect * ((county_code == self.county_code) & (month < self.first_month))
        return self.effect * ((month >= self.first_month) & (county_code != ""))


POLICY = KnownChange("policy", "2013-12-12", "2013-12", -0.25)
"""The programme for the quality of products, issued on 12 December 2013: its effect is a level for good."""

LABORATORY_CHANGE = KnownChange("laboratory", "2012-07-01", "2012-07", -1.2, "371525")
"""From July 2012 another laboratory tests the batches of one county, and finds fewer failures in the same."""

KNOWN_CHANGES = (POLICY, LABORATORY_CHANGE)


@dataclass(frozen=True)
class Problem:
    """A known problem: one product of one place fails on one item for some months."""

    county_code: str
    product: str
    item: str
    first_month: str
    last_month: str
    effect: float


PROBLEMS = (
    Problem("371581", "食用植物油", "过氧化值", "2015-08", "2015-10", 2.6),
    Problem("371522", "复混肥料", "总养分", "2013-03", "2013-05", 2.2),
    Problem("371523", "人造板", "甲醛释放量", "2012-06", "2012-09", 2.0),
    Problem("371526", "纯棉针织内衣", "甲醛含量", "2014-10", "2014-12", 2.2),
)


def months_between(start: str, end: str) -> list[str]:
    """Months ``YYYY-MM`` from start to end, both included."""
    return [str(period) for period in pd.period_range(start, end, freq="M")]


def time_effect(months: list[str]) -> np.ndarray:
    """Slow improvement and season of each month on the logit scale."""
    year = np.array([int(m[:4]) + (int(m[5:]) - 1) / 12 for m in months])
    season = SEASON * np.cos(2 * np.pi * (year - 0.5))
    return SLOPE_PER_YEAR * (year - FIRST_YEAR) + season


def change_effect(
    county_code: np.ndarray, month: np.ndarray, changes: tuple[KnownChange, ...] = KNOWN_CHANGES
) -> np.ndarray:
    """Sum of the known changes on the logit scale, for counties and months ``YYYY-MM`` that go together."""
    nothing = np.zeros(np.broadcast_shapes(county_code.shape, month.shape))
    return sum((change.on_logit(county_code, month) for change in changes), nothing)


def mix_of_months(months: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Shares sampled by size and by stage, one row for each month; they move from 2010 to 2015."""
    year = np.array([int(m[:4]) + (int(m[5:]) - 1) / 12 for m in months])
    t = np.clip((year - FIRST_YEAR) / 6, 0, 1)[:, None]
    return tuple((1 - t) * first + t * last for first, last in (SIZE_MIX, STAGE_MIX))


def marginal_failure(logit: np.ndarray) -> np.ndarray:
    """Failure probability of first tests with the enterprise effect integrated out."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(21)
    weights = weights / weights.sum()
    return sum(w * expit(logit + ENTERPRISE_SD * x) for x, w in zip(nodes, weights, strict=True))


def tabulate_true_rates(months: list[str], changes: tuple[KnownChange, ...] = KNOWN_CHANGES) -> pd.DataFrame:
    """True pass probability of routine batches by county, class, size, stage and month.

    Without the declared problems, which touch one product only. ``weight`` is the share of the stratum
    in the sampling of its month; ``standard_weight`` its share at the average mix of all months. With other
    ``changes`` it is what would have been true.
    """
    strata = pd.DataFrame(
        product(COUNTY_SHARES, CLASSES, SIZES, STAGES),
        columns=["county_code", "product_class", "enterprise_size", "stage"],
    )
    level = BASE_LOGIT + sum(
        strata[column].map(effects).to_numpy()
        for column, effects in zip(
            strata.columns, (COUNTY_EFFECTS, CLASS_EFFECTS, SIZE_EFFECTS, STAGE_EFFECTS), strict=True
        )
    )
    changed = change_effect(strata["county_code"].to_numpy(str)[None, :], np.array(months)[:, None], changes)
    fail = marginal_failure(level[None, :] + time_effect(months)[:, None] + changed)
    weight = _weights(months)
    table = pd.concat([strata] * len(months), ignore_index=True)
    return table.assign(
        month=np.repeat(months, len(strata)),
        first_pass=(1 - fail).ravel(),
        final_pass=(1 - fail * (1 - OVERTURNED_SHARE)).ravel(),
        weight=weight.ravel(),
        standard_weight=np.tile(weight.mean(axis=0), len(months)),
    )


def _weights(months: list[str]) -> np.ndarray:
    sizes, stages = mix_of_months(months)
    place = np.fromiter(COUNTY_SHARES.values(), float)
    kind = np.array(CLASS_SHARES)
    shares = np.einsum("c,k,ms,mt->mckst", place / place.sum(), kind / kind.sum(), sizes, stages)
    return shares.reshape(len(months), -1)


def standardise_truth(true_rates: pd.DataFrame) -> pd.DataFrame:
    """Crude and mix-standardised true final pass rates of the city by month."""
    crude = true_rates["final_pass"] * true_rates["weight"]
    standard = true_rates["final_pass"] * true_rates["standard_weight"]
    return (
        pd.DataFrame({"crude": crude, "standardised": standard})
        .groupby(true_rates["month"])
        .sum()
        .reset_index()
    )


def tabulate_true_series(months: list[str]) -> pd.DataFrame:
    """Crude and standardised truth by month, and both had there been no policy: they differ by its effect."""
    rest = tuple(change for change in KNOWN_CHANGES if change is not POLICY)
    without = standardise_truth(tabulate_true_rates(months, rest)).set_index("month")
    series = standardise_truth(tabulate_true_rates(months)).set_index("month")
    return series.join(without.add_suffix("_without_policy")).reset_index()
