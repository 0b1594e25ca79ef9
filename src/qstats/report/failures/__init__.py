"""What batches failed in, which enterprises failed repeatedly, and what became of them."""

from qstats.report.failures.enterprises import describe_repeats, tabulate_follow_up, tabulate_repeats
from qstats.report.failures.items import tabulate_item_pairs, tabulate_item_shares, tabulate_severities

__all__ = [
    "describe_repeats",
    "tabulate_follow_up",
    "tabulate_item_pairs",
    "tabulate_item_shares",
    "tabulate_repeats",
    "tabulate_severities",
]
