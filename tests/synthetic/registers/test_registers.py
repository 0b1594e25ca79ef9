"""The laws of the registers, what the demonstration's targets come to, and that the bytes follow the seed."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from qstats.codebook import labels
from qstats.params import read_params
from qstats.paths import params_folder
from qstats.synthetic import CUTOFF, write_city, write_registers
from qstats.synthetic.city import draw_enterprises
from qstats.synthetic.registers.entries import ENTRIES, draw_entries
from qstats.synthetic.registers.laws import LAWS
from qstats.synthetic.registers.write import YEAR_ENDS, count_true_stock

DRAWS = 30
LINE = {
    "famous trade marks": 150, "pollution_free_livestock": 150, "three_products": 400, "structure_cup": 10,
    "service_brand": 15, "production_base": 5, "alliance_standard": 10, "benchmark": 60, "standard_base": 380,
}  # fmt: skip


@pytest.fixture(scope="module")
def enterprises() -> pl.DataFrame:
    return draw_enterprises(600, np.random.default_rng(1))


@pytest.fixture(scope="module")
def many(enterprises: pl.DataFrame) -> list[pl.DataFrame]:
    """Registers under other seeds: they must follow their laws on average."""
    return [draw_entries(enterprises, "tiny", CUTOFF, np.random.default_rng([5, at])) for at in range(DRAWS)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("演示 demo")
    (folder / "raw").mkdir()
    settings = read_params(params_folder() / "demo-2015Q4.yaml").synthetic
    assert settings is not None
    write_registers(folder / "raw", folder / "truth", seed=settings.seed, size=settings.size)
    return folder


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.code)
def test_stocks_follow_the_mean_of_their_law(many: list[pl.DataFrame], law) -> None:
    for day in YEAR_ENDS[::2]:
        counts = [
            dict(count_true_stock(one, day).select("register", "stock").iter_rows()).get(law.code, 0)
            for one in many
        ]
        expected = max(law.expected_stock(day, law.share("tiny")), 0.0)
        assert np.mean(counts) == pytest.approx(expected, abs=4 * np.sqrt(max(expected, 0.1) / DRAWS))


def test_the_mean_of_a_law_by_hand() -> None:
    brand = next(one for one in LAWS if one.code == "service_brand")
    kept = 0.85
    years = 3 * (1 + kept) + 2 * kept**2  # eight years: two whole terms and two years of a third
    assert brand.expected_stock(date(2016, 1, 1)) == pytest.approx(2.4 * years, rel=1e-3)
    mark = next(one for one in LAWS if one.code == "national_trademark")
    assert mark.expected_stock(date(2015, 1, 1)) == pytest.approx(2.0 * 11, rel=1e-3)


def test_entries_end_as_they_should(many: list[pl.DataFrame]) -> None:
    entries = pl.concat(one.with_columns(pl.lit(at).alias("draw")) for at, one in enumerate(many))
    assert (entries["awarded_on"] <= CUTOFF).all()
    assert entries.filter(pl.col("valid_until") < pl.col("awarded_on")).is_empty()
    assert entries.filter(pl.col("withdrawn_on") < pl.col("awarded_on")).is_empty()
    assert (entries["withdrawn_on"].drop_nulls() <= CUTOFF).all()
    assert set(entries["register"]) <= set(labels("register"))
    assert set(entries["grade"].drop_nulls()) <= set(labels("register_grade"))
    renewed = entries.sort("awarded_on").with_columns(
        pl.col("valid_until").shift().over("draw", "thing", "holder").alias("before")
    )
    early = (renewed["before"] - renewed["awarded_on"]).dt.total_days()
    assert early.drop_nulls().max() < 60


def test_renewals_come_as_often_as_the_law_says(many: list[pl.DataFrame]) -> None:
    law = next(one for one in LAWS if one.code == "good_conduct")
    due = granted = 0
    for one in many:
        own = one.filter(pl.col("register") == law.code)
        ends = own.group_by("thing").agg(pl.col("awarded_on", "valid_until").sort())
        for awards, untils in ends.select("awarded_on", "valid_until").iter_rows():
            over = [day for day in untils if day < date(2015, 10, 1)]
            due += len(over)
            granted += min(len(awards) - 1, len(over))
    assert granted / due == pytest.approx(law.renewal, abs=4 * np.sqrt(0.16 / due))


def _checksums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def _write(folder: Path, seed: int) -> dict[str, str]:
    (folder / "raw").mkdir(parents=True)
    write_registers(folder / "raw", folder / "truth", seed=seed, size="tiny")
    return _checksums(folder)


def test_bytes_depend_on_the_seed_only(tmp_path: Path) -> None:
    first, again, other = (_write(tmp_path / str(at), seed) for at, seed in enumerate((1, 1, 2)))
    assert first == again
    assert first.keys() == other.keys()
    assert not {name for name in first if first[name] == other[name]}


def test_targets_of_the_demonstration_are_met_missed_and_near(written: Path) -> None:
    """Stocks at the end of 2015 beside the levels of the policy."""
    entries = pl.read_parquet(written / "truth" / "register_entries.parquet")
    stocks = pl.read_csv(written / "truth" / "register_stocks.csv").filter(pl.col("year") == 2015)
    found = dict(stocks.select("register", "stock").iter_rows())
    found["famous trade marks"] = found["national_trademark"] + found["provincial_trademark"]
    found["structure_cup"] = stocks.filter(pl.col("register") == "structure_cup")["first_awards"][0]
    found["standard_base"] = stocks.filter(pl.col("register") == "standard_base")["quantity"][0]
    share = {name: found[name] / level for name, level in LINE.items()}
    assert min(share["pollution_free_livestock"], share["alliance_standard"], share["structure_cup"]) > 1.1
    assert max(share["benchmark"], share["service_brand"]) < 0.9
    assert share["production_base"] == 1
    near = ("famous trade marks", "standard_base", "three_products")
    assert all(0.95 < share[name] < 1.05 for name in near)
    assert [share[name] >= 1 for name in near] == [False, False, True]
    assert not {"brand_zone", "excellence_base", "trained_manager"} & set(entries["register"])


def test_what_is_written(written: Path) -> None:
    entries = pl.read_parquet(written / "truth" / "register_entries.parquet")
    assert entries.schema == pl.Schema(ENTRIES)
    names = {path.name for path in (written / "truth").iterdir()}
    assert names == {
        "register_entries.parquet", "register_lines.parquet", "register_stocks.csv", "register_faults.csv",
    }  # fmt: skip
    record = pl.read_csv(written / "raw" / "deliveries.csv")
    assert record["supplier"].n_unique() == 9
    assert record["batches_declared"].sum() == entries.height
    declared = pl.read_csv(written / "raw" / "denominators.csv")
    assert set(declared["denominator"]) < set(labels("denominator"))


@pytest.mark.parametrize("size", ["tiny", "2400"])
def test_holders_are_the_enterprises_of_the_city(tmp_path: Path, size: str) -> None:
    city = write_city(tmp_path / "raw", seed=3, size=int(size) if size.isdecimal() else size, start="2015-06")
    write_registers(tmp_path / "raw", tmp_path / "truth", seed=3, size=size)
    entries = pl.read_parquet(tmp_path / "truth" / "register_entries.parquet")
    benchmarks = entries.filter(pl.col("register") == "benchmark")["holder"].unique()
    sampled = set(city.batches["enterprise_name"])
    assert len(sampled & set(benchmarks)) > 3


def test_what_is_there_already_is_kept(tmp_path: Path) -> None:
    record = "file,supplier,programme,level,lists,batches_declared,received_on\na.csv,甲,,,all,7,2016-01-01\n"
    (tmp_path / "deliveries.csv").write_text(record, encoding="utf-8")
    denominators = "denominator,year,county_code,count\nprojects,2015,,170\nprojects,2015,371502,40\n"
    (tmp_path / "denominators.csv").write_text(denominators, encoding="utf-8")
    write_registers(tmp_path, tmp_path / "truth", seed=1, size="tiny")
    assert (tmp_path / "deliveries.csv").read_text(encoding="utf-8").count("\n") == 15
    text = (tmp_path / "denominators.csv").read_text(encoding="utf-8")
    assert text.startswith(denominators)
    assert "large_medium_enterprises,2015,," in text


def test_faults_stand_in_rows_of_their_own(written: Path) -> None:
    faults = pl.read_csv(written / "truth" / "register_faults.csv").filter(pl.col("cause") == "fault")
    rows = faults.filter(pl.col("field").is_not_null()).group_by("file", "source_row")
    assert (rows.agg(pl.col("field").n_unique())["field"] == 1).all()
    assert faults["file"].n_unique() == 13
    spared = ("泰山杯", "服务名牌", "优质产品生产示范基地", "联盟标准")
    assert not faults["true"].drop_nulls().str.contains("|".join(spared)).any()
