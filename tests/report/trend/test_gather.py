"""Series taken from the tables of a run. Oracle: small registers counted by hand."""

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from qstats.estimation import Scope
from qstats.periods import Period
from qstats.report.trend.gather import gather_inspections, quarters_between
from qstats.report.trend.gather_streams import gather_published, gather_survey, gather_works
from qstats.satisfaction import find_survey
from qstats.schemas import INSPECTIONS, PUBLISHED_SERIES

QUARTER = Period.parse("2015Q4")


@pytest.fixture(scope="module")
def works(project: Path) -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(project / "tests" / "acceptance" / "small_works.py")))


def received(works: SimpleNamespace, **tables: pl.DataFrame) -> SimpleNamespace:
    empty = {
        "projects": works.make_projects(0), "dwellings": works.make_sheets(0),
        "complaints": works.make_complaints({}),
        "denominators": works.make_denominators(), "inspections": pl.DataFrame(schema=INSPECTIONS),
        "respondents": pl.DataFrame(), "margins": pl.DataFrame(),
    }  # fmt: skip
    return SimpleNamespace(**(empty | tables))


def gather(tables: SimpleNamespace, **others):
    how = {"denominator": "dwellings_delivered", "complete_from": 0.98} | others
    return gather_works(tables, QUARTER, date(2016, 1, 31), **how)


def test_quarters_from_the_first_record_to_the_end_of_the_period() -> None:
    assert [str(one) for one in quarters_between(date(2015, 5, 6), QUARTER)] == ["2015Q2", "2015Q3", "2015Q4"]
    assert quarters_between(None, QUARTER) == quarters_between(date(2016, 1, 1), QUARTER) == []
    assert len(quarters_between(date(1990, 1, 1), QUARTER)) == 40
    assert str(quarters_between(date(2015, 1, 1), Period.parse("2015-05"))[-1]) == "2015Q2"


def test_projects_and_dwellings_by_quarter(works: SimpleNamespace) -> None:
    early = works.make_projects(3, first_accepted_on=date(2015, 2, 1))
    late = pl.concat([works.make_projects(2), works.make_failed(1)])
    found = gather(received(works, projects=pl.concat([early, late]), dwellings=works.make_sheets(2)))
    projects = found.series[found.series["series"] == "first_time_rate"].set_index("period")
    assert projects["counted"].to_dict()["2015Q4"] == 3 and projects.loc["2015Q4", "value"] == pytest.approx(
        2 / 3
    )
    assert projects.loc[["2015Q2", "2015Q3"], "passed"].isna().all()  # nothing accepted: gaps
    dwellings = found.series[found.series["series"] == "dwelling_rate"]
    assert dwellings["counted"].tolist() == [200.0] and dwellings["value"].iloc[0] == pytest.approx(0.95)
    assert set(found.sources) == {"first_time_rate", "dwelling_rate"}
    cells, mix = found.cells["first_time_rate"]
    assert mix == ("scale",) and cells["n"].sum() == 6


def test_complaints_per_dwelling_or_per_month(works: SimpleNamespace) -> None:
    counts = {2013: [4] * 12, 2014: [5] * 12, 2015: [6] * 12}
    declared = works.make_denominators(
        *(("dwellings_delivered", year, None, 24_000) for year in (2014, 2015))
    )
    found = gather(received(works, complaints=works.make_complaints(counts), denominators=declared))
    rows = found.series.set_index("period")
    assert found.per == 1000 and rows.loc["2015-03", "value"] == pytest.approx(3.0)
    assert rows["value"].isna().sum() == 12  # no denominator of 2013
    plain = gather(received(works, complaints=works.make_complaints(counts)))
    assert plain.per == 1 and plain.series["value"].iloc[-1] == 6


def test_months_that_are_not_over_are_provisional(works: SimpleNamespace) -> None:
    counts = {2013: [4] * 12, 2014: [5] * 12, 2015: [6] * 6}
    tables = received(works, complaints=works.make_complaints(counts))
    found = gather_works(
        tables,
        Period.parse("2015Q2"),
        date(2015, 7, 15),
        denominator="dwellings_delivered",
        complete_from=0.98,
    )
    newest = found.series[found.series["period"] > "2014-12"]
    assert len(newest) == 6 and set(newest["release"]) == {"provisional"}


def test_what_was_not_received_has_no_series(works: SimpleNamespace) -> None:
    assert gather(received(works)).series.empty
    scope = Scope(level="municipal")
    nothing = gather_inspections(received(works), QUARTER, scope, listed_from=0.98, complete_from=0.98)
    assert nothing.series.empty
    assert gather_survey(received(works), QUARTER, None).series.empty
    assert find_survey(None, confidence=0.95, minimum_respondents=30, leave_out=[], trim_weights=None) is None
    assert gather_published(pl.DataFrame(schema=PUBLISHED_SERIES), QUARTER).series.empty
