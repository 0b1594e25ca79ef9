"""How sure is a pass rate when batches of one enterprise are alike, also where nothing failed?

Korn-Graubard limits on a cautious effective n: the smallest of the number of batches, the size that the
cell's own Taylor variance implies (less its few degrees of freedom), and the size that the pooled
intra-cluster correlation implies. The first alone is blind to clusters, the second says nothing where nothing
failed, the third does not see a cell whose enterprises are more alike than others. The coverage is shown by
``benchmarks/coverage.py``.

Source: Korn & Graubard (1998), Survey Methodology 24, 193–201; Dean & Pagano (2015),
doi:10.1093/jssam/smv024.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference
from qstats.methods.effective_size import (
    degrees_of_freedom_factor,
    effective_sizes,
    model_correlation,
    own_effective_sizes,
)
from qstats.methods.survey.design import Codes, Design, Floats, clusters_sampled
from qstats.methods.survey.domains import covariance, domain_means


@dataclass(frozen=True, slots=True)
class ClusteredRates:
    """Rates of cells, arrays of shape (n_cells,); NaN and sizes of 0 for a cell without batches.

    Attributes
    ----------
    estimate, lower, upper, std_error : array of float
        Proportions 0–1; the standard error is that of a binomial rate on the effective n.
    n, clusters : array of int
        Batches and enterprises.
    effective_n, deff : array of float
        Batches that carry as much information if they were independent; n over that.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    std_error: Floats
    n: Codes
    clusters: Codes
    effective_n: Floats
    deff: Floats


def clustered_rates(
    design: Design, passed: ArrayLike, cell: ArrayLike, n_cells: int, *, icc: ArrayLike,
    confidence: float = 0.95, fitted: float | Floats = 0.0,
) -> ClusteredRates:  # fmt: skip
    """Rate of each cell with cautious limits.

    Parameters
    ----------
    design : Design
        Weights, strata, enterprises; ``population`` corrects for a finite population of enterprises.
    passed : array_like, shape (n,)
        1 for a batch that passed, 0 for one that failed.
    cell : array_like of int, shape (n,)
        0…n_cells − 1; −1 for batches in no cell.
    icc : float or array_like, shape (n_cells,)
        Intra-cluster correlation, 0–1, pooled over many cells.
    confidence : float
        Two-sided level, 0–1.
    fitted : float or array_like, shape (n,)
        What the weights hold fixed of each batch's result, such as the rate of its stratum in a standardised
        rate: only the rest varies from sample to sample.
    """
    own = domain_means(design, passed, cell, n_cells)
    implied = effective_sizes(
        design.weight, design.cluster, cell, n_cells, icc=icc, sampled_share=_sampled_share(design)
    )
    factor = degrees_of_freedom_factor(own.n, own.df, confidence=confidence)
    varying = own if np.all(fitted == 0) else domain_means(design, np.asarray(passed) - fitted, cell, n_cells)
    shown = own_effective_sizes(np.nan_to_num(own.estimate), np.nan_to_num(varying.variance)) * factor
    effective = np.minimum(np.minimum(shown, implied), own.n)
    estimate = np.clip(own.estimate, 0.0, 1.0)  # weights of many digits may add up to a hair more than 1
    lower, upper = korn_graubard_interval(np.nan_to_num(estimate), effective, confidence=confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        std_error = np.sqrt(estimate * (1 - estimate) / effective)
        deff = own.n / effective
    return ClusteredRates(estimate, lower, upper, std_error, own.n, own.clusters, effective, deff)


def correlate_cells(
    design: Design, passed: ArrayLike, cell: ArrayLike, n_cells: int,
    pairs: tuple[ArrayLike, ArrayLike], *, icc: ArrayLike,
) -> Floats:  # fmt: skip
    """Correlation of the rates of two cells through the enterprises sampled in both, one for each pair.

    The smaller of what these enterprises show and what the pooled correlation implies, never below 0: it
    narrows the interval of a difference, so that it is taken only as far as both bear it out.

    Parameters
    ----------
    design : Design
        One stratum for all occasions; an enterprise has the same code on each.
    pairs : pair of array_like of int, shape (m,)
        Cells of each pair.
    """
    first, second = (np.asarray(part, dtype=np.int64) for part in pairs)
    implied = model_correlation(design.weight, design.cluster, cell, n_cells, (first, second), icc=icc)
    own = domain_means(design, passed, cell, n_cells)
    shared = covariance(design, passed, cell, np.column_stack([first, second]))
    scale = np.sqrt(own.variance[first] * own.variance[second])
    shown = np.divide(shared, scale, out=np.zeros(len(first)), where=scale > 0)
    return np.clip(np.minimum(implied, shown), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """Results of rates, those still unknown counted apart; arrays of one shape.

    Attributes
    ----------
    n, passes, unknown : array of float
        Batches with a result, those that passed, those whose result is to come or in no list.
    deff : array of float
        Design effect of each rate; NaN counts as 1.
    """

    n: Floats
    passes: Floats
    unknown: Floats
    deff: Floats

    def settled(self, *, passing: bool, confidence: float) -> tuple[Floats, Floats, Floats]:
        """Rates with their limits if all unknown results are passes, or none is."""
        total = self.n + self.unknown
        passes = self.passes + self.unknown * passing
        estimate = np.divide(passes, total, out=np.zeros_like(total), where=total > 0)
        effective = total / np.where(np.isnan(self.deff), 1.0, self.deff)
        return estimate, *korn_graubard_interval(estimate, effective, confidence=confidence)


def direction_holds(
    first: Tally, second: Tally, lower: ArrayLike, upper: ArrayLike, *, confidence: float
) -> NDArray[np.bool_]:
    """Whether the direction of first minus second stays when all unknown results go against it.

    Failures wait for re-inspection and passes do not: what is still to come is not like what is in.

    Parameters
    ----------
    first, second : Tally
    lower, upper : array_like
        Limits of the difference; an interval that covers 0 has no direction to lose.
    confidence : float
        Two-sided level at which the settled difference has to exclude 0.
    """
    worst, best = (
        mover_difference(
            *zip(
                first.settled(passing=passing, confidence=confidence),
                second.settled(passing=not passing, confidence=confidence),
                strict=True,
            )
        )
        for passing in (False, True)
    )
    rises, falls = np.asarray(lower) > 0, np.asarray(upper) < 0
    return np.where(rises, worst[1] > 0, np.where(falls, best[2] < 0, True))


def _sampled_share(design: Design) -> NDArray[np.float64] | float:
    """Share of its stratum's enterprises that was sampled, for each batch."""
    if design.population is None:
        return 0.0
    sampled = clusters_sampled(design.stages[0])
    return (sampled / design.population[: len(sampled)])[design.stratum]
