"""How competitive is the quality of the city and its counties (质量竞争力指数), how sure, and what moved it?

Indicators come as one tidy table (:mod:`~qstats.competitiveness.measured`), an index is declared in
``data/reference/indices``. Scores on fixed bounds, so that years can be compared; limits and rank sets from
sampling errors; what other choices of method would do to the ranks stands apart, as a range.
"""

from qstats.competitiveness.changes import compare_scores, contribute, explain_change
from qstats.competitiveness.measured import MEASURED, Inputs, limits_at
from qstats.competitiveness.robustness import (
    Robustness,
    declare_choices,
    examine_choices,
    examine_consistency,
)
from qstats.competitiveness.scores import score_units
from qstats.competitiveness.standing import Standing, rank_units
from qstats.competitiveness.structure import IndexRules, settings_of, tree_of

__all__ = [
    "MEASURED",
    "IndexRules",
    "Inputs",
    "Robustness",
    "Standing",
    "compare_scores",
    "contribute",
    "declare_choices",
    "examine_choices",
    "examine_consistency",
    "explain_change",
    "limits_at",
    "rank_units",
    "score_units",
    "settings_of",
    "tree_of",
]
