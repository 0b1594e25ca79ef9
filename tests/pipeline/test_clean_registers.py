"""Registers of the synthetic city against their truth: faults caught, awards once, stocks as they are."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from qstats.cleaning.rules import RULES
from qstats.params import Params
from qstats.pipeline.clean import clean_files
from qstats.synthetic import write_registers
from qstats.targets.registers import count_flow, count_stock, lists_valid_only, sum_quantity

Record = Callable[[str, object], None]
Beside = Callable[[pl.DataFrame, pl.DataFrame, list[str]], pl.DataFrame]
SEED = 20151231
END_2015 = date(2015, 12, 31)
PER_CASE = [rule.id for rule in RULES.values() if not rule.cosmetic]
EMPTIED = {
    "county_code": {"place.unknown"},
    "awarded_on": {"date.impossible"},
    "valid_until": {"date.impossible", "register.expired_before_award"},
    "withdrawn_on": {"register.withdrawn_before_award"},
    "grade": {"register.grade_unknown"},
    "quantity": {"number.unreadable"},
    "department": {"text.placeholder"},
    "holder_code": {"code.check_digit", "code.form"},
}
"""Rules that leave nothing to recover, by the column that they empty."""

CHANGED = {
    "awarded_on": {"register.day_not_stated", "register.award_to_come", "register.awarded_again_soon"},
    "valid_until": {"register.awarded_again_soon"},
    "county_code": {"register.conflict"},
}
"""Faults that put another value into a column, which cannot be told from a true one."""

LOSING = ("register.unknown", "register.award_to_come")
"""Faults by which a valid entry is not even counted as one that may be valid."""


class Registers:
    """Registers of the tiny city, cleaned, with their truth."""

    def __init__(self, raw: Path, truth: Path, clean: Path) -> None:
        self.raw = raw
        self.clean = {path.stem: pl.read_parquet(path) for path in clean.glob("*.parquet")}
        self.entries = pl.read_parquet(truth / "register_entries.parquet")
        self.lines = pl.read_parquet(truth / "register_lines.parquet")
        self.stocks = pl.read_csv(truth / "register_stocks.csv")
        self.faults = pl.read_csv(
            truth / "register_faults.csv", schema_overrides={"true": pl.String, "written": pl.String}
        ).with_columns(pl.col("source_row").fill_null(0))
        self.sources = self.clean["sources"]
        self.issues = self.clean["issues"].join(self.sources.select("source_id", "file"), on="source_id")

    def beside(self) -> pl.DataFrame:
        """Clean entries with the true ones (``_true``) and the rules of the faults in their row."""
        rows = self.clean["registers"].join(self.sources.select("source_id", "file"), on="source_id")
        faults = self.faults.group_by("file", "source_row").agg(pl.col("rule").alias("rules"))
        placed = rows.join(self.lines, on=["file", "source_row"]).join(
            self.entries, on="entry", suffix="_true"
        )
        return placed.join(faults, on=["file", "source_row"], how="left").with_columns(
            pl.col("rules").fill_null(pl.lit([], pl.List(pl.String)))
        )


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory, params: Params) -> Registers:
    folder = tmp_path_factory.mktemp("登记 registers")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_registers(folder / "raw", folder / "truth", seed=SEED, size="tiny")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return Registers(folder / "raw", folder / "truth", folder / "clean")


def test_every_fault_is_caught_by_its_rule_in_its_file(
    registers: Registers, beside: Beside, record_property: Record
) -> None:
    by_rule = beside(
        registers.faults.group_by("rule").len("injected"),
        registers.issues.group_by("rule").agg(pl.col("cases").sum().alias("caught")),
        ["rule"],
    )
    record_property("registers: injected and caught", by_rule.rows())
    by_file = beside(
        registers.faults.group_by("rule", "file").len("injected"),
        registers.issues.group_by("rule", "file").agg(pl.col("cases").sum().alias("caught")),
        ["rule", "file"],
    )
    assert by_file.height > 100
    assert by_file.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_case_stands_where_the_fault_was_put(registers: Registers, beside: Beside) -> None:
    key = ["rule", "file", "source_row"]
    counted = pl.col("rule").is_in(PER_CASE)
    injected = registers.faults.filter(counted).group_by(key).len("injected")
    caught = registers.issues.filter(counted).group_by(key).len("caught")
    assert beside(injected, caught, key).filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_rule_of_registers_has_a_fault(registers: Registers) -> None:
    assert {one for one in RULES if one.startswith("register.")} <= set(registers.faults["rule"])


def test_every_row_is_accounted_for(registers: Registers) -> None:
    sources = registers.sources
    total = sources["rows_kept"] + sources["rows_rejected"] + sources["rows_merged"]
    assert total.to_list() == sources["rows_in"].to_list()
    assert sources["problem_en"].null_count() == sources.height == 13
    assert registers.clean["registers"].height == sources["rows_kept"].sum()
    assert set(sources["layout"]) == {
        "register_entries", "trademark_list", "farm_products_list", "standards_list", "quality_officer_list",
    }  # fmt: skip


def test_every_award_stands_once_but_those_of_unknown_registers(registers: Registers) -> None:
    beside = registers.beside()
    again = beside.filter(pl.col("rules").list.contains("register.awarded_again_soon"))
    once = beside.join(again, on="entry_id", how="anti")
    dropped = registers.faults.filter(pl.col("rule") == "register.unknown").join(
        registers.lines, on=["file", "source_row"]
    )
    assert once["entry"].is_unique().all()
    assert set(once["entry"]) | set(dropped["entry"]) == set(registers.entries["entry"])


def test_things_are_told_apart_as_they_are(registers: Registers) -> None:
    beside = registers.beside()
    of_thing = beside.group_by("thing_id").agg(pl.col("thing").n_unique())
    of_truth = beside.group_by("thing").agg(pl.col("thing_id").n_unique())
    assert of_thing.height > 300
    assert (of_thing["thing"] == 1).all()
    assert (of_truth["thing_id"] == 1).all()


VALUES = (
    "register", "name", "holder", "county_code", "awarded_on", "valid_until", "withdrawn_on", "grade",
    "department", "quantity", "holder_code",
)  # fmt: skip
NOT_IN_EVERY_FILE = ("department", "holder_code")


@pytest.mark.parametrize("column", VALUES)
def test_true_values_are_recovered_or_unknown(registers: Registers, column: str) -> None:
    beside = registers.beside()
    if column == "holder_code":
        whole = pl.col("holder_code_true").str.replace("-", "")
        part = pl.when(whole.str.len_chars() == 18).then(whole.str.slice(8, 9)).otherwise(whole)
        beside = beside.with_columns(part.alias("holder_code_true"))
    if column in NOT_IN_EVERY_FILE:
        beside = beside.filter(pl.col(column).is_not_null())
    hit = [pl.col("rules").list.contains(rule) for rule in EMPTIED.get(column, ())]
    lost = pl.any_horizontal(False, *hit) & pl.col(column).is_null()
    other = pl.any_horizontal(False, *(pl.col("rules").list.contains(one) for one in CHANGED.get(column, ())))
    wrong = beside.filter(pl.col(column).ne_missing(pl.col(f"{column}_true")) & ~lost & ~other)
    assert wrong.select(column, f"{column}_true", "file", "source_row", "rules").rows()[:5] == []
    assert beside[column].drop_nulls().len() > 0


def test_awards_stated_by_year_lie_in_their_year(registers: Registers) -> None:
    beside = registers.beside().filter(pl.col("award_stated").is_in(["year", "month"]))
    assert beside.height > 10
    assert (beside["awarded_on"].dt.year() == beside["awarded_on_true"].dt.year()).all()
    assert (beside["awarded_on"] >= beside["awarded_on_true"]).all()


def test_stocks_lie_within_their_bounds(registers: Registers) -> None:
    table = registers.clean["registers"].to_pandas()
    twice = registers.beside().filter(pl.col("rules").list.contains("register.awarded_again_soon"))
    again = dict(twice.group_by("register").len().iter_rows())
    lost = registers.faults.filter(pl.col("rule").is_in(LOSING)).height
    checked = 0
    for one in registers.stocks.filter(pl.col("year") == 2015).iter_rows(named=True):
        found = count_stock(table, one["register"], END_2015)
        assert found.value - again.get(one["register"], 0) <= one["stock"] <= found.upper + lost
        assert found.upper - found.value <= 0.35 * one["stock"] + 8
        checked += found.received
    assert checked == 22


def test_area_and_awards_of_a_year(registers: Registers) -> None:
    table = registers.clean["registers"].to_pandas()
    true = registers.stocks.filter((pl.col("year") == 2015) & (pl.col("register") == "standard_base"))
    area = sum_quantity(table, "standard_base", END_2015)
    assert area.unstated <= 2
    assert area.value <= true["quantity"][0] + 1e-6
    cups = registers.stocks.filter((pl.col("year") == 2015) & (pl.col("register") == "structure_cup"))
    found = count_flow(table, "structure_cup", (date(2015, 1, 1), END_2015), counted="new")
    assert found.value <= cups["first_awards"][0] <= found.upper + 4


def test_lists_hold_what_ended_too(registers: Registers) -> None:
    table = registers.clean["registers"].to_pandas()
    assert not lists_valid_only(table, "provincial_brand_product", date(2016, 1, 31))


def test_denominators_of_targets_are_declared_in_part(registers: Registers) -> None:
    declared = registers.clean["denominators"]
    assert set(declared["denominator"]) == {
        "above_scale_enterprises", "large_medium_enterprises", "campaign_enterprises", "agricultural_area",
    }  # fmt: skip
    assert set(declared["year"]) == {2014, 2015}
