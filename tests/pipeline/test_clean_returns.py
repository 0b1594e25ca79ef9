"""Quality returns of the synthetic city beside their truth: faults caught, returns once, values recovered."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qstats.cleaning.returns import AMOUNTS, COUNTS
from qstats.cleaning.rules import RULES
from qstats.params import Params
from qstats.pipeline.clean import clean_files
from qstats.synthetic import write_returns

Beside = Callable[[pl.DataFrame, pl.DataFrame, list[str]], pl.DataFrame]
PER_CASE = [rule.id for rule in RULES.values() if not rule.cosmetic]


class Returns:
    """Returns of the tiny city, cleaned, with their truth."""

    def __init__(self, truth: Path, clean: Path) -> None:
        self.clean = {path.stem: pl.read_parquet(path) for path in clean.glob("*.parquet")}
        self.true = pl.read_parquet(truth / "returns.parquet")
        self.lines = pl.read_parquet(truth / "return_lines.parquet")
        self.faults = pl.read_csv(
            truth / "return_faults.csv", schema_overrides={"true": pl.String, "written": pl.String}
        )
        self.sources = self.clean["sources"]
        self.issues = self.clean["issues"].join(self.sources.select("source_id", "file"), on="source_id")

    def beside(self) -> pl.DataFrame:
        """Clean returns with the true ones (``_true``) and the rules of the faults in their row."""
        rows = self.clean["enterprise_returns"].join(self.sources.select("source_id", "file"), on="source_id")
        faults = self.faults.group_by("file", "source_row").agg(pl.col("rule").alias("rules"))
        true = self.true.with_columns(pl.col("return").cast(pl.Int64))
        placed = rows.join(self.lines, on=["file", "source_row"]).join(true, on="return", suffix="_true")
        return placed.join(faults, on=["file", "source_row"], how="left").with_columns(
            pl.col("rules").fill_null(pl.lit([], pl.List(pl.String)))
        )


@pytest.fixture(scope="module", params=[20151231, 7])
def returns(
    tmp_path_factory: pytest.TempPathFactory, params: Params, request: pytest.FixtureRequest
) -> Returns:
    folder = tmp_path_factory.mktemp("年报 returns")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_returns(folder / "raw", folder / "truth", seed=request.param, size="tiny")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return Returns(folder / "truth", folder / "clean")


def test_every_fault_is_caught_by_its_rule_in_its_file(returns: Returns, beside: Beside) -> None:
    key = ["rule", "file"]
    found = beside(
        returns.faults.group_by(key).len("injected"),
        returns.issues.group_by(key).agg(pl.col("cases").sum().alias("caught")),
        key,
    )
    assert found.height > 30
    assert found.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_case_stands_where_the_fault_was_put(returns: Returns, beside: Beside) -> None:
    key = ["rule", "file", "source_row"]
    counted = pl.col("rule").is_in(PER_CASE)
    found = beside(
        returns.faults.filter(counted).group_by(key).len("injected"),
        returns.issues.filter(counted).group_by(key).len("caught"),
        key,
    )
    assert found.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_rule_of_returns_has_a_fault(returns: Returns) -> None:
    assert {one for one in RULES if one.startswith("return.")} <= set(returns.faults["rule"])


def test_every_row_is_accounted_for(returns: Returns) -> None:
    sources = returns.sources
    total = sources["rows_kept"] + sources["rows_rejected"] + sources["rows_merged"]
    assert total.to_list() == sources["rows_in"].to_list()
    assert sources["problem_en"].null_count() == sources.height == 4
    assert returns.clean["enterprise_returns"].height == sources["rows_kept"].sum()


def test_each_return_stands_once(returns: Returns) -> None:
    lost = returns.faults.filter(pl.col("rule") == "return.year_unreadable").height
    found = returns.beside()
    assert found["return"].is_unique().all()
    assert found.height + lost == returns.true["returned"].sum()


@pytest.mark.parametrize("column", [*AMOUNTS, *COUNTS, "year", "industry", "county_code", "enterprise_size"])
def test_true_values_are_recovered_or_unknown(returns: Returns, column: str) -> None:
    beside = returns.beside()
    # Corrected returns state three patents more than the true ones.
    true = pl.col(f"{column}_true")
    wrong = (pl.col(column) - true).abs() > 0.006 if column in AMOUNTS else pl.col(column) != true
    corrected = returns.faults.filter(pl.col("rule") == "return.superseded").height
    assert beside.filter(wrong).height == (corrected if column == "patents" else 0)
    assert beside.filter(pl.col("rules").list.len() == 0)[column].null_count() == 0


HEAD = "单位名称,组织机构代码,年度,工业总产值（万元）,产品销售收入（万元）"
Clean = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


@pytest.fixture
def clean(params: Params, tmp_path: Path) -> Clean:
    """Files by their lines → returns by year, issues."""

    def run(*files: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        for name in ("raw", "clean"):
            (tmp_path / name).mkdir()
        for place, lines in enumerate(files):
            (tmp_path / "raw" / f"{place}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        clean_files(tmp_path / "raw", params, tmp_path / "clean", lambda message: None)
        found = (
            pl.read_parquet(tmp_path / "clean" / f"{one}.parquet") for one in ("enterprise_returns", "issues")
        )
        returns, issues = found
        return returns.sort("year"), issues

    return run


def rows_under(issues: pl.DataFrame, rule: str) -> list[int]:
    return issues.filter(pl.col("rule") == rule)["source_row"].to_list()


def test_amounts_in_another_unit_are_unknown(clean: Clean) -> None:
    rows = [f"甲厂,,{year},{1000 + year % 10},900" for year in (2011, 2012, 2013)]
    found, issues = clean([HEAD, *rows, "甲厂,,2014,10500000,9400000"])
    assert found["output_value"].to_list() == [1001.0, 1002.0, 1003.0, None]
    assert found["sales_revenue"].to_list() == [900.0, 900.0, 900.0, None]
    assert rows_under(issues, "return.unit_shift") == [5]


def test_two_years_that_differ_accuse_each_other_not_one(clean: Clean) -> None:
    found, issues = clean([HEAD, "甲厂,,2013,1000,900", "甲厂,,2014,10500000,9400000"])
    assert found["output_value"].null_count() == 0
    assert rows_under(issues, "return.unit_shift") == []


def test_one_amount_of_a_return_in_another_unit_accuses_the_return(clean: Clean) -> None:
    found, issues = clean([HEAD, "甲厂,,2013,1000,900", "乙厂,,2013,1000,9000000"])
    assert sorted(found["sales_revenue"].to_list(), key=str) == [900.0, None]
    assert rows_under(issues, "return.unit_shift") == [3]


@pytest.mark.parametrize(
    ("heading", "amount"),
    [
        ("质量损失（万元）", 1200),
        ("研发经费（万元）", 950),
        ("新产品销售收入（万元）", 950),
        ("出口交货值（万元）", 1200),
    ],
)
def test_a_part_above_its_whole_makes_both_unknown(clean: Clean, heading: str, amount: int) -> None:
    found, issues = clean([f"{HEAD},{heading}", f"甲厂,,2013,1000,900,{amount}"])
    assert rows_under(issues, "return.part_exceeds_whole") == [2]
    assert found.select(AMOUNTS).row(0).count(None) == len(AMOUNTS) - 1


def test_deliveries_for_export_may_exceed_sales_a_little(clean: Clean) -> None:
    found, _ = clean([f"{HEAD},出口交货值（万元）", "甲厂,,2013,1000,900,1000"])
    assert found["export_sales"].to_list() == [1000.0]


def test_a_year_that_is_not_over_has_no_return(clean: Clean, params: Params) -> None:
    rows = [f"甲厂,,{year},1000,900" for year in (2014, params.cutoff.year, params.cutoff.year + 1)]
    found, issues = clean([HEAD, *rows])
    assert found["year"].to_list() == [2014]
    assert rows_under(issues, "return.year_unreadable") == [3, 4]


def test_a_name_without_code_is_the_enterprise_that_has_it(clean: Clean) -> None:
    found, issues = clean([HEAD, "甲厂,123456788,2013,1000,900", "甲厂,,2013,1100,900"])
    assert found["output_value"].to_list() == [1100.0] and found["enterprise_code"].null_count() == 0
    assert rows_under(issues, "return.superseded") == [2]


def test_a_return_sent_again_as_it_first_was_stands(clean: Clean) -> None:
    found, issues = clean(
        [HEAD, "甲厂,,2013,1000,900"], [HEAD, "甲厂,,2013,1100,900"], [HEAD, "甲厂,,2013,1000,900"]
    )
    assert found["output_value"].to_list() == [1000.0]
    assert len(rows_under(issues, "return.superseded")) == len(rows_under(issues, "return.duplicate")) == 1


@pytest.mark.parametrize(("unit", "factor"), [("千元", 0.1), ("元", 1e-4), ("亿元", 1e4)])
def test_a_unit_above_the_heading_holds_for_amounts_without_one(
    clean: Clean, unit: str, factor: float
) -> None:
    found, _ = clean([f"金额单位：{unit},,,,", HEAD.replace("（万元）", ""), "甲厂,,2013,1000,900"])
    assert found["output_value"].to_list() == pytest.approx([1000 * factor])
