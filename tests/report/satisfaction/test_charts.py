"""Charts of the chapter: drawn in both languages, with a message, an alternative text and a source."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import pytest

from qstats.codebook import Text
from qstats.report import satisfaction
from qstats.report.display import Display
from qstats.report.satisfaction import Assessment

CHARTS = ("groups", "districts", "importance", "waves")


Draw = Callable[[str, str], Display]


@pytest.fixture(scope="module")
def draw() -> Callable[[pytest.FixtureRequest, str, str], Display]:
    """Chart of a small survey, drawn once."""
    drawn: dict[tuple[str, str], Display] = {}

    def chart_of(request: pytest.FixtureRequest, of: str, name: str) -> Display:
        if (of, name) not in drawn:
            drawn[of, name] = getattr(satisfaction, f"chart_{name}")(request.getfixturevalue(of))
        return drawn[of, name]

    return chart_of


@pytest.fixture
def chart(request: pytest.FixtureRequest, draw: Callable[[pytest.FixtureRequest, str, str], Display]) -> Draw:
    return lambda of, name: draw(request, of, name)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("of", ["usual", "silent_sector", "few"])
def test_charts_say_what_they_show(
    chart: Draw, of: str, name: str, read_well: Callable[[Text], None],
    words_of: Callable[[Display], list[Text]],
) -> None:  # fmt: skip
    display = chart(of, name)
    for text in words_of(display):
        read_well(text)
    if display.kind == "figure":
        for language in ("zh", "en"):
            ElementTree.fromstring(display.payload["svg"][language])


@pytest.mark.parametrize("name", CHARTS)
def test_the_usual_survey_has_every_chart(chart: Draw, name: str) -> None:
    display = chart("usual", name)
    assert display.kind == "figure"
    assert "320" in display.payload["source"]["zh"] or name == "waves"
    words = "".join(ElementTree.fromstring(display.payload["svg"]["en"]).itertext())
    assert not any("\u4e00" <= character <= "\u9fff" for character in words)


def test_values_stand_in_the_alternative_text(chart: Draw, usual: Assessment) -> None:
    told = chart("usual", "groups").payload["alt"]
    for row in usual.measure("sector", "index").to_dict("records"):
        assert f"{row['estimate']:.1f}" in told["zh"] and f"{row['estimate']:.1f}" in told["en"]


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_received_is_told_in_place_of_a_chart(chart: Draw, name: str) -> None:
    display = chart("nothing", name)
    assert display.kind == "text" and display.payload["name"].startswith("satisfaction_")


def test_one_wave_has_no_course(chart: Draw) -> None:
    assert chart("one_wave", "waves").kind == "text"


def test_without_a_model_nothing_is_said_of_drivers(chart: Draw) -> None:
    display = chart("turned", "importance")
    assert display.kind == "text" and "Without an index model" in display.payload["paragraphs"][0]["en"]
