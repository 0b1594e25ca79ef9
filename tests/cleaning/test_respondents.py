"""Questionnaires: what is a score, who is merged, who is marked, what is refused."""

from datetime import date

import polars as pl
import pytest

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.respondents import clean_respondents, settle_respondents
from qstats.cleaning.streams import StreamSetting, Tables
from qstats.errors import RefusedFileError
from qstats.questionnaires import Questionnaire, read_questionnaires
from qstats.sources.layouts import layouts_of_questionnaires

SERVICES = read_questionnaires()["service_satisfaction"]
LAYOUT = layouts_of_questionnaires()["service_satisfaction"]
ITEMS = list(SERVICES.items)


def setting_of(questionnaire: Questionnaire | None = SERVICES) -> StreamSetting:
    return StreamSetting(LAYOUT, "问卷.csv", "s1", 2013, date(2016, 1, 31), questionnaire)


def raw_rows(*changes: dict[str, str | None]) -> pl.DataFrame:
    """Rows as sources hand them out: varied answers, and what each row changes."""
    usual = {
        "wave": "2015",
        "county_code": "莘县",
        "sector": None,
        "industry": "银行",
        "mode": "面访",
        "sex": "女",
    }
    rows = []
    for number, change in enumerate(changes, start=2):
        answers = {item: str(7 + (at + number) % 3) for at, item in enumerate(ITEMS)}
        rows.append({"source_row": number, "respondent_id": f"R{number}"} | usual | answers | change)
    schema = {"source_row": pl.Int64, **dict.fromkeys(LAYOUT.fields, pl.String)}
    return pl.DataFrame(rows, schema=schema)


def clean(raw: pl.DataFrame) -> tuple[Tables, list[tuple[int, str]]]:
    log = IssueLog("s1", "respondents")
    tables = clean_respondents(raw, setting_of(), log)
    return tables, log.table_of_issues().select("source_row", "rule").rows()


def test_what_is_no_score_is_unknown_and_says_why() -> None:
    tables, issues = clean(
        raw_rows(
            {
                "image_1": "99",
                "image_2": "不知道",
                "image_3": "拒答",
                "value_1": "11",
                "value_2": None,
                "loyalty_1": "9分",
            }
        )
    )
    row = tables["respondents"].row(0, named=True)
    assert [row[item] for item in ("image_1", "image_2", "image_3", "value_1", "value_2")] == [None] * 5
    assert row["loyalty_1"] == 9
    why = dict(tables["unanswered"].select("item", "reason").iter_rows())
    assert why == {
        "image_1": "dont_know", "image_2": "dont_know", "image_3": "refused", "value_1": "out_of_range",
        "value_2": "blank",
    }  # fmt: skip
    assert sorted(rule for _, rule in issues) == [
        "answer.dont_know", "answer.dont_know", "answer.out_of_range", "answer.refused",
    ]  # fmt: skip


def test_codes_follow_the_questionnaire_and_the_industry_names_the_sector() -> None:
    tables, issues = clean(
        raw_rows(
            {"industry": "旅游", "sector": None}, {"mode": "飞鸽", "weight": "0", "county_code": "371503"}
        )
    )
    first, second = tables["respondents"].rows(named=True)
    assert (first["sector"], first["industry"], first["county_code"]) == ("consumer", "tourism", "371522")
    assert (first["mode"], first["sex"]) == ("face_to_face", "female")
    assert (second["mode"], second["weight"], second["county_code"]) == (None, None, "371523")
    assert {rule for _, rule in issues} == {"category.unknown", "number.unreadable", "place.recoded"}


def test_lines_that_are_no_questionnaires_are_dropped_one_by_one() -> None:
    heading = {item: LAYOUT.columns[item][0] for item in ITEMS}
    nothing = dict.fromkeys(["respondent_id", "wave", "county_code", "industry", "mode", "sex", *ITEMS])
    unanswered = dict.fromkeys(ITEMS, "99")
    tables, issues = clean(raw_rows({}, heading, nothing, {**nothing, "respondent_id": "合 计"}, unanswered))
    assert tables["respondents"]["source_row"].to_list() == [2]
    dropped = {row: rule for row, rule in issues if not rule.startswith("answer.")}
    assert dropped == {
        3: "row.header_repeated", 4: "row.blank", 5: "row.total", 6: "respondent.no_answers",
    }  # fmt: skip
    assert tables["unanswered"].is_empty()


def test_without_a_wave_the_year_of_the_interview_stands_for_it() -> None:
    tables, issues = clean(raw_rows({"wave": None, "surveyed_on": "2015-10-20"}, {"wave": None}))
    assert tables["respondents"]["wave"].to_list() == ["2015"]
    assert (3, "row.no_identity") in issues
    with pytest.raises(RefusedFileError, match="which wave"):
        clean(raw_rows({"wave": None}, {"wave": None, "surveyed_on": "2019-01-01"}))


def test_one_respondent_counts_once_over_all_files() -> None:
    tables, _ = clean(raw_rows({}, {"respondent_id": "R2", "image_1": "1"}, {"respondent_id": None}))
    again = tables["respondents"].with_columns(source_id=pl.lit("s2"))
    both = tables | {"respondents": pl.concat([tables["respondents"], again])}
    settled = settle_respondents(both)
    kept = settled.tables["respondents"].select("respondent_id", "source_row", "source_id").rows()
    assert kept == [("R2", 2, "s1"), ("s1-4", 4, "s1")]
    merged = settled.issues.filter(pl.col("rule") == "respondent.duplicate")
    assert merged.select("source_id", "source_row").rows() == [("s1", 3), ("s2", 2), ("s2", 3), ("s2", 4)]


def test_fast_and_uniform_questionnaires_are_marked() -> None:
    changes: list[dict[str, str | None]] = [{"seconds": str(600 + number)} for number in range(40)]
    changes[3] = {"seconds": "150"}
    changes[5] = {"seconds": "600", **dict.fromkeys(ITEMS, "8")}
    changes[7] = {"seconds": "100", **dict.fromkeys(ITEMS, "8")}
    settled = settle_respondents(clean(raw_rows(*changes))[0])
    marked = settled.tables["respondents"].filter(pl.col("screened").is_not_null())
    assert marked.select("source_row", "screened").rows() == [
        (5, "speeder"),
        (7, "straight_line"),
        (9, "speeder"),
    ]
    assert settled.issues["rule"].to_list() == [f"respondent.{one}" for one in marked["screened"]]
    few = settle_respondents(clean(raw_rows(*changes[:20]))[0]).tables["respondents"]
    assert few["screened"].drop_nulls().to_list() == ["straight_line", "straight_line"]


def test_reverse_items_are_turned_and_do_not_hide_uniform_answers() -> None:
    reversed_items = {c: i.model_copy(update={"reverse": c == "value_1"}) for c, i in SERVICES.items.items()}
    turned = SERVICES.model_copy(update={"items": reversed_items})
    raw = raw_rows({"value_1": "10"}, dict.fromkeys(ITEMS, "8"))
    tables = clean_respondents(raw, setting_of(turned), IssueLog("s1", "respondents"))
    assert tables["respondents"]["value_1"].to_list() == [1, 3]
    assert tables["respondents"]["screened"].to_list() == [None, "straight_line"]


def test_another_scale_refuses_the_file() -> None:
    on_five = [{item: str(1 + (at + n) % 5) for at, item in enumerate(ITEMS)} for n in range(5)]
    with pytest.raises(
        RefusedFileError, match="answers lie on 1 to 5, while the questionnaire declares 1 to 10"
    ):
        clean(raw_rows(*on_five))
    on_hundred = [{item: str(50 + 5 * ((at + n) % 9)) for at, item in enumerate(ITEMS)} for n in range(5)]
    with pytest.raises(RefusedFileError, match="answers lie on 50 to 90"):
        clean(raw_rows(*on_hundred))


def test_another_questionnaire_refuses_the_file() -> None:
    bank = read_questionnaires()["ecsi_bank"]
    with pytest.raises(RefusedFileError, match="this run assesses “customer satisfaction"):
        clean_respondents(raw_rows({}), setting_of(bank), IssueLog("s1"))
    with pytest.raises(RefusedFileError, match="names no questionnaire"):
        clean_respondents(raw_rows({}), setting_of(None), IssueLog("s1"))


def test_an_empty_chunk_is_no_error() -> None:
    tables, issues = clean(raw_rows())
    assert tables["respondents"].is_empty() and not issues


def test_questions_that_the_kept_questionnaire_answers_are_none_left_open() -> None:
    """The first one sent counts: what it answers is no open question, whatever a second one leaves open."""
    tables, _ = clean(
        raw_rows(
            {"respondent_id": "R", "image_2": "99"},
            {"respondent_id": "R", "image_1": "98", "image_2": None},
            {"respondent_id": "S", "image_1": "98"},
        )
    )
    unanswered = settle_respondents(tables).tables["unanswered"]
    assert set(unanswered.rows()) == {
        ("R", "2015", "image_2", "dont_know"), ("S", "2015", "image_1", "refused"),
    }  # fmt: skip
