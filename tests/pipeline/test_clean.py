"""The whole of cleaning against the truth of the synthetic city: every fault caught, nothing else touched."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qstats.cleaning.rules import RULES
from qstats.params import Params
from qstats.pipeline.clean import clean_files
from qstats.sources.filled_template import write_inspections_as_template
from qstats.synthetic import Truth, write_city

Record = Callable[[str, object], None]
Beside = Callable[[pl.DataFrame, pl.DataFrame, list[str]], pl.DataFrame]
KEEP_WITHOUT_CASES = {"file.duplicate", "file.refused", "file.sheet_ignored", "file.column_ignored"}
"""Rules about a whole file: they have no row."""

CODED = ["county_code", "enterprise_size", "product_class", "stage", "programme", "level"]
DATES = ["sampled_on", "announced_on"]
RESULTS = ["fate", "first_outcome", "outcome"]
UNKNOWABLE = {
    "place.unknown": ["county_code"],
    "size.unknown": ["enterprise_size"],
    "stage.unknown": ["stage"],
    "date.missing": ["sampled_on"],
    "date.impossible": ["announced_on"],
    "outcome.unknown": RESULTS,
    "outcome.missing": RESULTS,
}
"""Faults that leave nothing to recover, and the columns that they empty."""
NOT_STATED = {"enterprise_size": "county_bureau"}
"""Columns that a supplier's form does not have."""
MISLEADING = {"date.order": ["announced_on"], "product_class.unknown": ["product_class"]}
"""Faults that are flagged only: what is written stays."""

ITEMS_LOST = (
    "outcome.fail_without_item", "outcome.pass_with_failed_item", "outcome.missing", "outcome.unknown",
    "item.result_unreadable", "item.two_results",
)  # fmt: skip
"""Faults after which the items are not those that were found."""


class City:
    """The tiny city, cleaned: tables by name, truth, and where each issue stands."""

    def __init__(self, truth: Truth, folder: Path) -> None:
        self.truth = truth
        names = ("inspections", "inspection_items", "issues", "batch_rows", "sources")
        self.inspections, self.items, issues, self.batch_rows, self.sources = (
            pl.read_parquet(folder / f"{name}.parquet") for name in names
        )
        self.issues = issues.join(self.sources.select("source_id", "file"), on="source_id")
        self.faults = truth.faults.with_columns(
            pl.when(pl.col("rule").is_in(list(KEEP_WITHOUT_CASES)))
            .then(0)
            .otherwise("source_row")
            .alias("source_row")
        )


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, params: Params) -> City:
    folder = tmp_path_factory.mktemp("城 city")
    truth = write_city(folder / "raw", truth=folder / "truth", size="tiny")
    (folder / "clean").mkdir()
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return City(truth, folder / "clean")


def test_every_fault_is_caught_by_its_rule(city: City, beside: Beside, record_property: Record) -> None:
    injected = city.faults.group_by("rule").len("injected")
    caught = city.issues.group_by("rule").agg(pl.col("cases").sum().alias("caught"))
    table = beside(injected, caught, ["rule"])
    record_property("rules: injected and caught", table.rows())
    assert table.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_fault_is_caught_in_its_file(city: City, beside: Beside) -> None:
    injected = city.faults.group_by("rule", "file").len("injected")
    caught = city.issues.group_by("rule", "file").agg(pl.col("cases").sum().alias("caught"))
    both = beside(injected, caught, ["rule", "file"])
    assert both.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_case_stands_where_the_fault_was_put(city: City, beside: Beside) -> None:
    per_case = [rule.id for rule in RULES.values() if not rule.cosmetic]
    key = ["rule", "file", "source_row"]
    injected = city.faults.filter(pl.col("rule").is_in(per_case)).group_by(key).len("injected")
    caught = city.issues.filter(pl.col("rule").is_in(per_case)).group_by(key).agg(pl.len().alias("caught"))
    both = beside(injected, caught, key)
    assert both.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_cosmetic_rules_name_their_first_row(city: City) -> None:
    cosmetic = pl.col("rule").is_in([rule.id for rule in RULES.values() if rule.cosmetic])
    issues = city.issues.filter(cosmetic & ~pl.col("rule").str.starts_with("row."))
    places = city.faults.select("rule", "file", "source_row").unique()
    assert issues.height > 0
    assert issues.join(places, on=["rule", "file", "source_row"], how="anti").rows() == []


def test_no_batch_is_lost_and_none_is_invented(city: City) -> None:
    true = city.truth.batches.filter("readable")["sheet_no"]
    assert sorted(city.inspections["batch_id"]) == sorted(true)


def _compared(city: City) -> pl.DataFrame:
    """Clean batches beside the true ones, with the rules of the faults that touched each."""
    place = city.batch_rows.join(city.sources.select("source_id", "file"), on="source_id")
    touched = city.faults.join(place, on=["file", "source_row"]).group_by("batch_id").agg("rule")
    true = city.truth.batches.rename({"sheet_no": "batch_id"})
    beside = city.inspections.join(true, on="batch_id", suffix="_true").join(
        touched, on="batch_id", how="left"
    )
    return beside.with_columns(pl.col("rule").fill_null(pl.lit([], pl.List(pl.String))))


def _touched_by(*rules: str) -> pl.Expr:
    return pl.col("rule").list.set_intersection(list(rules)).list.len() > 0


@pytest.mark.parametrize("column", [*CODED, *DATES, *RESULTS])
def test_true_values_are_recovered_or_unknown(city: City, column: str) -> None:
    compared = _compared(city)
    emptied = [rule for rule, columns in UNKNOWABLE.items() if column in columns]
    misled = [rule for rule, columns in MISLEADING.items() if column in columns]
    hit = _touched_by(*emptied)
    hit |= pl.col("supplier") == NOT_STATED.get(column, "")
    true = pl.col(f"{column}_true")
    expected = pl.when(~hit).then(true).otherwise(pl.lit("pending") if column == "fate" else None)
    judged = compared.filter(~_touched_by(*misled))
    wrong = judged.filter(pl.col(column).ne_missing(expected))
    assert wrong.select("batch_id", column, f"{column}_true", "rule").rows()[:5] == []
    assert judged.height > compared.height - 20


def test_enterprises_are_told_apart_by_code_else_by_name(city: City) -> None:
    compared = _compared(city)
    damaged = _touched_by("code.check_digit", "code.form")
    coded = compared.filter(pl.col("enterprise_code").is_not_null() & ~damaged)
    code = pl.col("enterprise_code").str.replace("-", "")
    organisation = pl.when(code.str.len_chars() == 18).then(code.str.slice(8, 9)).otherwise(code)
    assert coded.filter(pl.col("enterprise_id") != "org:" + organisation).rows() == []
    named = compared.join(coded, on="batch_id", how="anti")
    nameless = pl.col("rule").list.contains("enterprise.missing")
    expected = pl.when(~nameless).then("name:" + pl.col("enterprise_name_true"))
    assert named.height > 0
    assert named.filter(pl.col("enterprise_id").ne_missing(expected)).rows() == []


def test_items_are_recovered(city: City) -> None:
    columns = ["batch_id", "item", "result", "unit", "limit_operator", "limit", "verdict"]
    compared = _compared(city).filter(~_touched_by(*ITEMS_LOST)).select("batch_id", "rule", "supplier")
    clean = city.items.join(compared, on="batch_id").sort(columns)
    true = city.truth.items.rename({"sheet_no": "batch_id"}).join(compared, on="batch_id").sort(columns)
    only_names = _touched_by("item.split") | (pl.col("supplier") == "county_bureau")
    whole, expected = (part.filter(~only_names).select(columns) for part in (clean, true))
    assert whole.height > 100
    assert whole.rows() == expected.rows()
    names, expected = (part.filter(only_names).select("batch_id", "item") for part in (clean, true))
    assert names.height > 10
    assert names.rows() == expected.rows()


def test_every_row_is_accounted_for(city: City) -> None:
    sources = city.sources
    total = sources["rows_kept"] + sources["rows_rejected"] + sources["rows_merged"]
    assert total.to_list() == sources["rows_in"].to_list()
    assert city.batch_rows.height == (sources["rows_kept"] + sources["rows_merged"]).sum()
    assert city.batch_rows.select("source_id", "source_row").is_unique().all()
    assert set(city.batch_rows["batch_id"]) == set(city.inspections["batch_id"])


@pytest.fixture(scope="module")
def again(city: City, params: Params, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The clean tables of the city, written on our own form and cleaned once more."""
    folder = tmp_path_factory.mktemp("again")
    (folder / "raw").mkdir()
    (folder / "clean").mkdir()
    write_inspections_as_template(city.inspections, city.items, folder / "raw" / "回填.xlsx")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return {path.stem: pl.read_parquet(path) for path in (folder / "clean").glob("*.parquet")}


def test_cleaning_the_clean_table_changes_no_batch(city: City, again: dict[str, pl.DataFrame]) -> None:
    columns = [
        name for name in city.inspections.columns if name not in ("source_id", "source_row", "listing")
    ]
    assert again["inspections"].select(columns).equals(city.inspections.select(columns))


def test_cleaning_the_clean_table_changes_no_failed_item(city: City, again: dict[str, pl.DataFrame]) -> None:
    columns = ["batch_id", "item", "result", "unit", "limit_operator", "limit"]
    failed = city.items.filter(pl.col("verdict") == "fail").select(columns)
    assert sorted(again["inspection_items"].select(columns).rows(), key=str) == sorted(failed.rows(), key=str)


def test_cleaning_the_clean_table_meets_nothing_new(city: City, again: dict[str, pl.DataFrame]) -> None:
    issues = again["issues"].filter(
        pl.col("rule") != "item.split"
    )  # the form itself has one cell for all items
    assert set(issues["action"]) == {"flagged"}
    flagged = city.issues.filter(pl.col("action") == "flagged")
    assert set(issues["rule"]) <= set(flagged["rule"])
    assert issues["cases"].sum() <= flagged["cases"].sum()
