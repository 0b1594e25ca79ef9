"""Files of the synthetic survey. Oracles: the record of faults, weights by hand, another process."""

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
import python_calamine

from qstats.cleaning.rules import RULES
from qstats.questionnaires import read_questionnaires
from qstats.synthetic import write_survey

SERVICES = read_questionnaires()["service_satisfaction"]
ENCODINGS = {"服务满意度_2013.csv": "gb18030"}
HEADING_OF = {heading: code for code, item in SERVICES.items.items() for heading in item.headings}


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows as a person sees them: heading → cell."""
    if path.suffix == ".sav":
        table, meta = pyreadstat.read_sav(path, apply_value_formats=True, formats_as_category=False)
        named = table.rename(columns=dict(zip(table.columns, meta.column_labels, strict=True)))
        cells = named.map(
            lambda value: "" if value != value else f"{value:g}" if isinstance(value, float) else str(value)
        )
        return cells.to_dict("records")
    if path.suffix == ".xlsx":
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        lines = [[str(cell) for cell in row] for row in sheet.to_python()]
    else:
        with path.open(encoding=ENCODINGS.get(path.name, "utf-8-sig"), newline="") as stream:
            lines = list(csv.reader(stream))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


@pytest.fixture(scope="module")
def files(asked_city: Path) -> dict[str, list[dict[str, str]]]:
    return {path.name: rows_of(path) for path in (asked_city / "raw").iterdir() if path.name != "margins.csv"}


@pytest.fixture(scope="module")
def faults(asked_city: Path) -> pl.DataFrame:
    return pl.read_csv(asked_city / "truth" / "survey_faults.csv", infer_schema=False).with_columns(
        pl.col("source_row").cast(pl.Int64)
    )


def test_three_waves_in_four_forms_and_two_strangers(files: dict[str, list[dict[str, str]]]) -> None:
    assert sorted(files) == sorted(
        ["服务满意度_2013.csv", "服务满意度_2014.csv", "服务满意度_2015.xlsx", "服务满意度_2015_电话.sav",
         "旧版问卷_2012.csv", "服务满意度_五分制.csv"]
    )  # fmt: skip


def test_written_cells_stand_where_the_record_says(
    files: dict[str, list[dict[str, str]]], faults: pl.DataFrame
) -> None:
    known = 0
    for file, row, _, written in faults.filter(
        (pl.col("written") != "") & (pl.col("source_row") > 0)
    ).iter_rows():
        assert written in files[file][row - 2].values(), (file, row, written)
        known += 1
    assert known > 200


def test_every_fault_has_a_rule_and_every_rule_of_surveys_its_faults(faults: pl.DataFrame) -> None:
    rules = set(faults["rule"])
    assert rules <= set(RULES)
    assert {rule for rule in RULES if rule.startswith(("respondent.", "answer."))} <= rules
    assert {"category.unknown", "file.refused", "text.width"} <= rules


def test_every_dont_know_and_refusal_is_on_record(
    files: dict[str, list[dict[str, str]]], faults: pl.DataFrame
) -> None:
    counted = dict(
        faults.filter(pl.col("rule").is_in(["answer.dont_know", "answer.refused"]))
        .group_by("file")
        .len()
        .iter_rows()
    )
    words = {*SERVICES.dont_know, *SERVICES.refused}
    for file, count in counted.items():
        cells = [cell for row in files[file] for heading, cell in row.items() if heading in HEADING_OF]
        assert sum(cell in words for cell in cells) == count, file


def test_uniform_answers_are_on_record(files: dict[str, list[dict[str, str]]], faults: pl.DataFrame) -> None:
    """Also those of customers who mean it."""
    marked = faults.filter(pl.col("rule").is_in(["respondent.straight_line", "respondent.duplicate"]))
    known = set(marked.select("file", "source_row").iter_rows())
    for file in set(marked["file"]):
        for number, row in enumerate(files[file], start=2):
            scores = {
                cell
                for heading, cell in row.items()
                if heading in HEADING_OF and cell in map(str, range(1, 11))
            }
            answered = sum(cell in map(str, range(1, 11)) for h, cell in row.items() if h in HEADING_OF)
            if len(scores) == 1 and answered >= 8:
                assert (file, number) in known, (file, number)


def test_respondents_sent_twice_are_the_same_twice(
    files: dict[str, list[dict[str, str]]], faults: pl.DataFrame
) -> None:
    twice = faults.filter(pl.col("rule") == "respondent.duplicate")
    assert twice.height == 3 and set(twice["file"]) == {"服务满意度_2015_电话.sav"}
    ids = {row["问卷编号"] for row in files["服务满意度_2015.xlsx"]}
    assert set(twice["written"]) <= ids


def test_weights_bring_the_sample_to_the_population(asked_city: Path) -> None:
    """Design weights add up to about the customers of each industry."""
    sample = pl.read_parquet(asked_city / "truth" / "respondents.parquet")
    margins = pl.read_csv(asked_city / "raw" / "margins.csv", schema_overrides={"wave": pl.String})
    sums = sample.group_by("wave", "industry").agg(pl.col("weight").sum())
    both = sums.join(
        margins.filter(pl.col("variable") == "industry"),
        left_on=["wave", "industry"],
        right_on=["wave", "category"],
    )
    assert both.height == 24
    assert abs((both["weight"] / both["population"]).log().mean()) < 0.1


def test_the_young_answer_less_often(asked_city: Path) -> None:
    sample = pl.read_parquet(asked_city / "truth" / "respondents.parquet")
    margins = pl.read_csv(asked_city / "raw" / "margins.csv", schema_overrides={"wave": pl.String})
    ages = margins.filter(pl.col("variable") == "age_group")
    population = ages.filter(pl.col("category") == "18-29")["population"].sum() / ages["population"].sum()
    assert (sample["age_group"] == "18-29").mean() < population - 0.03


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def test_bytes_depend_on_the_seed_only(asked_city: Path, tmp_path: Path) -> None:
    """Another process with other time zone, locale and hash seed writes the same files and truth."""
    code = (
        "import sys; from pathlib import Path; from qstats.synthetic import write_survey; "
        "f = Path(sys.argv[1]); "
        "(f / 'raw').mkdir(); write_survey(f / 'raw', f / 'truth', seed=20131212, size='tiny')"
    )
    surroundings = os.environ | {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    surroundings["PYTHONPATH"] = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=surroundings)
    for name in ("raw", "truth"):
        assert digest(tmp_path / name) == digest(asked_city / name)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_seed_finds_rows_for_all_faults(
    asked_city: Path, faults: pl.DataFrame, tmp_path: Path, seed: int
) -> None:
    (tmp_path / "raw").mkdir()
    write_survey(tmp_path / "raw", tmp_path / "truth", seed=seed, size="tiny")
    other = pl.read_csv(tmp_path / "truth" / "survey_faults.csv", infer_schema=False)
    assert set(other["rule"]) == set(faults["rule"])
    assert digest(tmp_path / "raw") != digest(asked_city / "raw")
