"""Values of targets beside the truth of the synthetic city: registers written, cleaned, counted."""

from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from qstats.params import read_params
from qstats.pipeline.clean import clean_files
from qstats.synthetic import write_registers
from qstats.target_registry import find_target
from qstats.targets import judge_milestone, judge_registered

WHOLE_REGISTERS = ("T04", "T05", "T06", "T11", "T15", "T20")
"""Targets that count what is valid of whole registers."""
LOST = 2
"""Entries whose line names no known register, so that no count has them."""


@pytest.fixture(scope="module")
def city(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Clean registers and denominators, and the true entries."""
    folder = tmp_path_factory.mktemp("登记 registers")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_registers(folder / "raw", folder / "truth", seed=20151231, size="tiny")
    params = read_params(project / "params" / "demo-2015Q4.yaml")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    tables = [pl.read_parquet(folder / "clean" / f"{name}.parquet") for name in ("registers", "denominators")]
    entries = pl.read_parquet(folder / "truth" / "register_entries.parquet")
    return tables[0].to_pandas(), tables[1].to_pandas(), entries.to_pandas()


def true_stock(entries: pd.DataFrame, codes: tuple[str, ...], day: date, by: str) -> int:
    """Things valid on a day, counted from the true entries."""
    on = pd.Timestamp(day)
    awarded, until, withdrawn = (
        pd.to_datetime(entries[name]) for name in ("awarded_on", "valid_until", "withdrawn_on")
    )
    valid = (awarded <= on) & ~(until < on) & ~(withdrawn <= on) & entries["register"].isin(codes)
    return int(entries.loc[valid, by].nunique())


@pytest.mark.parametrize("code", WHOLE_REGISTERS)
@pytest.mark.parametrize("day", [date(2014, 6, 30), date(2015, 12, 31)])
def test_the_truth_lies_within_what_the_record_leaves_open(
    city: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame], code: str, day: date
) -> None:
    registers, denominators, entries = city
    target = find_target(code)
    found = judge_registered(target, registers, denominators, day, confidence=0.95)
    truth = true_stock(entries, target.selector, day, "holder" if target.measure == "holders" else "thing")
    most = found.value if pd.isna(found.possible) else found.possible
    assert found.value <= truth <= most + LOST and truth > 0


def test_approval_is_not_the_title(city: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> None:
    assert judge_milestone(find_target("T31"), city[0], date(2015, 12, 31)).reason == "not_over"
