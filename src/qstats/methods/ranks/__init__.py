"""Between which ranks does a unit lie, and which units can no one tell apart?

A rank set holds the ranks that the data leave to a unit. For pass rates :func:`rate_rank_sets`; for normal
scores :func:`normal_rank_sets`; from tests of any kind :func:`pairwise_rank_sets`; from joint intervals
:func:`joint_rank_regions`.
"""

from qstats.methods.ranks.detectable import highest_clearly_lower
from qstats.methods.ranks.joint_regions import confidence_of_each, joint_rank_regions
from qstats.methods.ranks.normal_theory import best_candidates, normal_rank_sets
from qstats.methods.ranks.pairwise_tests import exact_p_values, mover_decision, rate_rank_sets
from qstats.methods.ranks.probabilities import probability_among_best
from qstats.methods.ranks.rank_sets import RankSets, true_ranks
from qstats.methods.ranks.step_down import decided_rank_sets, pairwise_rank_sets
from qstats.methods.ranks.tie_groups import letters, tie_groups

__all__ = [
    "RankSets",
    "best_candidates",
    "confidence_of_each",
    "decided_rank_sets",
    "exact_p_values",
    "highest_clearly_lower",
    "joint_rank_regions",
    "letters",
    "mover_decision",
    "normal_rank_sets",
    "pairwise_rank_sets",
    "probability_among_best",
    "rate_rank_sets",
    "tie_groups",
    "true_ranks",
]
