"""Margins of the population: what is read, and what is refused with file, row and remedy. Oracle: by hand."""

from pathlib import Path

import polars as pl
import pytest

from qstats.errors import SourceError
from qstats.questionnaires import Questionnaire, read_questionnaires
from qstats.sources.margins import FILE_NAME, read_margins

SERVICES = read_questionnaires()["service_satisfaction"]
HEADING = "wave,variable,category,population"


def read(folder: Path, *lines: str, questionnaire: Questionnaire | None = SERVICES) -> pl.DataFrame:
    (folder / FILE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return read_margins(folder, questionnaire)


def test_margins_as_declared(tmp_path: Path) -> None:
    lines = ['2015,sex,female,"1,200"', ",,,", "2015, sex ,male,800.5", ",age_group,60+,2000.5"]
    table = read(tmp_path, HEADING, *lines)
    assert table.rows() == [
        ("2015", "sex", "female", 1200.0), ("2015", "sex", "male", 800.5), (None, "age_group", "60+", 2000.5),
    ]  # fmt: skip


def test_counties_need_no_declaration(tmp_path: Path) -> None:
    assert read(tmp_path, HEADING, ",county_code,371522,10").height == 1


def test_no_file_and_no_questionnaire_are_no_margins(tmp_path: Path) -> None:
    assert read_margins(tmp_path, SERVICES).is_empty()
    assert read(tmp_path, HEADING, "2015,sex,female,10", questionnaire=None).is_empty()


def test_other_columns_may_stand_beside(tmp_path: Path) -> None:
    assert read(tmp_path, f"source,{HEADING}", "census,2015,sex,female,10").height == 1


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["wave,variable,category", ",sex,female"], "column 'population' is missing"),
        ([HEADING, ",shoe_size,42,10"], "row 2: variable 'shoe_size' is none of county_code"),
        ([HEADING, ",wave,2015,10"], "variable 'wave' is none of"),
        ([HEADING, ",sex,female,10", ",sex,女,10"], "row 3: category '女' of sex is none of female, male"),
        ([HEADING, ",county_code,110101,10"], "These may be the margins of another city"),
        ([HEADING, ",industry,shoe_shops,10"], "These may be the margins of another city or questionnaire"),
        ([HEADING, ",sex,female,many"], "population 'many' is no positive number"),
        ([HEADING, ",sex,female,"], "population '' is no positive number"),
        ([HEADING, ",sex,female,-3"], "population '-3' is no positive number"),
        ([HEADING, ",sex,female,0"], "population '0' is no positive number"),
        ([HEADING, ",sex,female,inf"], "population 'inf' is no positive number"),
        ([HEADING, "2015,sex,female,10", "2015,sex,female,11"], "2015 / sex / female stands twice"),
    ],
)
def test_what_is_no_margin_is_refused_with_its_place(tmp_path: Path, lines: list[str], words: str) -> None:
    with pytest.raises(SourceError, match=words) as refused:
        read(tmp_path, *lines)
    assert FILE_NAME in str(refused.value)


def test_margins_of_one_wave_describe_one_population(tmp_path: Path) -> None:
    lines = ["2015,sex,female,600", "2015,sex,male,400", "2015,industry,bank,900"]
    with pytest.raises(SourceError, match="of wave 2015 have different totals: industry 900, sex 1,000"):
        read(tmp_path, HEADING, *lines)
    assert read(tmp_path, HEADING, *lines, "2015,industry,hotel,100").height == 4


def test_totals_may_differ_by_rounding_only(tmp_path: Path) -> None:
    lines = ["2015,sex,female,1000000", "2015,industry,bank,{}"]
    assert read(tmp_path, HEADING, lines[0], lines[1].format("1000000.4")).height == 2
    with pytest.raises(SourceError, match="different totals"):
        read(tmp_path, HEADING, lines[0], lines[1].format("1000100"))


def test_general_margins_are_held_against_those_of_each_wave(tmp_path: Path) -> None:
    """Sex for every wave, industry for one: used together in that wave, so their totals must agree."""
    general = [",sex,female,600", ",sex,male,400"]
    assert read(tmp_path, HEADING, *general, "2015,industry,bank,1000").height == 3
    with pytest.raises(SourceError, match="of wave 2015 have different totals: industry 50, sex 1,000"):
        read(tmp_path, HEADING, *general, "2015,industry,bank,50")


def test_a_wave_of_its_own_size_replaces_the_general_margin(tmp_path: Path) -> None:
    lines = [
        ",sex,female,600",
        ",sex,male,400",
        "2015,sex,female,30",
        "2015,sex,male,20",
        "2015,industry,bank,50",
    ]
    assert read(tmp_path, HEADING, *lines).height == 5
