"""How do the counties stand to each other, fairly compared, and which of them cannot be told apart?"""

from qstats.ranking.case_mix import describe_mix, share_of
from qstats.ranking.counties import RANK_COLUMNS, STANDINGS, list_pairs, rank_counties
from qstats.ranking.sensitivity import METHODS, compare_methods

__all__ = [
    "METHODS",
    "RANK_COLUMNS",
    "STANDINGS",
    "compare_methods",
    "describe_mix",
    "list_pairs",
    "rank_counties",
    "share_of",
]
