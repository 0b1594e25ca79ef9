"""Which choice moves the ranks most, alone and together with the others? Sobol indices over choices.

The first-order index is the share of variance that a choice explains alone, the total index the share that
would be left if all other choices were fixed: what is between them is interaction.

References
----------
Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018 (first order, sampling); Jansen (1999),
doi:10.1016/S0010-4655(98)00154-4 (total).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats.qmc import Sobol

from qstats.methods.composite_index.choices import ChoiceModel, Choices
from qstats.methods.composite_index.composition import Composite

Array = NDArray[np.float64]
_RESAMPLES = 199


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Sobol indices of the mean absolute shift of ranks, and of the rank of each unit.

    Attributes
    ----------
    names : tuple of str
        Choices.
    first, total : array of float, shape (choices,)
        Of the mean absolute distance to the chosen ranks; 0–1 up to the error of the draws.
    unit_first, unit_total : array of float, shape (units, choices)
        Of the rank of each unit; 0 for a unit whose rank never moves.
    first_error, total_error : array of float, shape (choices,)
        Standard error over the draws, by bootstrap.
    evaluations : int
        Number of indices that were made.
    """

    names: tuple[str, ...]
    first: Array
    total: Array
    unit_first: Array
    unit_total: Array
    first_error: Array
    total_error: Array
    evaluations: int


def decompose_shifts(
    composite: Composite, choices: Choices, *, base: int = 1_024, seed: int = 0
) -> Sensitivity:
    """Sobol indices of an index over its choices.

    Parameters
    ----------
    composite : Composite
    choices : Choices
    base : int
        Size of each of the two base samples, a power of 2; ``base × (choices + 2)`` indices are made.
    seed : int

    Raises
    ------
    ValueError
        A base that is no power of 2, or no open choice.
    """
    if base < 2 or base & (base - 1):
        raise ValueError(f"the base sample is a power of 2, such as 1024; here {base}")
    model = ChoiceModel(composite, choices, seed)
    a, b, mixed = (_outputs(model, points) for points in _base_samples(len(model.names), base, seed))
    mixed = mixed.reshape(len(mixed), len(model.names), base)
    first, total = sobol_estimates(a, b, mixed)
    picks = np.random.default_rng([seed, 3]).integers(0, base, (_RESAMPLES, base))
    resampled = [sobol_estimates(a[:1, pick], b[:1, pick], mixed[:1][..., pick]) for pick in picks]
    first_error, total_error = (np.std([one[k][0] for one in resampled], axis=0, ddof=1) for k in (0, 1))
    return Sensitivity(
        model.names, first[0], total[0], first[1:], total[1:], first_error, total_error,
        base * (len(model.names) + 2),
    )  # fmt: skip


def sobol_estimates(a: Array, b: Array, mixed: Array) -> tuple[Array, Array]:
    """First-order and total indices (outputs, factors) from model runs.

    Parameters
    ----------
    a, b : array of float, shape (outputs, n)
        Runs at two independent samples.
    mixed : array of float, shape (outputs, factors, n)
        Runs at the first sample with one factor taken from the second.
    """
    both = np.concatenate([a, b], axis=1)
    variance, mean = both.var(axis=1)[:, None], both.mean(axis=1, keepdims=True)
    moving = np.where(variance > 0, variance, np.inf)
    first = ((b - mean)[:, None] * (mixed - a[:, None])).mean(axis=-1) / moving
    total = 0.5 * ((a[:, None] - mixed) ** 2).mean(axis=-1) / moving
    return np.asarray(first), np.asarray(total)


def _base_samples(factors: int, base: int, seed: int) -> tuple[Array, Array, Array]:
    """Two samples of uniform numbers (n, factors), and the first with each factor in turn from the second."""
    points = Sobol(2 * factors, rng=np.random.default_rng([seed, 2])).random(base)
    a, b = points[:, :factors], points[:, factors:]
    mixed = np.repeat(a[None], factors, axis=0)
    for factor in range(factors):
        mixed[factor, :, factor] = b[:, factor]
    return a, b, mixed.reshape(-1, factors)


def _outputs(model: ChoiceModel, points: Array) -> Array:
    """Mean absolute shift of ranks, then the rank of each unit; shape (1 + units, points)."""
    ranks = model.ranks(model.pick(points))
    shift = np.abs(ranks - model.chosen)[:, model.chosen > 0].mean(axis=1)
    return np.vstack([shift, ranks.T.astype(float)])
