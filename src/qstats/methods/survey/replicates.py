"""How much does an estimate change when one cluster is left out?

The jackknife: each cluster is left out once and the others of its stratum take its weight (JK1 with one
stratum, JKn with several). It asks nothing of the estimate but that it can be computed from weights.

Source: Wolter (2007), *Introduction to Variance Estimation*, chapter 4, doi:10.1007/978-0-387-35099-8.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from qstats.methods.survey.design import Codes, Design, Floats, stage_variances


@dataclass(frozen=True, slots=True)
class JackknifeEstimate:
    """An estimate with its jackknife variance.

    Attributes
    ----------
    estimate, variance : float
    replicates : array of float, shape (clusters,)
        Estimate with each cluster left out.
    """

    estimate: float
    variance: float
    replicates: Floats


def jackknife(design: Design, statistic: Callable[[Floats], float]) -> JackknifeEstimate:
    """Estimate and its jackknife variance about the mean of the replicates; first stage of the design only.

    Parameters
    ----------
    design : Design
        Strata with two clusters at least; the finite-population correction is that of the first stage.
    statistic : callable
        Estimate from weights of shape (n,).

    Raises
    ------
    ValueError
        A stratum with a single cluster that was not taken as a whole.
    """
    first = next(stage_variances(design, lonely="fail"))
    replicates = np.array(
        [statistic(weight) for weight in _weights_without_each_cluster(design, first.sampled)]
    )
    stratum = first.stratum[np.unique(design.cluster)]
    sampled = first.sampled[stratum]
    # The scale of the stage holds (1 − f) n / (n − 1); the jackknife needs (1 − f) (n − 1) / n.
    scale = first.scale[stratum] * ((sampled - 1) / sampled) ** 2
    centre = replicates[scale > 0].mean() if np.any(scale > 0) else 0.0
    variance = float(scale @ (replicates - centre) ** 2)
    return JackknifeEstimate(statistic(design.weight), variance, replicates)


def _weights_without_each_cluster(design: Design, sampled: Codes) -> Iterator[Floats]:
    for code in np.unique(design.cluster):
        left_out = design.cluster == code
        stratum = design.stratum[left_out][0]
        share = sampled[stratum] / max(sampled[stratum] - 1, 1)
        weight = np.where(design.stratum == stratum, design.weight * share, design.weight)
        yield np.where(left_out, 0.0, weight)
