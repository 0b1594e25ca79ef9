"""The synthetic survey through stage one. Oracle: its truth, and the record of every fault in its files."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from qstats.params import Params
from qstats.pipeline.clean import clean_files
from qstats.questionnaires import read_questionnaires
from qstats.synthetic import write_survey

SERVICES = read_questionnaires()["service_satisfaction"]
ITEMS = list(SERVICES.items)
STRANGERS = {"旧版问卷_2012.csv", "服务满意度_五分制.csv"}
KEY = ["respondent_id", "wave"]


class Cleaned:
    """Clean tables beside the truth."""

    def __init__(self, folder: Path) -> None:
        clean, truth = folder / "clean", folder / "truth"
        self.tables = {path.stem: pl.read_parquet(path) for path in clean.glob("*.parquet")}
        self.true = pl.read_parquet(truth / "respondents.parquet")
        self.sources = self.tables["sources"]
        files = self.sources.select("source_id", "file")
        self.issues = self.tables["issues"].join(files, on="source_id")
        self.faults = pl.read_csv(truth / "survey_faults.csv", infer_schema=False).with_columns(
            pl.col("source_row").cast(pl.Int64)
        )
        self.respondents = self.tables["respondents"].join(files, on="source_id")

    def compared(self, by: Sequence[str]) -> list[tuple[object, ...]]:
        """Groups in which injected and caught differ."""
        injected = self.faults.group_by(by).len("injected")
        caught = self.issues.group_by(by).agg(pl.col("cases").sum().alias("caught"))
        both = injected.join(caught, on=by, how="full", coalesce=True).fill_null(0)
        return both.filter(pl.col("injected") != pl.col("caught")).rows()


@pytest.fixture(scope="module")
def cleaned(asked_city: Path) -> Cleaned:
    return Cleaned(asked_city)


def test_every_fault_is_caught_by_its_rule_in_its_file(cleaned: Cleaned) -> None:
    assert cleaned.compared(["rule", "file"]) == []
    assert cleaned.issues["rule"].n_unique() >= 10


def test_every_case_stands_where_the_fault_was_put(cleaned: Cleaned) -> None:
    """Rules that write one row per case; answers that are no scores are counted by kind."""
    rules = [f"respondent.{one}" for one in ("no_answers", "duplicate", "straight_line", "speeder")]
    rules.append("category.unknown")
    places = [
        set(table.filter(pl.col("rule").is_in(rules)).select("rule", "file", "source_row").iter_rows())
        for table in (cleaned.faults, cleaned.issues)
    ]
    assert places[0] == places[1] and len(places[0]) > 60


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_any_seed_is_caught(params: Params, tmp_path: Path, seed: int) -> None:
    for name in ("raw", "clean"):
        (tmp_path / name).mkdir()
    write_survey(tmp_path / "raw", tmp_path / "truth", seed=seed, size="tiny")
    clean_files(tmp_path / "raw", params, tmp_path / "clean", lambda message: None)
    assert Cleaned(tmp_path).compared(["rule", "file"]) == []


def test_rows_add_up(cleaned: Cleaned) -> None:
    counted = cleaned.sources.select("rows_in", "rows_kept", "rows_rejected", "rows_merged")
    for rows_in, kept, rejected, merged in counted.iter_rows():
        assert rows_in == kept + rejected + merged
    read = cleaned.sources.filter(~pl.col("file").is_in(STRANGERS))
    assert read["rows_kept"].sum() == cleaned.respondents.height
    assert read["rows_in"].sum() == cleaned.true.height + 3  # three were sent twice


def test_nobody_is_lost_and_nobody_invented(cleaned: Cleaned) -> None:
    missing = cleaned.true.join(cleaned.respondents, on=KEY, how="anti").height
    assert missing == cleaned.faults.filter(pl.col("rule") == "respondent.no_answers").height
    assert cleaned.respondents.join(cleaned.true, on=KEY, how="anti").is_empty()
    assert cleaned.respondents.select(KEY).is_unique().all()


def test_true_scores_and_groups_are_recovered(cleaned: Cleaned) -> None:
    """But in questionnaires that were filled in without reading; unknown only where it is on record."""
    both = cleaned.respondents.join(cleaned.true, on=KEY, suffix="_true")
    read = both.filter(pl.col("screened").is_null() | (pl.col("screened") == "speeder"))
    lost = 0
    for item in ITEMS:
        known = read.filter(pl.col(item).is_not_null())
        changed = known.filter(pl.col(item) != pl.col(f"{item}_true"))
        # full-width digits replace what was said: four in each file, in its first four items
        assert changed.height <= 4 * (item in ITEMS[:4]), item
        lost += read.height - known.height
    assert lost > 100
    for column in ("industry", "county_code", "age_group", "sex"):
        assert (both[column] == both[f"{column}_true"]).all(), column
    unknown = both["mode"].is_null()
    assert unknown.sum() == cleaned.faults.filter(pl.col("rule") == "category.unknown").height
    assert both.filter(~unknown & (pl.col("mode") != pl.col("mode_true"))).is_empty()
    assert both.filter((pl.col("weight") - pl.col("weight_true")).abs() > 1e-9).is_empty()


def test_every_open_question_has_its_reason(cleaned: Cleaned) -> None:
    """Answers that are no scores, and reasons in `unanswered`, are the same cells."""
    long = cleaned.respondents.unpivot(on=ITEMS, index=KEY, variable_name="item", value_name="score")
    unscored = set(long.filter(pl.col("score").is_null()).select(*KEY, "item").iter_rows())
    reasons = cleaned.tables["unanswered"]
    assert set(reasons.select(*KEY, "item").iter_rows()) == unscored
    assert set(reasons["reason"]) == {"dont_know", "refused", "blank", "out_of_range"}


def test_strangers_are_refused_in_clear_words(cleaned: Cleaned) -> None:
    refused = cleaned.sources.filter(pl.col("problem_en").is_not_null()).rows_by_key(
        "file", named=True, unique=True
    )
    assert set(refused) == STRANGERS
    other, five = refused["旧版问卷_2012.csv"], refused["服务满意度_五分制.csv"]
    assert "fits no layout" in other["problem_en"] and "A1旧题" in other["problem_en"]
    assert "不符合任何版式" in other["problem_zh"] and "A1旧题" in other["problem_zh"]
    assert "the questionnaire declares 1 to 10" in five["problem_en"]
    assert "问卷规定的量表是1–10" in five["problem_zh"] and "请报送单位核对" in five["problem_zh"]
    assert refused["服务满意度_五分制.csv"]["rows_kept"] == 0


def test_cleaning_gives_the_same_bytes_again(asked_city: Path, params: Params, tmp_path: Path) -> None:
    clean_files(asked_city / "raw", params, tmp_path, lambda message: None)
    for path in (asked_city / "clean").glob("*.parquet"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_margins_come_through(cleaned: Cleaned) -> None:
    margins = cleaned.tables["margins"]
    totals = margins.group_by("wave", "variable").agg(pl.col("population").sum())
    assert totals.height == 9
    assert totals.group_by("wave").agg(pl.col("population").n_unique())["population"].to_list() == [1, 1, 1]
