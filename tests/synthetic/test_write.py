"""Files of the tiny city: every fault there, totals true, bytes the same on every machine."""

import csv
import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from qstats.cleaning.rules import RULES as ALL_RULES
from qstats.synthetic import Truth, write_city
from qstats.synthetic.faults import FEWEST

DECODING = {
    "市局平台": "utf-8-sig",
    "莘县局": "gb18030",
    "冠县局": "utf-16",
    "检测中心": "gb18030",
    "省抽": "utf-16",
}
NOT_FROM_FILES = ("correction.", "count.", "file.other_stream")
"""Rules that need a declared correction, published counts, or a file of another stream."""
OF_OTHER_STREAMS = (
    "respondent.", "answer.", "project.", "dwelling.", "measurement.", "complaint.", "series.",
    "record.", "register.", "return.", "row.not_a_record",
    "category.unknown",
)  # fmt: skip
"""Rules of surveys, construction works and registers: their own synthetic files hold the faults."""
RULES = {rule for rule in ALL_RULES if not rule.startswith(NOT_FROM_FILES + OF_OTHER_STREAMS)}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("city") / "raw"
    return folder, write_city(folder, size="tiny")


def _rows(path: Path) -> list[list[str]]:
    """All rows of a file as a spreadsheet shows them."""
    if path.suffix == ".xlsx":
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    encoding = next((code for start, code in DECODING.items() if path.name.startswith(start)), None)
    encoding = encoding or ("gb18030" if path.name.startswith("专项") else "utf-8-sig")
    delimiter = "\t" if path.suffix == ".tsv" else ";" if path.name.startswith("风险") else ","
    with path.open(encoding=encoding, newline="") as lines:
        return list(csv.reader(lines, delimiter=delimiter))


@pytest.fixture(scope="module", autouse=True)
def _long_cells():
    before = csv.field_size_limit(1_000_000)
    yield
    csv.field_size_limit(before)


def test_every_rule_has_its_faults(city: tuple[Path, Truth]) -> None:
    counts = dict(city[1].faults.group_by("rule").len().iter_rows())
    assert set(counts) == RULES
    assert {rule for rule, count in counts.items() if count < FEWEST} <= {
        "file.refused",
        "file.column_ignored",
    }


def test_rules_left_out_are_met_nowhere_in_inspections(project: Path) -> None:
    """The rooms that judge inspections name none of the rules of other streams."""
    others = {rule for rule in ALL_RULES if rule.startswith(OF_OTHER_STREAMS)}
    folder = project / "src" / "qstats" / "cleaning"
    rooms = "inspections rows places enterprises dates categories outcomes items batches".split()
    words = "".join((folder / f"{room}.py").read_text(encoding="utf-8") for room in rooms)
    assert len(others) > 20
    assert not [rule for rule in others if f'"{rule}"' in words]


def test_written_cells_stand_where_the_record_says(city: tuple[Path, Truth]) -> None:
    folder, truth = city
    found = 0
    for (file,), faults in (
        truth.faults.filter(pl.col("written").is_not_null(), pl.col("source_row").is_not_null())
        .partition_by("file", as_dict=True)
        .items()
    ):
        rows = _rows(folder / str(file))
        for fault in faults.filter(
            ~pl.col("rule").str.starts_with("row."), pl.col("written") != ""
        ).iter_rows(named=True):
            assert any(cell.startswith(fault["written"]) for cell in rows[fault["source_row"] - 1]), fault
            found += 1
    assert found > 200


def test_inserted_rows_stand_where_the_record_says(city: tuple[Path, Truth]) -> None:
    folder, truth = city
    starts = {"row.total": ("小计", "合计"), "row.note": ("注：",)}
    for rule, words in starts.items():
        for fault in truth.faults.filter(pl.col("rule") == rule).iter_rows(named=True):
            row = _rows(folder / fault["file"])[fault["source_row"] - 1]
            assert "".join(row).startswith(words), fault
    for fault in truth.faults.filter(pl.col("rule") == "row.blank").iter_rows(named=True):
        assert not any(_rows(folder / fault["file"])[fault["source_row"] - 1])


def test_a_row_carries_one_fault_beside_the_ways_of_its_supplier(city: tuple[Path, Truth]) -> None:
    ways = [
        "township instead of county",
        "one row per item",
        "several items",
        "two outcomes",
        "sent again, changed",
    ]
    single = city[1].faults.filter(
        ~pl.col("cause").is_in([*ways, "copied file", "overlapping window"])
        & pl.col("source_row").is_not_null()
    )
    assert single.height == single.select("file", "source_row").n_unique()


def test_declared_totals_are_the_distinct_sheets(city: tuple[Path, Truth]) -> None:
    folder, truth = city
    sheets = set(truth.batches["sheet_no"])
    for row in truth.deliveries.filter(pl.col("lists") == "all").iter_rows(named=True):
        cells = {cell for line in _rows(folder / row["file"]) for cell in line}
        assert len(cells & sheets) == row["batches_declared"], row["file"]


def test_all_but_passes_of_campaigns_are_delivered(city: tuple[Path, Truth]) -> None:
    missing = city[1].batches.filter(~pl.col("delivered"))
    assert set(missing["programme"]) == {"special"}
    assert "fail" not in set(missing["outcome"])
    lost = city[1].batches.filter(pl.col("delivered") & ~pl.col("readable")).height
    assert lost == city[1].faults.filter(pl.col("rule") == "row.too_many_fields").height


def test_outcomes_fit_the_fate(city: tuple[Path, Truth]) -> None:
    batches = city[1].batches
    assert (batches["outcome"].is_not_null() == (batches["fate"] == "sampled")).all()
    assert batches.filter((pl.col("first_outcome") == "pass") & (pl.col("outcome") == "fail")).is_empty()
    assert batches["announced_on"].max() <= date(2016, 1, 31)
    pending = batches.filter(pl.col("fate") == "pending")
    assert pending["sampled_on"].min() >= date(2015, 10, 1)


def test_truth_states_slope_policy_and_laboratory(city: tuple[Path, Truth]) -> None:
    folder = city[0].with_name("raw-truth")
    changes = pl.read_csv(folder / "changes.csv", schema_overrides={"county_code": pl.String})
    assert changes.rows_by_key("kind", named=True, unique=True) == {
        "policy": {"on": "2013-12-12", "first_month": "2013-12", "effect": -0.25, "county_code": None},
        "laboratory": {"on": "2012-07-01", "first_month": "2012-07", "effect": -1.2, "county_code": "371525"},
    }
    settings = dict(pl.read_csv(folder / "settings.csv", has_header=True).iter_rows())
    assert float(settings["slope_per_year"]) == -0.03
    series = pl.read_csv(folder / "true_series.csv")
    gain = series["standardised"] - series["standardised_without_policy"]
    assert gain.min() > 0.006  # the tiny city begins after the policy


def test_copies_are_byte_identical(city: tuple[Path, Truth]) -> None:
    folder, truth = city
    for fault in truth.faults.filter(pl.col("rule") == "file.duplicate").iter_rows(named=True):
        assert (folder / fault["file"]).read_bytes() == (folder / fault["true"]).read_bytes()


def test_everything_is_labelled_as_demonstration(city: tuple[Path, Truth]) -> None:
    assert city[1].deliveries["supplier"].str.contains("演示").all()
    for path in city[0].glob("*.xlsx"):
        assert "演示数据" in _rows(path)[0][0]


def test_items_agree_with_their_verdict(city: tuple[Path, Truth]) -> None:
    items = city[1].items.with_columns(pl.col("result", "limit").cast(pl.Float64))
    above = pl.col("result") > pl.col("limit")
    wrong = pl.when(pl.col("limit_operator") == "≤").then(above).otherwise(pl.col("result") < pl.col("limit"))
    assert items.filter(wrong != (pl.col("verdict") == "fail")).is_empty()


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def test_bytes_depend_on_the_seed_only(city: tuple[Path, Truth], tmp_path: Path) -> None:
    """Another process with other time zone, locale and hash seed writes the same files and truth."""
    code = (
        "import sys; from pathlib import Path; from qstats.synthetic import write_city; "
        "write_city(Path(sys.argv[1]), size='tiny')"
    )
    surroundings = os.environ | {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    surroundings["PYTHONPATH"] = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "raw")], check=True, env=surroundings)
    assert _digest(tmp_path / "raw") == _digest(city[0])
    assert _digest(tmp_path / "raw-truth") == _digest(city[0].with_name("raw-truth"))


def test_another_seed_gives_another_city(city: tuple[Path, Truth], tmp_path: Path) -> None:
    other = write_city(tmp_path / "raw", size="tiny", seed=5)
    assert other.batches["sheet_no"].to_list() != city[1].batches["sheet_no"].to_list()


@pytest.mark.parametrize("seed", range(1, 5))
def test_any_seed_finds_rows_for_all_faults(seed: int, tmp_path: Path) -> None:
    truth = write_city(tmp_path / "raw", size="tiny", seed=seed)
    assert set(truth.faults["rule"]) == RULES
