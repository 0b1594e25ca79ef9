"""How is an index made of many indicators, how far does it depend on choices, and how sure are its ranks?

An index hangs together as an :class:`IndexTree`; :func:`compose` walks all steps with recorded
:class:`Settings`, each step being a function of its own. What choices of method do to ranks is a range
(:func:`draw_choices`), what sampling errors do a confidence set (:func:`index_rank_sets`).
"""

from qstats.methods.composite_index.aggregation import AGGREGATIONS, aggregate
from qstats.methods.composite_index.availability import availability, divide_by_denominators, screen_units
from qstats.methods.composite_index.choices import (
    ChoiceModel,
    ChoiceRange,
    Choices,
    draw_choices,
    ranks_of,
    shifts_without_each,
)
from qstats.methods.composite_index.composition import Composite, Settings, aggregate_tree, compose
from qstats.methods.composite_index.consistency import (
    Consistency,
    check_consistency,
    compensation,
    cronbach_alpha,
)
from qstats.methods.composite_index.contributions import (
    change_contributions,
    contributions,
    present_weights,
)
from qstats.methods.composite_index.elicited_weights import Judged, compare_pairwise, share_budget
from qstats.methods.composite_index.imputation import IMPUTATIONS, impute
from qstats.methods.composite_index.normalisation import NORMALISATIONS, normalise
from qstats.methods.composite_index.optimised_weights import (
    Matched,
    benefit_of_the_doubt,
    match_importance,
)
from qstats.methods.composite_index.outranking import copeland, outranking_matrix
from qstats.methods.composite_index.sampling_error import index_limits, index_rank_sets
from qstats.methods.composite_index.sensitivity import Sensitivity, decompose_shifts
from qstats.methods.composite_index.treatment import Outliers, Treated, treat_outliers
from qstats.methods.composite_index.tree import IndexTree, build_tree
from qstats.methods.composite_index.weights import (
    component_weights,
    entropy_weights,
    equal_weights,
    given_weights,
)

__all__ = [
    "AGGREGATIONS",
    "IMPUTATIONS",
    "NORMALISATIONS",
    "ChoiceModel",
    "ChoiceRange",
    "Choices",
    "Composite",
    "Consistency",
    "IndexTree",
    "Judged",
    "Matched",
    "Outliers",
    "Sensitivity",
    "Settings",
    "Treated",
    "aggregate",
    "aggregate_tree",
    "availability",
    "benefit_of_the_doubt",
    "build_tree",
    "change_contributions",
    "check_consistency",
    "compare_pairwise",
    "compensation",
    "component_weights",
    "compose",
    "contributions",
    "copeland",
    "cronbach_alpha",
    "decompose_shifts",
    "divide_by_denominators",
    "draw_choices",
    "entropy_weights",
    "equal_weights",
    "given_weights",
    "impute",
    "index_limits",
    "index_rank_sets",
    "match_importance",
    "normalise",
    "outranking_matrix",
    "present_weights",
    "ranks_of",
    "screen_units",
    "share_budget",
    "shifts_without_each",
    "treat_outliers",
]
