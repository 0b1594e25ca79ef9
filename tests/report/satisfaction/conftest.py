"""Small surveys assessed: the usual one, and those in which something cannot be stated."""

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from qstats.codebook import Text
from qstats.report.display import Display
from qstats.report.satisfaction import Assessment, assess_survey

TARGETS = [
    {"sector": "producer", "measure": "index", "level": 70},
    {"sector": "consumer", "measure": "share", "level": 0.99},
]
Assess = Callable[..., Assessment]


@pytest.fixture(scope="package")
def assess(asked: ModuleType) -> Assess:
    """Assesses the waves given, by name of the run's rules."""

    def make(
        *waves: pl.DataFrame, margins: pl.DataFrame | None = None, unanswered: pl.DataFrame | None = None,
        targets: Sequence[Mapping[str, Any]] = TARGETS, **rules: Any,
    ) -> Assessment:  # fmt: skip
        received = SimpleNamespace(
            respondents=pl.concat(waves) if waves else asked.make_respondents(0),
            margins=asked.make_margins() if margins is None else margins,
            unanswered=asked.make_unanswered() if unanswered is None else unanswered,
        )
        place = {"zh": "聊城市", "en": "Liaocheng"}
        return assess_survey(received, asked.make_survey(**rules), place, "2015Q4", targets)

    return make


@pytest.fixture(scope="package")
def waves(asked: ModuleType) -> tuple[pl.DataFrame, pl.DataFrame]:
    """2014 and 2015, the second half a point of nine higher; tourism stands low."""
    return (
        asked.draw_respondents("2014", points=8, seed=2, industry_shift={"tourism": -1.5}),
        asked.draw_respondents("2015", points=10, seed=1, shift=0.6, industry_shift={"tourism": -1.5}),
    )


@pytest.fixture(scope="package")
def usual(asked: ModuleType, assess: Assess, waves: tuple[pl.DataFrame, pl.DataFrame]) -> Assessment:
    margins = asked.make_margins((None, "sex", "female", 520), (None, "sex", "male", 480))
    unanswered = asked.make_unanswered(("2015-0001", "2015", "value_1", "dont_know"))
    return assess(*waves, margins=margins, unanswered=unanswered)


@pytest.fixture(scope="package")
def one_wave(assess: Assess, waves: tuple[pl.DataFrame, pl.DataFrame]) -> Assessment:
    return assess(waves[1])


@pytest.fixture(scope="package")
def nothing(assess: Assess) -> Assessment:
    return assess()


@pytest.fixture(scope="package")
def silent_sector(asked: ModuleType, assess: Assess, waves: tuple[pl.DataFrame, pl.DataFrame]) -> Assessment:
    """Consumers all answered don't know."""
    silent = asked.without_answers(waves[1], pl.col("sector") == "consumer")
    return assess(waves[0], silent)


@pytest.fixture(scope="package")
def turned(assess: Assess, waves: tuple[pl.DataFrame, pl.DataFrame]) -> Assessment:
    """An item has a negative weight, so that there is no index."""
    return assess(waves[0], waves[1].with_columns(quality_3=11 - pl.col("quality_3")))


@pytest.fixture(scope="package")
def not_invariant(assess: Assess, waves: tuple[pl.DataFrame, pl.DataFrame]) -> Assessment:
    """A question of satisfaction has come to be answered by chance."""
    noise = np.random.default_rng(3).integers(1, 11, waves[1].height).astype(float)
    return assess(waves[0], waves[1].with_columns(satisfaction_2=noise))


@pytest.fixture(scope="package")
def few(asked: ModuleType, assess: Assess) -> Assessment:
    """Twenty respondents, one in each industry of one district, without sector or weights."""
    drawn = asked.draw_respondents(points=1, people=5).with_columns(sector=pl.lit(None, pl.String))
    return assess(drawn)


CASES = ("usual", "one_wave", "nothing", "silent_sector", "turned", "not_invariant", "few")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Assessment:
    """Each of the small surveys."""
    found: Assessment = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def words_of() -> Callable[[Display], list[Text]]:
    """Every text of a display that a reader sees in one language: sentences, captions, headings, notes."""

    def collect(display: Display) -> list[Text]:
        payload = display.payload
        if display.kind == "text":
            return list(payload["paragraphs"])
        if display.kind == "figure":
            return [payload[name] for name in ("title", "alt", "unit", "source")]
        labels = [column["label"] for column in payload["columns"]]
        return [payload["caption"], *payload["notes"], *labels]

    return collect
