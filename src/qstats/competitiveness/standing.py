"""Which ranks do sampling errors leave to each unit, and which units cannot be told apart?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qstats.competitiveness.measured import Inputs
from qstats.competitiveness.structure import IndexRules, settings_of, tree_of
from qstats.methods.composite_index import index_limits, index_rank_sets
from qstats.methods.ranks import letters, tie_groups


@dataclass(frozen=True, eq=False)
class Standing:
    """Units beside each other in one period.

    Attributes
    ----------
    period : str
    table : DataFrame
        Best first: ``unit, estimate, lower, upper, rank_low, rank_high`` (confidence set of all ranks at
        once), ``group`` (letters: units that share one cannot be told apart).
    left_out : tuple of str
        Units without an index.
    confidence : float
    """

    period: str
    table: pd.DataFrame
    left_out: tuple[str, ...]
    confidence: float

    @property
    def are_told_apart(self) -> bool:
        """Whether any two units are."""
        count = len(self.table)
        return bool(((self.table["rank_low"] > 1) | (self.table["rank_high"] < count)).any())


def rank_units(inputs: Inputs, period: str, units: Sequence[str], rules: IndexRules) -> Standing:
    """Rank confidence sets of all units that have an index, simultaneous over all of them.

    Only sampling errors count here. The sets hold all true ranks at once with the declared confidence.
    """
    tree, settings = tree_of(inputs.definition), settings_of(inputs.definition, rules)
    estimates = inputs.estimates(period, units)
    index, lower, upper = index_limits(
        estimates, *inputs.limits(period, units, rules.confidence), tree, settings
    )
    order = np.argsort(-index, kind="stable")  # units without an index come last
    ranked = order[~np.isnan(index[order])]
    names = [units[place] for place in ranked]
    table = pd.DataFrame(
        {"unit": names, "estimate": index[ranked], "lower": lower[ranked], "upper": upper[ranked]}
    )
    if len(ranked) > 1:
        sets = index_rank_sets(
            estimates[ranked], lambda confidence: inputs.limits(period, names, confidence), tree, settings,
            confidence=rules.confidence,
        )  # fmt: skip
        groups = letters(tie_groups(sets.better), len(ranked))
        table = table.assign(rank_low=sets.low, rank_high=sets.high, group=groups)
    else:
        table = table.assign(rank_low=1, rank_high=1, group="")
    left_out = tuple(unit for unit, score in zip(units, index, strict=True) if np.isnan(score))
    return Standing(period, table, left_out, rules.confidence)
