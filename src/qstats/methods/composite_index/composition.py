"""How does an index come about, step by step, and what would it be with other settings?

Availability → imputation → directions → outliers → one scale → means up the tree. Each step is a function of
its own; what it was told and what it made is kept, so that any alternative can be computed from the result.

References
----------
OECD/JRC (2008), doi:10.1787/9789264043466-en.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.composite_index.aggregation import aggregate
from qstats.methods.composite_index.availability import screen_units
from qstats.methods.composite_index.imputation import impute
from qstats.methods.composite_index.normalisation import normalise
from qstats.methods.composite_index.treatment import Outliers, Treated, treat_outliers
from qstats.methods.composite_index.tree import IndexTree

Array = NDArray[np.float64]
ROUNDING = 1e-12
"""Shares of weight are compared with what is needed up to rounding."""


@dataclass(frozen=True)
class Settings:
    """All choices that an index rests on.

    Attributes
    ----------
    available : float
        Share of the indicators (0–1) that a unit needs to be scored at all.
    node_available : float
        Share of the weight below a node (0–1) that must be there for the node to be scored.
    top_available : float
        The same directly below the index: 1 asks for every part.
    imputation : str
        See :func:`~qstats.methods.composite_index.imputation.impute`.
    groups : tuple, optional
        Group of each unit, for imputations by group.
    outliers : Outliers or None
        None: no treatment.
    normalisation, normalisation_options
        Name and options of a normalisation.
    aggregation, aggregation_options
        Name and options of an aggregation, for all nodes.
    """

    available: float = 0.0
    node_available: float = 0.0
    top_available: float = 0.0
    imputation: str = "none"
    groups: tuple[object, ...] | None = None
    outliers: Outliers | None = None
    normalisation: str = "minmax"
    normalisation_options: Mapping[str, Any] = field(default_factory=dict)
    aggregation: str = "arithmetic"
    aggregation_options: Mapping[str, Any] = field(default_factory=dict)

    def needed(self, is_top: bool) -> float:
        """Share of the weight that must be there below the index, or below another node."""
        return max(self.node_available, self.top_available) if is_top else self.node_available


@dataclass(frozen=True, eq=False)
class Composite:
    """An index with every step that led to it.

    Attributes
    ----------
    tree : IndexTree
    settings : Settings
    raw, imputed, treated, normalised : array of float, shape (units, indicators)
        ``raw`` as given; ``treated`` and ``normalised`` with directions turned. Units without enough
        indicators are missing from ``imputed`` on.
    treatment : Treated or None
    scores : array of float, shape (units, codes)
        Of indicators and nodes in the order of the tree; the last column is the index.
    """

    tree: IndexTree
    settings: Settings
    raw: Array
    imputed: Array
    treated: Array
    normalised: Array
    treatment: Treated | None
    scores: Array

    @property
    def index(self) -> Array:
        """Score of each unit."""
        return self.scores[:, -1]

    def score(self, code: str) -> Array:
        """Score of each unit in an indicator or node."""
        return self.scores[:, self.tree.place(code)]

    def with_settings(self, **changes: Any) -> "Composite":
        """The same values under other settings."""
        return compose(self.raw, self.tree, replace(self.settings, **changes))

    def with_tree(self, tree: IndexTree) -> "Composite":
        """The same values under other weights, or with indicators left out."""
        kept = [self.tree.indicators.index(code) for code in tree.indicators]
        options = {
            name: value if np.ndim(value) == 0 or name == "scale" else np.asarray(value)[kept]
            for name, value in self.settings.normalisation_options.items()
        }
        return compose(self.raw[:, kept], tree, replace(self.settings, normalisation_options=options))


def compose(values: ArrayLike, tree: IndexTree, settings: Settings = Settings()) -> Composite:
    """An index from raw values.

    Parameters
    ----------
    values : array_like of float, shape (units, indicators)
        In the order of the tree's indicators; NaN: missing. Bounds and targets among the options of the
        normalisation are those of turned values (negative for what should be small).
    tree : IndexTree
    settings : Settings

    Raises
    ------
    ValueError
        Values that do not fit the tree or are infinite; a step that cannot be taken.
    """
    raw = np.array(values, dtype=float)
    if raw.ndim != 2 or raw.shape[1] != tree.size:
        raise ValueError(f"the index has {tree.size} indicators, one column each; here {raw.shape}")
    if np.isinf(raw).any():
        raise ValueError("values of indicators are finite, or missing")
    screened = np.where(screen_units(raw, settings.available)[:, None], raw, np.nan)
    imputed = _impute(screened, settings)
    directed = imputed * tree.directions
    treatment = treat_outliers(directed, settings.outliers) if settings.outliers else None
    treated = directed if treatment is None else treatment.values
    normalised = normalise(treated, settings.normalisation, **settings.normalisation_options)
    scores = aggregate_tree(normalised, tree, settings)
    return Composite(tree, settings, raw, imputed, treated, normalised, treatment, scores)


def _impute(screened: Array, settings: Settings) -> Array:
    """Filled where a unit has values at all: a unit screened out stays out."""
    filled = impute(screened, settings.imputation, groups=settings.groups)
    return np.where(np.isnan(screened).all(axis=1, keepdims=True), np.nan, filled)


def aggregate_tree(
    normalised: ArrayLike,
    tree: IndexTree,
    settings: Settings = Settings(),
    weights: ArrayLike | None = None,
) -> Array:
    """Scores of all indicators and nodes from normalised indicators.

    Parameters
    ----------
    normalised : array_like of float, shape (..., units, indicators)
    tree : IndexTree
    settings : Settings
        Its aggregation, `node_available` and `top_available`.
    weights : array_like of float, shape (..., codes), optional
        In place of those of the tree, draw by draw.

    Returns
    -------
    array of float, shape (..., units, codes)
    """
    x = np.asarray(normalised, dtype=float)
    given = np.asarray(tree.weights if weights is None else weights, dtype=float)
    lead = np.broadcast_shapes(x.shape[:-2], given.shape[:-1])
    scores = np.full((*lead, x.shape[-2], len(tree.codes)), np.nan)
    scores[..., : tree.size] = x
    for node in tree.nodes:
        below = tree.children(node)
        parts, shares = scores[..., below], given[..., below]
        found = aggregate(parts, shares, settings.aggregation, **settings.aggregation_options)
        if (needed := settings.needed(node == len(tree.codes) - 1)) > 0:
            there = (~np.isnan(parts) * shares[..., None, :]).sum(axis=-1) / shares.sum(axis=-1)[..., None]
            found = np.where(there < needed - ROUNDING, np.nan, found)
        scores[..., node] = found
    return scores
