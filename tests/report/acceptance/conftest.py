"""Small registers assessed: a usual year, and those in which something cannot be stated."""

import runpy
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from qstats.acceptance import RoomLimits
from qstats.report.acceptance import Assessment, assess_works

TARGETS = [
    {"measure": "first_time_rate", "scale": "large_medium", "level": 1.0, "since": None},
    {"measure": "first_time_rate", "scale": "other", "level": 0.98, "since": None},
    {"measure": "dwelling_rate", "scale": None, "level": 1.0, "since": None},
    {"measure": "complaint_rate", "scale": None, "level": None, "since": 2013},
]
COMPLAINTS = {2011: [8] * 12, 2012: [7] * 12, 2013: [9] * 12, 2014: [7] * 12, 2015: [6] * 12}
EVEN, PLAN = [2800.0, 2804, 2809, 2801, 2800], [3600.0, 3604, 3597, 3600]
Assess = Callable[..., Assessment]


@pytest.fixture(scope="session")
def works(project: Path) -> SimpleNamespace:
    """The builders of ``small_works.py``."""
    return SimpleNamespace(**runpy.run_path(str(project / "tests" / "acceptance" / "small_works.py")))


@pytest.fixture(scope="session")
def assess(works: SimpleNamespace) -> Assess:
    """Assesses the tables given; the others are empty."""

    def make(
        *, period: str = "2015Q4", cutoff: str = "2016-01-31", denominator: str = "dwellings_delivered",
        targets: Sequence[Mapping[str, Any]] = TARGETS, **tables: pl.DataFrame,
    ) -> Assessment:  # fmt: skip
        empty = {
            "projects": works.make_projects(0), "dwellings": works.make_sheets(0),
            "measurements": works.make_rooms([], []), "complaints": works.make_complaints({}),
            "denominators": works.make_denominators(), "sources": works.make_sources({}),
        }  # fmt: skip
        received = SimpleNamespace(**(empty | tables))
        return assess_works(
            received, {"zh": "聊城市", "en": "Liaocheng"}, period, cutoff, confidence=0.95,
            denominator=denominator, limits=RoomLimits(), rectification_days=90, handling_days=60,
            targets=targets,
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def usual_tables(works: SimpleNamespace) -> dict[str, pl.DataFrame]:
    """40 large projects all passed, two of 13 others failed; last year's; everything else is on record."""
    last = {"first_accepted_on": date(2014, 5, 6), "final_accepted_on": date(2014, 6, 9)}
    projects = [
        works.make_projects(40), works.make_projects(11, scale="other", county_code="371521"),
        works.make_failed(1, scale="other"), works.make_failed(1, scale="other", days=None),
        works.make_projects(30, **last | {"final_accepted_on": last["first_accepted_on"]}),
        works.make_failed(10, scale="other", **last),
    ]  # fmt: skip
    delivered = [("dwellings_delivered", year, None, 20_000) for year in range(2011, 2016)]
    county = [("dwellings_delivered", 2015, "371502", 9_000)]
    return {
        "projects": pl.concat(projects).with_columns(
            project_id=pl.concat_str(pl.lit("GC"), pl.int_range(pl.len()).cast(pl.String))
        ),
        "dwellings": works.make_sheets(8, dwellings_accepted=[100] * 7 + [97], dwellings_first_time=90),
        "measurements": works.make_rooms(
            [EVEN] * 35 + [[2800, 2825]], [PLAN] * 36, project_id=[f"P{at % 6}" for at in range(36)]
        ),
        "complaints": works.make_complaints(COMPLAINTS),
        "denominators": works.make_denominators(*delivered, *county),
    }  # fmt: skip


@pytest.fixture(scope="session")
def usual(assess: Assess, usual_tables: dict[str, pl.DataFrame]) -> Assessment:
    return assess(**usual_tables)


@pytest.fixture(scope="session")
def nothing(assess: Assess) -> Assessment:
    return assess()


@pytest.fixture(scope="session")
def untold(works: SimpleNamespace, assess: Assess) -> Assessment:
    """No scale, county, day, outcome, counts or denominator; what is there stands in one row each."""
    bare = {"scale": None, "county_code": None, "final_accepted_on": None, "route": None}
    projects = [
        works.make_projects(2, first_outcome=None, **bare),
        works.make_failed(1, first_accepted_on=None, **bare),
    ]
    days = [None, date(2015, 11, 1)]
    return assess(
        projects=pl.concat(projects),
        dwellings=works.make_sheets(2, accepted_on=days, dwellings_total=None, county_code=None),
        measurements=works.make_rooms([[2800]], [[None]], measured_on=None),
        complaints=works.make_complaints({2015: [2]}, opened_on=[None, None], county_code=None, days=None),
    )


@pytest.fixture(scope="session")
def one(works: SimpleNamespace, assess: Assess) -> Assessment:
    """One of each."""
    return assess(
        projects=works.make_projects(1), dwellings=works.make_sheets(1),
        measurements=works.make_rooms([EVEN], [PLAN]),
        complaints=works.make_complaints({2015: [0] * 11 + [1]}),
        denominators=works.make_denominators(("dwellings_delivered", 2015, None, 900)),
    )  # fmt: skip


@pytest.fixture(scope="session")
def half_year(assess: Assess, usual_tables: dict[str, pl.DataFrame]) -> Assessment:
    """The same records, for a half-year in which nothing was accepted."""
    return assess(**usual_tables, period="2015H1", cutoff="2015-06-30")


@pytest.fixture(scope="session")
def running(assess: Assess, usual_tables: dict[str, pl.DataFrame]) -> Assessment:
    """The data was closed before the quarter ended."""
    return assess(**usual_tables, cutoff="2015-12-10")


@pytest.fixture(scope="session")
def uncounted(assess: Assess, usual_tables: dict[str, pl.DataFrame], works: SimpleNamespace) -> Assessment:
    """Complaints without a denominator of the newest year, one year without any, no targets."""
    counts = COMPLAINTS | {2012: [0] * 12}
    tables = usual_tables | {
        "complaints": works.make_complaints(counts),
        "denominators": works.make_denominators(("dwellings_delivered", 2014, None, 20_000)),
    }
    return assess(**tables, targets=[])


@pytest.fixture(scope="session")
def some_years(assess: Assess, usual_tables: dict[str, pl.DataFrame], works: SimpleNamespace) -> Assessment:
    """Denominators of three of five years, few complaints, in one year none."""
    rows = [("projects", year, None, 400) for year in (2011, 2013, 2014, 2015)]
    few = {2011: [1] * 3, 2012: [0, 0, 2], 2013: [0], 2014: [0, 0, 1, 1], 2015: [1, 0, 0, 2]}
    tables = usual_tables | {
        "complaints": works.make_complaints(few), "denominators": works.make_denominators(*rows)
    }  # fmt: skip
    return assess(**tables, denominator="projects")


CASES = ("usual", "nothing", "untold", "one", "half_year", "running", "uncounted", "some_years")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Assessment:
    """Each of the small registers."""
    found: Assessment = request.getfixturevalue(request.param)
    return found
