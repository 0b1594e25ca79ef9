"""Within which ranks does a unit move if the index were made in other, equally defensible ways?

Draws pick one alternative of each choice and shift all weights. What comes out is a *range over choices*:
it covers nothing with a stated probability, says nothing of sampling errors, and is no wider or narrower than
the alternatives that were listed. Ranks are compared, as scales of different normalisations are not.

References
----------
Saisana, Saltelli & Tarantola (2005), doi:10.1111/j.1467-985X.2005.00350.x; rank acceptability after Lahdelma
& Salminen (2001), doi:10.1287/opre.49.3.444.11220.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from qstats.methods.composite_index.composition import Composite, Settings, aggregate_tree

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Change = Mapping[str, Any]
WEIGHTS = "weights"
_AT_ONCE = 256


@dataclass(frozen=True)
class Choices:
    """Alternatives of each choice.

    Attributes
    ----------
    alternatives : dict
        Name of a choice → alternatives, each a dict of changes to the :class:`Settings` of the index.
    weight_noise : float
        Each weight is multiplied by a uniform number from 1 − noise to 1 + noise, 0–1; 0: weights stand.
    weight_sets : int
        Number of sets of weights that draws pick from.
    """

    alternatives: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    weight_noise: float = 0.0
    weight_sets: int = 1_024

    @property
    def names(self) -> tuple[str, ...]:
        """Choices with more than one alternative, weights last."""
        open_ones = [name for name, options in self.alternatives.items() if len(options) > 1]
        return (*open_ones, WEIGHTS) if self.weight_noise > 0 else tuple(open_ones)


@dataclass(frozen=True, eq=False)
class ChoiceRange:
    """Ranks over draws of choices: a range, not a confidence set.

    Attributes
    ----------
    chosen : array of int, shape (units,)
        Rank under the settings and weights of the index itself; 1 is best. 0: unit without a score.
    ranks : array of int, shape (draws, units)
    picks : array of int, shape (draws, choices)
        Number of the alternative that a draw took of each choice.
    names : tuple of str
        Of the choices.
    """

    chosen: Whole
    ranks: Whole
    picks: Whole
    names: tuple[str, ...]

    def share_range(self, share: float = 0.9) -> tuple[Whole, Whole]:
        """Ranks between which the middle share of draws lies, best and worst."""
        tail = (1 - share) / 2
        low = np.quantile(self.ranks, tail, axis=0, method="inverted_cdf")
        high = np.quantile(self.ranks, 1 - tail, axis=0, method="inverted_cdf")
        return low.astype(np.int64), high.astype(np.int64)

    def acceptability(self) -> Array:
        """Share of draws in which each unit has each rank, shape (units, units); rows are units."""
        places = np.arange(1, self.ranks.shape[1] + 1)
        return np.asarray((self.ranks[:, :, None] == places).mean(axis=0))

    def beats(self) -> Array:
        """Share of draws in which the unit of a row stands before that of a column; ties count half."""
        one, other = self.ranks[:, :, None], self.ranks[:, None, :]
        return np.asarray((one < other).mean(axis=0) + 0.5 * (one == other).mean(axis=0))

    def mean_shift(self) -> Array:
        """Mean absolute distance to the chosen ranks, draw by draw."""
        return np.asarray(np.abs(self.ranks - self.chosen).mean(axis=1))


class ChoiceModel:
    """Ranks of units as a function of choices, many draws at once.

    Parameters
    ----------
    composite : Composite
        The index as it was made.
    choices : Choices
    seed : int
        Of the sets of weights.

    Raises
    ------
    ValueError
        Nothing is left open, or an alternative changes what is no setting.
    """

    def __init__(self, composite: Composite, choices: Choices, seed: int = 0) -> None:
        if not choices.names:
            raise ValueError("no choice is open: list at least two alternatives of one, or let weights vary")
        known = set(Settings.__dataclass_fields__)
        for name, options in choices.alternatives.items():
            if strange := sorted(set().union(*options) - known):
                raise ValueError(f"choice {name!r} changes {strange[0]!r}, which is no setting of an index")
        if not 0 <= choices.weight_noise <= 1:
            raise ValueError("the noise of weights lies between 0 and 1")
        self.composite, self.choices, self.names = composite, choices, choices.names
        self.settled = [name for name in self.names if name != WEIGHTS]
        self.sizes = [len(choices.alternatives[name]) for name in self.settled]
        self.weights = self._draw_weights(np.random.default_rng(seed))
        self.chosen = ranks_of(composite.index)
        self._made: dict[tuple[int, ...], Composite] = {}

    def _draw_weights(self, generator: np.random.Generator) -> Array:
        noise, own = self.choices.weight_noise, self.composite.tree.weights
        if noise == 0:
            return own[None, :]
        return np.asarray(own * generator.uniform(1 - noise, 1 + noise, (self.choices.weight_sets, len(own))))

    def pick(self, uniform: ArrayLike) -> Whole:
        """Alternatives that uniform numbers (draws, choices) stand for."""
        u = np.asarray(uniform, dtype=float)
        counts = [*self.sizes, *([len(self.weights)] if WEIGHTS in self.names else [])]
        return np.minimum((u * counts).astype(np.int64), np.array(counts) - 1)

    def ranks(self, picks: Whole) -> Whole:
        """Ranks (draws, units) under picked alternatives (draws, choices)."""
        found = np.zeros((len(picks), len(self.chosen)), dtype=np.int64)
        settled = picks[:, : len(self.settled)]
        sets = picks[:, -1] if WEIGHTS in self.names else np.zeros(len(picks), dtype=np.int64)
        for combination in product(*(range(size) for size in self.sizes)):
            draws = np.flatnonzero((settled == combination).all(axis=1))
            if len(draws):
                found[draws] = self._ranks_under(combination, sets[draws])
        return found

    def _ranks_under(self, combination: tuple[int, ...], sets: Whole) -> Whole:
        """Everything but the weights is the same for all these draws, and is made once; so is each set."""
        if combination not in self._made:
            changes: dict[str, Any] = {}
            for name, number in zip(self.settled, combination, strict=True):
                changes |= self.choices.alternatives[name][number]
            self._made[combination] = self.composite.with_settings(**changes)
        made = self._made[combination]
        used, where = np.unique(sets, return_inverse=True)
        index = np.concatenate(
            [
                aggregate_tree(made.normalised, made.tree, made.settings, self.weights[some])[..., -1]
                for some in np.array_split(used, max(1, -(-len(used) // _AT_ONCE)))
            ]
        )
        return ranks_of(index)[where]


def draw_choices(composite: Composite, choices: Choices, *, draws: int = 2_000, seed: int = 0) -> ChoiceRange:
    """Ranks over random draws of choices, each alternative as likely as the others.

    Parameters
    ----------
    composite : Composite
    choices : Choices
    draws, seed : int

    Raises
    ------
    ValueError
        As :class:`ChoiceModel`.
    """
    model = ChoiceModel(composite, choices, seed)
    uniform = np.random.default_rng([seed, 1]).random((draws, len(model.names)))
    picks = model.pick(uniform)
    return ChoiceRange(model.chosen, model.ranks(picks), picks, model.names)


def shifts_without_each(composite: Composite) -> dict[str, Whole]:
    """Ranks without each indicator and node below the index; code → ranks (units,).

    Levels at which a node has a single part are passed over: without it the part above is gone too.
    """
    tree = composite.tree
    parts = [place for place in range(len(tree.codes) - 1) if len(tree.children(tree.parents[place])) > 1]
    return {
        tree.codes[place]: ranks_of(composite.with_tree(tree.without(tree.codes[place])).index)
        for place in parts
    }


def ranks_of(index: ArrayLike) -> Whole:
    """Rank of each unit along the last axis: 1 is best, ties share the better one, 0 is without a score."""
    x = np.asarray(index, dtype=float)
    found = rankdata(-np.where(np.isnan(x), -np.inf, x), method="min", axis=-1)
    return np.where(np.isnan(x), 0, found).astype(np.int64)
