"""What stops a run is said by the check, before the cleaning. Oracle: every kind of file broken by hand."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qstats.cli import main
from qstats.codebook import read_vocabulary
from qstats.credit_registry import read_credit_scheme
from qstats.errors import QstatsError
from qstats.index_registry import read_bands, read_index
from qstats.params import read_params
from qstats.pipeline.chapters import check_executions
from qstats.pipeline.clean import check_raw_folder
from qstats.questionnaires import read_questionnaires
from qstats.scheme_registry import read_scheme
from qstats.target_registry import read_targets

CACHED = (
    read_bands, read_credit_scheme, read_index, read_questionnaires, read_scheme, read_targets,
    read_vocabulary,
)  # fmt: skip
PARAMS = "run: 2015Q4\nperiod: 2015Q4\ncutoff: 2016-01-31\n"


@pytest.fixture(scope="module")
def shipped(make_home: Callable[[], Path]) -> Path:
    return make_home()


@pytest.fixture
def home(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with a run of one supplier file, read afresh."""
    folder = tmp_path / "家"
    shutil.copytree(shipped, folder)
    (folder / "params" / "2015Q4.yaml").write_text(PARAMS, encoding="utf-8")
    raw = folder / "data" / "raw" / "2015Q4"
    raw.mkdir(parents=True)
    (raw / "一.csv").write_text("企业名称\n", encoding="utf-8")
    monkeypatch.setenv("QSTATS_HOME", str(folder))
    clear()
    yield folder
    clear()


def clear() -> None:
    for read in CACHED:
        read.cache_clear()


def check(home: Path) -> int:
    params = read_params(home / "params" / "2015Q4.yaml")
    check_executions(params)
    return check_raw_folder(params)


def test_what_is_shipped_passes(home: Path) -> None:
    assert check(home) == 1


SCHEME = "schemes/county_30_50_20.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (SCHEME, "year_starts:", "year_start:", "county_30_50_20.yaml is no assessment scheme"),
        (SCHEME, "measure: new_brands", "measure: new_brand", "items.5.measure"),
        (SCHEME, "extents: [regional", "extents: [local", "veto.0.extents"),
        (SCHEME, "total: 100", "total: 100: 3", r"county_30_50_20\.yaml, line \d+: not valid YAML"),
        (SCHEME, "zero: 0.85", "zero: 85", "shares are written 0 to 1"),
        (SCHEME, "", None, "county_30_50_20.yaml is empty"),
        ("credit_schemes/aqsiq_2012_74.yaml", "id:", "id: a: b", "aqsiq_2012_74.yaml, line"),
        ("sources/complaint_records.yaml", "table: complaints", "table: complaint", "complaint_records.yaml"),
        ("questionnaires/ecsi_bank.yaml", "overall:", "overal:", "ecsi_bank.yaml"),
        ("indices/city_quality.csv", "proportion", "share", "city_quality.csv, row 2: unit 'share'"),
        ("indices/manufacturing_quality.csv", ",0.7,1,", ",70,100,", "manufacturing_quality.csv, row 6"),
        ("indices/bands.csv", "60,75", "60,74", "leave a gap or overlap"),
        ("targets.csv", "T04,brand", "T05,brand", "targets.csv: an id stands twice"),
        ("vocabulary.yaml", "", None, "vocabulary.yaml is empty"),
    ],
)
def test_a_wrong_reference_file_is_named(home: Path, file: str, old: str, new: str, message: str) -> None:
    path = home / "data" / "reference" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text("" if new is None else text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(QstatsError, match=message):
        check(home)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            "county_assessment: {assessment_scheme: county_30}\n",
            "no assessment scheme 'county_30'; .* has",
        ),
        ("credit: {credit_schemes: [gb_t_1]}\n", "no credit scheme 'gb_t_1'"),
        ("competitiveness: {band_scheme: six_bands}\n", "no band scheme 'six_bands'"),
        ("satisfaction: {questionnaire: shoes}\n", "'shoes' is not declared"),
    ],
)
def test_a_name_of_nothing_is_said(home: Path, settings: str, message: str) -> None:
    (home / "params" / "2015Q4.yaml").write_text(PARAMS + settings, encoding="utf-8")
    with pytest.raises(QstatsError, match=message):
        check(home)


@pytest.mark.parametrize(
    "file",
    [
        "deliveries.csv", "frame.csv", "margins.csv", "denominators.csv", "incidents.csv",
        "assessment_evidence.csv", "link_decisions.csv",
    ],
)  # fmt: skip
def test_a_wrong_table_of_the_bureau_is_named(home: Path, file: str) -> None:
    (home / "data" / "raw" / "2015Q4" / file).write_text("colour\nred\n", encoding="utf-8")
    with pytest.raises(QstatsError, match=rf"{file}: column .* is missing"):
        check(home)


def test_a_wrong_correction_is_named(home: Path) -> None:
    path = home / "data" / "corrections" / "2015Q4.yaml"
    path.write_text("- {file: 一.csv, colour: red}\n", encoding="utf-8")
    with pytest.raises(QstatsError, match=r"2015Q4\.yaml, entry 0"):
        check(home)


@pytest.mark.parametrize("verb", ["check", "run"])
def test_the_commands_say_it_in_one_message_and_clean_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    (home / "data" / "reference" / SCHEME).write_bytes("id: 聊城\n".encode("gb18030"))
    monkeypatch.setattr("sys.argv", ["qstats", verb, str(home / "params" / "2015Q4.yaml")])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (1, "")
    assert said.err == "qstats: county_30_50_20.yaml, line 1: not in UTF-8; save the file as UTF-8\n"
    assert not (home / "data" / "processed").exists()
