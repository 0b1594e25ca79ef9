"""Ways of acceptance and the list of exceptions. Oracle: five projects put together by hand."""

from datetime import date

import pandas as pd
import pytest

from qstats.acceptance import ROUTES, count_routes, list_exceptions
from qstats.periods import Period

YEAR, CUTOFF = Period.parse("2015"), date(2016, 1, 31)


@pytest.fixture
def five(works) -> pd.DataFrame:
    """Passed, mended in 30 days, open, without outcome, and one of another year."""
    return works.together(
        works.make_projects(1, project_id="passed"), works.make_failed(1, project_id="mended"),
        works.make_failed(1, project_id="open", days=None),
        works.make_projects(
            1, project_id="untold", first_outcome=None, route=None, scale=None, final_accepted_on=None
        ),
        works.make_failed(1, project_id="earlier", first_accepted_on=date(2014, 12, 31)),
    )  # fmt: skip


def test_every_project_of_the_period_has_a_route_or_none(five: pd.DataFrame) -> None:
    table = count_routes(five, YEAR, ["large_medium", "other", ""]).set_index("scale")
    assert table.columns.tolist() == [*ROUTES, "unknown", "n"]
    assert table.loc["large_medium", ["first_time", "reworked", "not_accepted", "n"]].tolist() == [1, 1, 1, 3]
    assert table.loc["other"].sum() == 0
    assert table.loc["", ["unknown", "n"]].tolist() == [1, 1]


def test_open_projects_come_first_and_count_until_the_cutoff(five: pd.DataFrame) -> None:
    listed = list_exceptions(five, YEAR, CUTOFF)
    assert listed["project_id"].tolist() == ["open", "mended", "untold"]
    assert listed["open"].tolist() == [True, False, False]
    assert listed["days"].tolist()[:2] == [90, 30] and pd.isna(listed["days"][2])


def test_a_project_of_days_to_come_has_waited_for_none(works) -> None:
    listed = list_exceptions(works.make_failed(1, days=None).to_pandas(), YEAR, date(2015, 10, 31))
    assert pd.isna(listed["days"][0]) and listed["open"][0]


def test_nothing_to_list(works) -> None:
    empty = list_exceptions(works.make_projects(3).to_pandas(), YEAR, CUTOFF)
    assert empty.empty and "days" in empty
    assert list_exceptions(works.make_projects(0).to_pandas(), YEAR, CUTOFF).empty
