"""Would this county's mix of samples let one expect such a rate anywhere?

A county where small firms and shops are sampled is not compared fairly with one where large producers are.
The rate that its mix would give at the failure rates of the whole stands beside its own (indirect
standardisation; Breslow & Day 1987, IARC Scientific Publications 82).
"""

from collections.abc import Sequence

import pandas as pd


def describe_mix(cells: pd.DataFrame, within: Sequence[str], *, column: str = "county_code") -> pd.DataFrame:
    """What each county's mix of samples would lead one to expect at the rates of the whole.

    Parameters
    ----------
    cells : DataFrame
        Batches by county and by ``within`` of one period: ``n, passes``; null is a group of its own.
    within : sequence of str
        Columns of the mix, such as enterprise size and stage.

    Returns
    -------
    DataFrame
        ``<column>``, ``expected_failures`` and ``expected`` (pass rate, 0–1) if every cell failed as often as
        it does in all counties together, and ``failure_ratio``: observed failures over expected ones.
        Indirect standardisation, so the ratios of two counties are no comparison of the two.
    """
    counted = cells[cells["n"] > 0].fillna(dict.fromkeys([column, *within], ""))
    whole = counted.groupby(list(within))[["n", "passes"]].transform("sum")
    failing = 1 - whole["passes"] / whole["n"]
    parts = counted.assign(
        expected_failures=failing * counted["n"], failures=counted["n"] - counted["passes"]
    )
    sums = parts.groupby(column)[["n", "failures", "expected_failures"]].sum()
    expected = sums["expected_failures"]
    return pd.DataFrame(
        {
            "expected_failures": expected,
            "expected": 1 - expected / sums["n"],
            "failure_ratio": (sums["failures"] / expected).where(expected > 0),
        }
    ).reset_index()


def share_of(
    cells: pd.DataFrame, within: str, codes: Sequence[str], *, column: str = "county_code"
) -> pd.Series:
    """Share of each county's batches with one of the codes (0–1), of those that state any; by county."""
    known = cells[cells[within].notna() & (cells[within] != "")].fillna({column: ""})
    counted = known["n"].where(known[within].isin(codes), 0).groupby(known[column]).sum()
    return counted / known.groupby(column)["n"].sum().where(lambda n: n > 0)
