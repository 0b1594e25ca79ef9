"""Schemes of the assessment of counties. Oracle: 国办发〔2013〕47号 and the structure of Taizhou, 2011."""

import copy
import math
from datetime import date
from pathlib import Path

import pytest
import yaml

from qstats.errors import QstatsError
from qstats.paths import reference_folder
from qstats.scheme_registry import parse_scheme, read_scheme

SCHEMES = ("county_30_50_20", "state_council_2013_47")


def content(name: str = "county_30_50_20") -> dict:
    path = reference_folder() / "schemes" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SCHEMES)
def test_grades_veto_and_year_are_those_of_the_notice(name: str) -> None:
    scheme = read_scheme(name)
    assert scheme.total == 100 and sum(section.points for section in scheme.sections) == 100
    for total, grade in (
        (100, "A"),
        (90, "A"),
        (89.999, "B"),
        (80, "B"),
        (79.5, "C"),
        (60, "C"),
        (59.6, "D"),
        (0, "D"),
    ):
        assert scheme.grade_of(total) == grade
    assert [(one.extents, one.grade) for one in scheme.veto] == [(("regional", "systemic"), "D")]
    assert scheme.last_year(date(2015, 12, 31)) == (date(2014, 7, 1), date(2015, 6, 30))
    assert scheme.last_year(date(2015, 6, 29)) == (date(2013, 7, 1), date(2014, 6, 30))
    assert "本项目" in scheme.declared.zh and "this project" in scheme.declared.en


def test_sections_have_30_50_and_20_points() -> None:
    assert [section.points for section in read_scheme("county_30_50_20").sections] == [30, 50, 20]


def test_sections_are_products_construction_and_services() -> None:
    codes = [section.code for section in read_scheme("state_council_2013_47").sections]
    assert codes == ["product", "engineering", "service"]


def test_shifted_limits_leave_the_lowest_band_where_it_is() -> None:
    scheme = read_scheme("county_30_50_20")
    assert scheme.grade_of(90.5, 1.0) == "B" and scheme.grade_of(89.5, -1.0) == "A"
    assert scheme.grade_of(0.0, 1.0) == "D"


@pytest.mark.parametrize("name", ["colour", "x" * 300, "../indices/city_quality", "a\0b", ""])
def test_unknown_schemes_list_the_known_ones(name: str) -> None:
    with pytest.raises(QstatsError, match="county_30_50_20, state_council_2013_47"):
        read_scheme(name)


def broken(change) -> dict:
    settings = copy.deepcopy(content())
    change(settings)
    return settings


ITEM = ("sections", 1, "items", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.update(colour=1), "colour: Extra inputs"),
        (lambda s: s.update(total=101), "items have 100 points together, the scheme 101"),
        (lambda s: s["sections"][1]["items"][0].update(code="funding"), "code 'funding' stands twice"),
        (lambda s: s["sections"][1]["items"][0].update(measure="colour"), "sections.1.items.0.measure"),
        (lambda s: s["sections"][1]["items"][0].update(full=0.85), "zero and full are the same value"),
        (lambda s: s["sections"][1]["items"][0].pop("full"), "zero and full belong to linear"),
        (lambda s: s["sections"][1]["items"][0].update(base=21), "give more than its 20 points"),
        (lambda s: s["sections"][1]["items"][5].update(steps=[[2, 1], [1, 3]]), "thresholds of steps rise"),
        (
            lambda s: s["sections"][1]["items"][0].update(zero=85, full=98),
            "item pass_rate: 85 is no value of pass_rate; shares are written 0 to 1: 0.85, not 85",
        ),
        (
            lambda s: s["sections"][1]["items"][1].update(zero=1, full=1.5),
            "1.5 is no value of first_time_rate",
        ),
        (lambda s: s["sections"][1]["items"][2].update(zero=-0.1), "-0.1 is no value of dwelling_rate"),
        (lambda s: s["sections"][2]["items"][1].update(full=100), "100 is no value of rectified_rate"),
        (
            lambda s: s["sections"][1]["items"][3].update(full=800),
            "item producer: 800 is no value of producer_score; index points are written 0 to 100",
        ),
        (lambda s: s["sections"][0]["items"][2].update(zero=-1), "-1 is no value of .*counts are 0 or more"),
        (
            lambda s: s["sections"][1]["items"][5].update(steps=[[-2, 1], [3, 5]]),
            "-2 is no value of new_brands",
        ),
        (
            lambda s: s["sections"][1]["items"][5].update(measure="pass_rate", steps=[[0.9, 1], [95, 3]]),
            "95 is no value of pass_rate",
        ),
        (lambda s: s["sections"][0]["items"][0].update(measure="pass_rate"), "evidence has no measure"),
        (lambda s: s["sections"][0].update(code="bonus"), "no section may have the code 'bonus'"),
        (lambda s: s["sections"][2].update(code="deduction"), "no section may have the code 'deduction'"),
        (lambda s: s["sections"][2].update(code="results"), "code 'results' stands twice"),
        (lambda s: s["veto"].append(s["veto"][0]), "code 'regional_or_systemic' stands twice"),
        (lambda s: s["veto"][0].update(code="awards"), "code 'awards' stands twice"),
        (lambda s: s["deductions"].update(most=math.inf), "deductions.most: Input should be a finite number"),
        (lambda s: s["bonus"]["items"][0].update(per_event=math.inf), "bonus.items.0.per_event"),
        (lambda s: s["bands"][0].update(lower=math.nan), "bands.0.lower: Input should be a finite number"),
        (lambda s: s["sections"][1]["items"][0].update(full=math.inf), "sections.1.items.0.full"),
        (lambda s: s["sections"][1]["items"][5].update(steps=[[0, 1], [math.inf, 3]]), "items.5.steps.1.0"),
        (lambda s: s["bands"].pop(), "the lowest band begins at 0"),
        (lambda s: s["bands"].reverse(), "from the highest to the lowest"),
        (lambda s: s["veto"][0].update(grade="E"), "gives the grade 'E', which is no band"),
        (lambda s: s.update(year_starts="02-30"), "year_starts"),
        (lambda s: s.update(id="other"), "file and id have one name"),
    ],
)
def test_what_is_no_scheme_is_refused_with_its_place(change, message: str) -> None:
    with pytest.raises(QstatsError, match=message):
        parse_scheme(broken(change), Path("county_30_50_20.yaml"))
