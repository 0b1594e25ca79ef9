"""What makes up a score, how did it change between two periods, and which indicators moved it?

Scores of two periods are compared on the indicators that both have, on the same bounds: an indicator that
comes or goes moves nothing. Samples of two periods are taken as independent; enterprises that were sampled in
both make the true error of a change smaller than stated, not larger.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.competitiveness.measured import Array, Inputs
from qstats.competitiveness.structure import IndexRules, settings_of, tree_of
from qstats.methods.composite_index import change_contributions, contributions, index_limits, normalise
from qstats.methods.composite_index.contributions import present_weights
from qstats.methods.differences import mover_difference


def compare_scores(
    inputs: Inputs, period: str, before: str, units: Sequence[str], rules: IndexRules
) -> pd.DataFrame:
    """Change of the index of each unit on the indicators that both periods have.

    Returns
    -------
    DataFrame
        ``unit, period, before, n`` (indicators in common), ``estimate, estimate_before, change, lower,
        upper, confidence, verdict`` (``rise``, ``fall``, ``no_clear_change``, ``cannot_be_stated``).
    """
    tree, settings = tree_of(inputs.definition), settings_of(inputs.definition, rules)
    values = [_common(inputs, period, before, units), _common(inputs, before, period, units)]
    limits = [inputs.limits(one, units, rules.confidence) for one in (period, before)]
    now, then = (
        index_limits(x, *ends, tree, settings) for x, ends in zip(values, limits, strict=True)
    )  # fmt: skip
    change, lower, upper = mover_difference(*zip(now, then, strict=True))
    verdict = np.select(
        [np.isnan(change), lower > 0, upper < 0], ["cannot_be_stated", "rise", "fall"], "no_clear_change"
    )
    return pd.DataFrame(
        {
            "unit": list(units), "period": period, "before": before, "n": (~np.isnan(values[0])).sum(axis=1),
            "estimate": now[0], "estimate_before": then[0], "change": change, "lower": lower, "upper": upper,
            "confidence": rules.confidence, "verdict": verdict,
        }
    )  # fmt: skip


def contribute(inputs: Inputs, period: str, units: Sequence[str], rules: IndexRules) -> pd.DataFrame:
    """Score, weight and points of each indicator in the index of each unit; points add up to the index.

    Returns
    -------
    DataFrame
        ``period, unit, indicator, score`` (on the scale of the index), ``weight`` (of what is there, 0–1),
        ``points``, ``lost`` (points short of the top of the scale).
    """
    tree, settings = tree_of(inputs.definition), settings_of(inputs.definition, rules)
    score = _scored(inputs, inputs.estimates(period, units))
    weight = present_weights(score, tree, settings)
    points = contributions(score, tree, settings)
    lost = weight * (inputs.definition.scale[1] - np.nan_to_num(score))
    return _tidy(inputs, period, units, score=score, weight=weight, points=points, lost=lost)


def explain_change(
    inputs: Inputs, period: str, before: str, units: Sequence[str], rules: IndexRules
) -> pd.DataFrame:
    """Points by which each indicator moved the index of each unit; they add up to the change.

    Returns
    -------
    DataFrame
        ``period, unit, indicator, score, score_before, points`` over the indicators in common; 0 for others.
    """
    tree, settings = tree_of(inputs.definition), settings_of(inputs.definition, rules)
    now, then = (
        _scored(inputs, _common(inputs, one, other, units))
        for one, other in ((period, before), (before, period))
    )
    points, _ = change_contributions(then, now, tree, settings)
    return _tidy(inputs, period, units, score=now, score_before=then, points=points)


def _common(inputs: Inputs, period: str, other: str, units: Sequence[str]) -> Array:
    """Values of a period of the indicators that the other period has too."""
    return np.where(np.isnan(inputs.estimates(other, units)), np.nan, inputs.estimates(period, units))


def _scored(inputs: Inputs, values: Array) -> Array:
    tree, settings = tree_of(inputs.definition), settings_of(inputs.definition, IndexRules())
    return normalise(values * tree.directions, settings.normalisation, **settings.normalisation_options)


def _tidy(inputs: Inputs, period: str, units: Sequence[str], **columns: Array) -> pd.DataFrame:
    codes = [row.code for row in inputs.definition.indicators]
    keys = pd.MultiIndex.from_product([list(units), codes], names=["unit", "indicator"])
    table = pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=keys)
    return table.reset_index().assign(period=period)
