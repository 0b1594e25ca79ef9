"""Years and enterprises that returns are of. Oracle: hand calculation."""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from qstats.periods import Period
from qstats.report.competitiveness.gather_returns import count_returned, enterprises_obliged, years_of_returns


def received(years: dict[int, int], declared: list[tuple[int, str | None, int]] = []) -> Any:  # noqa: B006
    rows = [year for year, n in years.items() for _ in range(n)]
    columns = ["year", "county_code", "count"]
    table = pl.DataFrame(
        declared, schema=dict(zip(columns, (pl.Int64, pl.String, pl.Int64), strict=True)), orient="row"
    )
    return SimpleNamespace(
        enterprise_returns=pl.DataFrame({"year": rows}),
        denominators=table.with_columns(pl.lit("returning_enterprises").alias("denominator")),
    )


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ({2012: 40, 2013: 42, 2014: 41}, [2012, 2013, 2014]),
        ({2013: 42, 2014: 3}, [2013]),
        ({2013: 4, 2016: 4}, [2013]),
    ],
)
def test_a_year_that_is_hardly_collected_is_not_assessed(years: dict[int, int], expected: list[int]) -> None:
    assert years_of_returns(received(years), Period.parse("2015Q4"), 4) == expected


def test_counties_make_a_city_only_if_each_declares() -> None:
    both = [(2014, "a", 30), (2014, "b", 20)]
    assert enterprises_obliged(received({}, both), ["a", "b"])[2014, ""] == 50
    assert (2014, "") not in enterprises_obliged(received({}, both), ["a", "b", "c"])
    assert enterprises_obliged(received({}, [*both, (2014, None, 55)]), ["a", "b"])[2014, ""] == 55


def test_returned_of_obliged() -> None:
    declared = [(2014, None, 50)]
    assert count_returned(received({2014: 41}, declared), 2014, []) == (41, 50)
    assert count_returned(received({2014: 51}, declared), 2014, []) == (51, None)
    assert count_returned(received({2014: 41}), 2014, []) == (41, None)
