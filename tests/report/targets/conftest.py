"""A small city's records assessed: at the end of 2015, half a year before, and when nothing was received."""

import runpy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import polars as pl
import pytest

from qstats.report.targets import Assessment, assess_targets
from qstats.schemas import SOURCES

PLACE = {"zh": "聊城市", "en": "Liaocheng"}
DENOMINATORS = [
    ("large_medium_enterprises", 2015, 280), ("above_scale_enterprises", 2014, 2600),
    *(("dwellings_delivered", year, 20_000) for year in range(2012, 2016)),
]  # fmt: skip
COMPLAINTS = {2012: [8] * 12, 2013: [9] * 12, 2014: [7] * 12, 2015: [6] * 12}


@pytest.fixture(scope="package")
def books(project: Path) -> SimpleNamespace:
    """The builders of ``small_registers.py``."""
    return SimpleNamespace(**runpy.run_path(str(project / "tests" / "targets" / "small_registers.py")))


@pytest.fixture(scope="package")
def works(project: Path) -> SimpleNamespace:
    """The builders of ``small_works.py``."""
    return SimpleNamespace(**runpy.run_path(str(project / "tests" / "acceptance" / "small_works.py")))


@pytest.fixture(scope="package")
def empty(books: SimpleNamespace, works: SimpleNamespace, asked: ModuleType) -> dict[str, pl.DataFrame]:
    """Every table that the chapter reads, without rows."""
    return {
        "projects": works.make_projects(0), "dwellings": works.make_sheets(0),
        "measurements": works.make_rooms([], []), "complaints": works.make_complaints({}),
        "sources": pl.DataFrame(schema=SOURCES), "respondents": asked.make_respondents(0),
        "margins": asked.make_margins(), "unanswered": asked.make_unanswered(),
        "registers": books.make_entries("benchmark", []), "denominators": books.make_denominators(),
        "published_series": books.make_series(),
    }  # fmt: skip


@pytest.fixture(scope="package")
def full(
    empty: dict[str, pl.DataFrame], books: SimpleNamespace, works: SimpleNamespace, asked: ModuleType
) -> dict[str, pl.DataFrame]:
    """Registers of most targets; 120 large projects without a failure, 4 of 100 others failed; one survey."""
    days = books.spread(120, date(2012, 1, 10), date(2015, 12, 20))
    large = works.make_projects(120, first_accepted_on=days, final_accepted_on=days)
    days = books.spread(96, date(2012, 1, 10), date(2015, 12, 20))
    other = works.make_projects(96, scale="other", first_accepted_on=days, final_accepted_on=days)
    failed = works.make_failed(4, scale="other", first_accepted_on=date(2015, 5, 5))
    sheets = works.make_sheets(48, accepted_on=books.spread(48, date(2012, 1, 10), date(2015, 12, 20)))
    waves = [asked.draw_respondents(str(year), points=8, seed=year) for year in (2013, 2014, 2015)]
    return empty | {
        "projects": pl.concat([large, other, failed]), "dwellings": sheets,
        "complaints": works.make_complaints(COMPLAINTS), "respondents": pl.concat(waves),
        "registers": books.make_city_registers(), "denominators": books.make_denominators(*DENOMINATORS),
    }  # fmt: skip


@pytest.fixture(scope="package")
def assess(asked: ModuleType) -> Callable[..., Assessment]:
    """Assesses tables on a day."""

    def make(tables: dict[str, pl.DataFrame], period: str, cutoff: str) -> Assessment:
        survey = asked.make_survey(replicates=99)
        return assess_targets(
            SimpleNamespace(**tables),
            survey,
            PLACE,
            period,
            cutoff,
            confidence=0.95,
            denominator="dwellings_delivered",
        )

    return make


@pytest.fixture(scope="package")
def over(assess: Callable[..., Assessment], full: dict[str, pl.DataFrame]) -> Assessment:
    """After the deadline."""
    return assess(full, "2015Q4", "2016-01-31")


@pytest.fixture(scope="package")
def ahead(assess: Callable[..., Assessment], full: dict[str, pl.DataFrame]) -> Assessment:
    """Half a year before it."""
    return assess(full, "2015Q2", "2015-07-31")


@pytest.fixture(scope="package")
def nothing(assess: Callable[..., Assessment], empty: dict[str, pl.DataFrame]) -> Assessment:
    return assess(empty, "2015Q4", "2016-01-31")


@pytest.fixture(params=("over", "ahead", "nothing"))
def case(request: pytest.FixtureRequest) -> Assessment:
    """Each of them."""
    found: Assessment = request.getfixturevalue(request.param)
    return found
