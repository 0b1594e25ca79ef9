"""What score has each unit in the index and its parts, and within which limits?"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from qstats.competitiveness.measured import Inputs
from qstats.competitiveness.structure import IndexRules, settings_of, tree_of
from qstats.index_registry import band_of
from qstats.methods.composite_index import Settings, index_limits
from qstats.methods.composite_index.tree import IndexTree


def score_units(
    inputs: Inputs,
    periods: Sequence[str],
    units: Sequence[str],
    rules: IndexRules,
    *,
    bands: str | None = None,
) -> pd.DataFrame:
    """Scores of the index and of each node with limits from sampling errors.

    Parameters
    ----------
    inputs : Inputs
    periods, units : sequence of str
    rules : IndexRules
    bands : str, optional
        Scheme whose names are given to scores of the index.

    Returns
    -------
    DataFrame
        ``period, unit, code, n`` (indicators there), ``of`` (indicators of the code), ``missing`` (their
        codes), ``estimate, lower, upper, confidence, method, status`` (``stated``, ``refused``,
        ``no_data``), ``band`` (its label in both languages, of the index), ``scheme``.
    """
    tree, settings = tree_of(inputs.definition), settings_of(inputs.definition, rules)
    tables = [
        _of_code(inputs, period, units, tree, settings, code, rules.confidence)
        for period in periods
        for code in tree.codes[tree.size :]
    ]
    table = pd.concat(tables, ignore_index=True)
    named = bands is not None
    table["band"] = [
        band_of(score, str(bands)).label if named and code == tree.codes[-1] and np.isfinite(score) else None
        for score, code in zip(table["estimate"], table["code"], strict=True)
    ]
    return table.assign(scheme=bands)


def _of_code(
    inputs: Inputs, period: str, units: Sequence[str], tree: IndexTree, settings: Settings, code: str,
    confidence: float,
) -> pd.DataFrame:  # fmt: skip
    estimates = inputs.estimates(period, units)
    low, high = inputs.limits(period, units, confidence)
    part, kept, own = narrow(tree, settings, code)
    # The index needs most indicators of all; a node stands by what is below it.
    whole = code == tree.codes[-1]
    score, lower, upper = index_limits(
        estimates[:, kept],
        low[:, kept],
        high[:, kept],
        part,
        own if whole else replace(own, available=0.0, top_available=0.0),
    )
    there = ~np.isnan(estimates[:, kept])
    names = np.array(part.indicators)
    return pd.DataFrame(
        {
            "period": period, "unit": list(units), "code": code, "n": there.sum(axis=1), "of": part.size,
            "missing": [",".join(names[~row]) for row in there],
            "estimate": score, "lower": lower, "upper": upper, "confidence": confidence,
            "method": "mover_index",
            "status": np.where(~np.isnan(score), "stated",
                               np.where(there.any(axis=1), "refused", "no_data")),
        }
    )  # fmt: skip


def narrow(tree: IndexTree, settings: Settings, code: str) -> tuple[IndexTree, list[int], Settings]:
    """The part of an index below a code, which indicators it has, and the settings that hold for it."""
    part = tree.below(code)
    kept = [tree.indicators.index(one) for one in part.indicators]
    options = settings.normalisation_options
    own = {"low": options["low"][kept], "high": options["high"][kept], "scale": options["scale"]}
    return part, kept, replace(settings, normalisation_options=own)
