"""Records of nine departments beside their truth: faults caught, records once, enterprises linked."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qstats.cleaning.rules import RULES
from qstats.params import Params
from qstats.pipeline.clean import clean_files
from qstats.synthetic import write_enterprise_records

Beside = Callable[[pl.DataFrame, pl.DataFrame, list[str]], pl.DataFrame]
COMMON = ("code.check_digit", "enterprise.name", "text.width")
"""What departments write wrong on their own; it is no dealt fault."""


class City:
    """Records of the tiny city, cleaned and linked, with their truth."""

    def __init__(self, truth: Path, clean: Path) -> None:
        self.clean = {path.stem: pl.read_parquet(path) for path in clean.glob("*.parquet")}
        self.true = pl.read_parquet(truth / "enterprise_records.parquet")
        self.lines = pl.read_parquet(truth / "enterprise_record_lines.parquet")
        self.faults = pl.read_csv(truth / "enterprise_record_faults.csv", infer_schema=False).with_columns(
            pl.col("source_row").cast(pl.Int64)
        )
        self.sources = self.clean["sources"].select("source_id", "file")
        self.issues = self.clean["issues"].join(self.sources, on="source_id")

    def placed(self) -> pl.DataFrame:
        """Clean records with their true ones and their links."""
        rows = self.clean["enterprise_records"].join(self.sources, on="source_id")
        links = self.clean["enterprise_links"].filter(pl.col("table") == "enterprise_records")
        return (
            rows.join(self.lines, on=["file", "source_row"])
            .join(self.true, on="record", suffix="_true")
            .join(links, left_on="record_id", right_on="record_key", suffix="_link")
        )


@pytest.fixture(scope="module", params=[20131212, 7])
def city(tmp_path_factory: pytest.TempPathFactory, params: Params, request: pytest.FixtureRequest) -> City:
    folder = tmp_path_factory.mktemp("信用 records")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_enterprise_records(folder / "raw", folder / "truth", seed=request.param, size="tiny")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return City(folder / "truth", folder / "clean")


def test_every_fault_is_caught_by_its_rule_where_it_was_put(city: City, beside: Beside) -> None:
    key = ["rule", "file", "source_row"]
    counted = pl.col("rule").is_in([rule.id for rule in RULES.values() if not rule.cosmetic])
    own = ~pl.col("rule").is_in(COMMON)
    found = beside(
        city.faults.filter(counted & own).group_by(key).len("injected"),
        city.issues.filter(counted & own).group_by(key).len("caught"),
        key,
    )
    assert found.height > 20
    assert found.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_rule_of_records_has_a_fault(city: City) -> None:
    assert {one for one in RULES if one.startswith("record.")} <= set(city.faults["rule"])


def test_every_row_is_accounted_for(city: City) -> None:
    sources = city.clean["sources"]
    total = sources["rows_kept"] + sources["rows_rejected"] + sources["rows_merged"]
    assert total.to_list() == sources["rows_in"].to_list()
    assert sources["problem_en"].null_count() == sources.height == 9
    assert set(city.clean["enterprise_records"]["department"].unique()) == set(
        city.true["department"].unique()
    )


def test_each_record_stands_once_with_its_kind_and_department(city: City) -> None:
    found = city.placed()
    assert found["record"].is_unique().all()
    for name in ("department", "kind"):
        assert (found[name] == found[f"{name}_true"]).all()
    lost = city.faults.filter(pl.col("rule") == "record.kind_unknown").height
    assert found.height == city.true.height - lost


def test_every_record_is_linked_once_to_an_enterprise_of_the_register(city: City) -> None:
    links, records = city.clean["enterprise_links"], city.clean["enterprise_records"]
    assert sorted(links["record_key"]) == sorted(records["record_id"])
    assert set(links["enterprise_id"]) == set(city.clean["enterprises"]["enterprise_id"])
    assert city.clean["enterprises"]["records"].sum() == records.height


def test_hardly_any_enterprise_holds_records_of_two(city: City) -> None:
    """Oracle: the true enterprise of each record. Codes are too few here to learn from."""
    found = city.placed()
    joined, true, right = (
        int((found.group_by(key).len()["len"].cast(pl.Int64) ** 2).sum())
        for key in (["enterprise_id"], ["enterprise"], ["enterprise_id", "enterprise"])
    )
    assert right / joined >= 0.99
    assert right / true >= 0.9


def test_without_records_nothing_is_compared(
    params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("compared")

    monkeypatch.setattr("qstats.pipeline.register.build_register", refuse)
    (tmp_path / "raw").mkdir()
    (tmp_path / "clean").mkdir()
    (tmp_path / "raw" / "a.csv").write_text(
        "单位名称,年度,工业总产值（万元）,产品销售收入（万元）\n甲厂,2013,10,9\n", "utf-8"
    )
    clean_files(tmp_path / "raw", params, tmp_path / "clean", lambda message: None)
    for name in ("enterprise_records", "enterprises", "enterprise_links", "link_review"):
        assert pl.read_parquet(tmp_path / "clean" / f"{name}.parquet").is_empty()


def test_traditional_characters_and_days_before_sampling_began_are_read(
    params: Params, tmp_path: Path
) -> None:
    for name in ("raw", "clean"):
        (tmp_path / name).mkdir()
    (tmp_path / "raw" / "質監.csv").write_text(
        "企業名稱,組織機構代碼,所屬縣區,質量信用信息類別,認定日期,嚴重程度\n"
        "莘縣鑫源紡織有限公司,,莘縣,行政處罰,1995-06-01,較重\n",
        "utf-8",
    )
    clean_files(tmp_path / "raw", params, tmp_path / "clean", lambda message: None)
    found = pl.read_parquet(tmp_path / "clean" / "enterprise_records.parquet")
    row = found.select("enterprise_name", "county_code", "kind", "severity", "department").row(0)
    assert row == ("莘縣鑫源紡織有限公司", "371522", "penalty", "serious", "quality")
    assert str(found["recorded_on"][0]) == "1995-06-01"
