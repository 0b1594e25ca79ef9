"""How was the sample drawn?

A design says, for each unit, its weight, its stratum and the cluster that was drawn at the first stage, and
how many clusters each stratum holds in the population. Further stages count only where the first is corrected
for a finite population: without that correction the ultimate clusters carry all of the variance.

Source: Särndal, Swensson & Wretman (1992), *Model Assisted Survey Sampling*, chapters 2–4,
doi:10.1007/978-1-4612-4378-6; ultimate clusters: Hansen, Hurwitz & Madow (1953), vol. I, chapter 6.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.survey.occurrence import Codes as Codes
from qstats.methods.survey.occurrence import codes_of

Floats = NDArray[np.float64]

LONELY_RULES = ("adjust", "certainty", "fail")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of sampling, in codes 0…k−1 for each of n units.

    Attributes
    ----------
    stratum : array of int, shape (n,)
        At a later stage: nested in the clusters of the stage before (usually their codes).
    cluster : array of int, shape (n,)
        What was drawn at this stage; no code stands in two strata.
    population : array of float, shape (strata,), optional
        Clusters in the population of each stratum; ``inf`` is unknown or without end. None: all unknown.
    """

    stratum: Codes
    cluster: Codes
    population: Floats | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """A sampling design of n units.

    Attributes
    ----------
    weight : array of float, shape (n,)
        Units of the population that each unit stands for, at least 0; ones where there are no weights.
    stratum, cluster, population
        First stage, as in `Stage`. Zeros for one stratum; 0…n−1 for units drawn one by one.
    later : tuple of Stage
        Further stages, in order.

    Raises
    ------
    ValueError
        Shapes that differ, weights below 0 or not finite, negative codes, clusters in two strata, a later
        stratum in two earlier clusters, a population smaller than its sample.
    """

    weight: Floats
    stratum: Codes
    cluster: Codes
    population: Floats | None = None
    later: tuple[Stage, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be a design."""
        if not (np.all(np.isfinite(self.weight)) and np.all(self.weight >= 0)):
            raise ValueError("weights must be finite and not negative")
        above: Codes | None = None
        for stage in self.stages:
            _check_stage(stage, len(self.weight), above)
            above = stage.cluster

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, the first one included."""
        return Stage(self.stratum, self.cluster, self.population), *self.later

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata of the first stage, over the whole sample."""
        sampled = clusters_sampled(Stage(self.stratum, self.cluster))
        return int(sampled.sum() - np.count_nonzero(sampled))


@dataclass(frozen=True, slots=True)
class StageVariance:
    """What the variance of one stage needs to know.

    Attributes
    ----------
    cluster : array of int, shape (n,)
    stratum : array of int, shape (clusters,)
        Of each cluster; 0 for codes that no unit has.
    sampled : array of int, shape (strata,)
        Clusters in the sample.
    scale : array of float, shape (strata,)
        Factor of the sum of squares about the mean of the stratum: finite-population correction, n/(n − 1),
        and the sampling fractions of the stages before.
    """

    cluster: Codes
    stratum: Codes
    sampled: Codes
    scale: Floats


def make_design(
    n: int,
    *,
    weight: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    population: ArrayLike | None = None,
) -> Design:
    """A one-stage design of n units from labels of any kind.

    Parameters
    ----------
    n : int
        Units in the sample.
    weight : array_like of float, shape (n,), optional
        Ones if left out.
    stratum : array_like, shape (n,), optional
        Labels; one stratum if left out.
    cluster : array_like, shape (n,), optional
        Labels, the same one may stand for different clusters in different strata. Left out: each unit is one.
    population : array_like of float, shape (n,), optional
        Clusters in the population of each unit's stratum; ``inf`` where unknown.

    Returns
    -------
    Design
    """
    strata = np.zeros(n, np.int64) if stratum is None else codes_of(stratum)
    clusters = np.arange(n) if cluster is None else codes_of(cluster)
    if not _is_nested(clusters, strata):
        clusters = codes_of(strata * (clusters.max(initial=0) + 1) + clusters)
    return Design(
        np.ones(n) if weight is None else np.asarray(weight, dtype=float),
        strata,
        clusters,
        None if population is None else _of_stratum(strata, np.asarray(population, dtype=float)),
    )


def stage_variances(design: Design, *, lonely: str = "adjust") -> Iterator[StageVariance]:
    """Each stage that adds to the variance, the first one first.

    Parameters
    ----------
    design : Design
    lonely : {"adjust", "certainty", "fail"}
        What a stratum with a single cluster in the sample adds: its squared distance from the grand mean;
        nothing; or an error. A stratum that was taken as a whole adds nothing under any rule.

    Raises
    ------
    ValueError
        An unknown rule, or a stratum with a single cluster under ``fail``.
    """
    if lonely not in LONELY_RULES:
        raise ValueError(
            f"no rule {lonely!r} for strata with a single cluster; known: {', '.join(LONELY_RULES)}"
        )
    share = np.ones(len(design.weight))
    for stage in design.stages:
        sampled = clusters_sampled(stage)
        fraction = _sampling_fraction(stage, sampled)
        alone = (sampled == 1) & (fraction < 1)
        if lonely == "fail" and alone.any():
            raise ValueError(
                f"strata with a single cluster in the sample: {np.flatnonzero(alone)[:5].tolist()}"
            )
        spread = np.where(sampled > 1, sampled / np.maximum(sampled - 1, 1), float(lonely == "adjust"))
        scale = np.zeros(len(sampled))
        scale[stage.stratum] = share
        yield StageVariance(
            stage.cluster, stratum_of_clusters(stage), sampled, scale * (1 - fraction) * spread
        )
        share = share * fraction[stage.stratum]
        if not share.any():
            return


def stratum_of_clusters(stage: Stage) -> Codes:
    """Stratum of each cluster code, shape (clusters,); 0 for codes that no unit has."""
    strata = np.zeros(int(stage.cluster.max(initial=-1)) + 1, np.int64)
    strata[stage.cluster] = stage.stratum
    return strata


def clusters_sampled(stage: Stage) -> Codes:
    """Number of clusters in the sample of each stratum, shape (strata,)."""
    present = np.zeros(int(stage.cluster.max(initial=-1)) + 1, bool)
    present[stage.cluster] = True
    strata = stratum_of_clusters(stage)[present]
    return np.bincount(strata, minlength=int(stage.stratum.max(initial=-1)) + 1)


def _is_nested(inner: Codes, outer: Codes) -> bool:
    """Whether no inner code stands in two outer ones."""
    return bool(np.all(stratum_of_clusters(Stage(outer, inner))[inner] == outer))


def _sampling_fraction(stage: Stage, sampled: Codes) -> Floats:
    return np.zeros(len(sampled)) if stage.population is None else sampled / stage.population[: len(sampled)]


def _check_stage(stage: Stage, n: int, above: Codes | None) -> None:
    if stage.stratum.shape != (n,) or stage.cluster.shape != (n,):
        raise ValueError(f"strata and clusters must be given for each of {n} units")
    if n and min(stage.stratum.min(), stage.cluster.min()) < 0:
        raise ValueError("codes of strata and clusters start at 0")
    if not _is_nested(stage.cluster, stage.stratum):
        raise ValueError("a cluster stands in more than one stratum")
    if above is not None and not _is_nested(stage.stratum, above):
        raise ValueError("a stratum of a later stage stands in more than one cluster of the stage before")
    if stage.population is not None:
        _check_population(stage, clusters_sampled(stage))


def _check_population(stage: Stage, sampled: Codes) -> None:
    population = np.asarray(stage.population)
    if population.ndim != 1 or len(population) < len(sampled):
        raise ValueError("the population must be given for each stratum")
    if not np.all(population[: len(sampled)] >= sampled):
        raise ValueError("a stratum has more clusters in the sample than in its population")


def _of_stratum(strata: Codes, values: Floats) -> Floats:
    """Value of each stratum, which must be the same for all of its units."""
    found = np.full(int(strata.max(initial=-1)) + 1, np.inf)
    found[strata] = values
    if np.any(found[strata] != values):
        raise ValueError("the population of a stratum differs between its units")
    return found
