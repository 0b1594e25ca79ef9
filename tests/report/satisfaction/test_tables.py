"""Tables of the chapter. Oracle: the rows of the assessment; a sentence where there is nothing to show."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from qstats.codebook import Text
from qstats.report import markup, satisfaction
from qstats.report.display import Display
from qstats.report.satisfaction import Assessment

Rows = Callable[[Display], list[dict[str, Any]]]
TABLES: dict[str, Callable[[Assessment], Display]] = {
    name: getattr(satisfaction, f"tabulate_{name}")
    for name in (
        "targets", "changes", "drivers", "paths", "items", "loadings", "measurement", "invariance", "modes",
        "robustness", "sample", "unanswered",
    )
} | {f"groups_{column}": lambda assessed, column=column: satisfaction.tabulate_groups(assessed, column)
     for column in ("sector", "industry", "county_code")}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_table_reads_well_whatever_can_be_stated(
    case: Assessment, table: str, read_well: Callable[[Text], None], words_of: Callable[[Display], list[Text]]
) -> None:
    display = TABLES[table](case)
    for text in words_of(display):
        if text["zh"] not in ("AVE", "R²", "n") and any("\u4e00" <= one <= "\u9fff" for one in text["zh"]):
            read_well(text)
    for language in ("zh", "en"):
        shown = markup.render(display.kind, display.payload, language)
        assert not re.search(r">(nan|None|NaN|NaT)</t[dh]>|\{", shown), shown


def test_groups_show_index_score_and_share_side_by_side(usual: Assessment, rows_of: Rows) -> None:
    display = satisfaction.tabulate_groups(usual, "industry")
    rows = {row["industry"]: row for row in rows_of(display)}
    for measure in ("index", "score", "share"):
        for one in usual.measure("industry", measure).to_dict("records"):
            assert rows[one["industry"]][measure] == pytest.approx(one["estimate"])
            assert rows[one["industry"]][f"{measure}_lower"] == pytest.approx(one["lower"])
    formats = {column["key"]: column["format"] for column in display.payload["columns"]}
    assert (formats["index"], formats["score"], formats["share"]) == ("number", "number", "percent")


def test_a_silent_sector_keeps_its_row(silent_sector: Assessment, rows_of: Rows) -> None:
    rows = {row["sector"]: row for row in rows_of(satisfaction.tabulate_groups(silent_sector, "sector"))}
    assert rows["consumer"]["score"] is None and rows["consumer"]["index"] is None
    assert rows["consumer"]["mark"] == "cannot_be_stated"
    assert (
        "没有人给出评分" in rows["consumer"]["reason_zh"]
        and "nobody gave a score" in rows["consumer"]["reason_en"]
    )
    assert rows["producer"]["mark"] in ("stated", "use_with_care")


def test_changes_with_all_waves(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(satisfaction.tabulate_changes(usual))
    sectors = usual.measure("sector", "index").set_index("sector")
    assert [row["code"] for row in rows[:2]] == list(sectors.index)
    for row in rows[:2]:
        expected = sectors.loc[row["code"]]
        assert row["wave_1"] == pytest.approx(expected["estimate"])
        assert row["wave_0"] == pytest.approx(expected["before"])
        assert row["change"] == pytest.approx(expected["change"])
    assert len(rows) == 2 + 4


def test_questions_from_low_to_high(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(satisfaction.tabulate_items(usual))
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores) and len(scores) == 8


def test_sample_beside_the_population(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(satisfaction.tabulate_sample(usual))
    assert [row["population"] for row in rows] == pytest.approx([0.52, 0.48])
    assert [row["weighted"] for row in rows] == pytest.approx([0.52, 0.48])
    assert sum(row["n"] for row in rows) == 320


def test_other_choices_start_with_the_one_made(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(satisfaction.tabulate_robustness(usual))
    assert [row["choice_en"] for row in rows[:2]] == ["This report"] * 2
    own = usual.measure("sector", "index")["estimate"].tolist()
    assert [row["estimate"] for row in rows[:2]] == pytest.approx(own)
    unweighted = usual.unweighted().measure("sector", "index")["estimate"].tolist()
    found = [row["estimate"] for row in rows if row["choice_en"] == "Not weighted to the population"]
    assert found == pytest.approx(unweighted)


@pytest.mark.parametrize("table", ["drivers", "paths", "measurement"])
def test_without_a_model_a_sentence_says_why(few: Assessment, table: str) -> None:
    display = TABLES[table](few)
    assert display.kind == "text" and display.payload["name"].startswith("satisfaction_")
    (told,) = display.payload["paragraphs"]
    assert "only 20 answered every item of the model, fewer than the 100" in told["en"]
    assert "少于模型所需的100人" in told["zh"]


@pytest.mark.parametrize("table", TABLES)
def test_nothing_received_is_told_in_place_of_each_table(nothing: Assessment, table: str) -> None:
    display = TABLES[table](nothing)
    assert display.kind == "text"
    assert display.payload["name"].startswith("satisfaction_")
