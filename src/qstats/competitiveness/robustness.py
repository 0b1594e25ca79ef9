"""How far do the ranks rest on choices of method, and do the parts of the index speak of one thing?

Neither says anything of sampling errors. The choices that are drawn are listed in :func:`declare_choices`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from qstats.competitiveness.measured import Inputs
from qstats.competitiveness.structure import IndexRules, settings_of, tree_of
from qstats.index_registry import IndexDefinition
from qstats.methods.composite_index import (
    ChoiceRange,
    Choices,
    Composite,
    Consistency,
    Sensitivity,
    check_consistency,
    compensation,
    compose,
    decompose_shifts,
    draw_choices,
    ranks_of,
    shifts_without_each,
)

LEAST_UNITS = 5
"""With fewer units ranks over choices and correlations say nothing."""


@dataclass(frozen=True, eq=False)
class Robustness:
    """Ranks of units over choices of method.

    Attributes
    ----------
    units : tuple of str
        Those with an index, best first.
    ranges : ChoiceRange
    sensitivity : Sensitivity
    without : DataFrame
        ``code, mean_shift`` (ranks), ``largest_shift``, ``unit`` (that it moves most), largest first.
    compensated : array of float, shape (units,)
        Points that the weighted mean of the pillars grants above their geometric mean.
    """

    units: tuple[str, ...]
    ranges: ChoiceRange
    sensitivity: Sensitivity
    without: pd.DataFrame
    compensated: np.ndarray


def declare_choices(definition: IndexDefinition, rules: IndexRules, weight_noise: float) -> Choices:
    """The alternatives that are drawn: scale, mean, missing values and weights.

    Where all units are alike in an indicator, min–max and z-scores have no score for it: its weight then goes
    to its siblings, and no unit loses its index.
    """
    open_ended = {"available": 0.0, "node_available": 0.0, "top_available": 0.0}
    bottom, top = definition.scale
    fixed = settings_of(definition, rules)
    minmax = {"normalisation": "minmax", "normalisation_options": {"lower": bottom, "upper": top}}
    z_scores = {"normalisation": "z_scores", "normalisation_options": {"mean": 100.0, "deviation": 10.0}}
    return Choices(
        {
            "normalisation": (
                {"normalisation": "goalposts", "normalisation_options": fixed.normalisation_options},
                minmax | open_ended,
                z_scores | open_ended,
                {"normalisation": "ranks", "normalisation_options": {}},
            ),
            "aggregation": (
                {"aggregation": "arithmetic"}, {"aggregation": "geometric"}, {"aggregation": "copeland"},
            ),
            "imputation": ({"imputation": "none"}, {"imputation": "median"}),
        },
        weight_noise=weight_noise,
    )  # fmt: skip


def examine_choices(
    inputs: Inputs, period: str, units: Sequence[str], rules: IndexRules, *, weight_noise: float = 0.25,
    draws: int = 2_000, base: int = 512, seed: int = 0,
) -> Robustness | None:  # fmt: skip
    """Ranks over choices, what each choice explains, and ranks without each part.

    None with fewer than five units that have an index.
    """
    made = _composed(inputs, period, units, rules)
    scored = np.flatnonzero(~np.isnan(made.index))
    if len(scored) < LEAST_UNITS:
        return None
    order = scored[np.argsort(-made.index[scored], kind="stable")]
    made = compose(made.raw[order], made.tree, made.settings)
    choices = declare_choices(inputs.definition, rules, weight_noise)
    names = tuple(units[place] for place in order)
    return Robustness(
        names,
        draw_choices(made, choices, draws=draws, seed=seed),
        decompose_shifts(made, choices, base=base, seed=seed),
        _without(made, names),
        compensation(made.scores[:, made.tree.children(len(made.tree.codes) - 1)], _pillar_weights(made)),
    )


def examine_consistency(
    inputs: Inputs, period: str, units: Sequence[str], rules: IndexRules, *, level: float = 0.05
) -> list[Consistency]:
    """How the parts of each node go together over the units; empty with fewer than five."""
    made = _composed(inputs, period, units, replace(rules, available=0.0))
    if (~np.isnan(made.index)).sum() < LEAST_UNITS:
        return []
    return check_consistency(made.scores, made.tree, level=level)


def _composed(inputs: Inputs, period: str, units: Sequence[str], rules: IndexRules) -> Composite:
    settings = settings_of(inputs.definition, rules)
    return compose(inputs.estimates(period, units), tree_of(inputs.definition), settings)


def _pillar_weights(made: Composite) -> np.ndarray:
    return np.asarray(made.tree.weights[made.tree.children(len(made.tree.codes) - 1)])


def _without(made: Composite, units: Sequence[str]) -> pd.DataFrame:
    own = ranks_of(made.index)
    rows = []
    for code, ranks in shifts_without_each(made).items():
        moved = np.where(ranks > 0, np.abs(ranks - own), 0)
        most = int(np.argmax(moved))
        rows.append((code, moved.mean(), int(moved[most]), units[most] if moved[most] else ""))
    table = pd.DataFrame(rows, columns=["code", "mean_shift", "largest_shift", "unit"])
    return table.sort_values("mean_shift", ascending=False, kind="stable", ignore_index=True)
