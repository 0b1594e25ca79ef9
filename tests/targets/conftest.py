"""Small registers, and targets judged by them."""

import runpy
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from qstats.target_registry import Target, find_target
from qstats.targets import Outlook, judge_registered


@pytest.fixture(scope="session")
def books(project: Path) -> SimpleNamespace:
    """The builders of ``small_registers.py``."""
    return SimpleNamespace(**runpy.run_path(str(project / "tests" / "targets" / "small_registers.py")))


@pytest.fixture(scope="session")
def judge(books: SimpleNamespace) -> Callable[..., Outlook]:
    """Judges a target by the entries given."""

    def of(
        target: Target | str, *entries: pl.DataFrame, today: date = date(2015, 12, 31),
        denominators: Sequence[tuple[str, int, int]] = (),
    ) -> Outlook:  # fmt: skip
        one = find_target(target) if isinstance(target, str) else target
        table = pl.concat(entries) if entries else books.make_entries("benchmark", [])
        declared = books.make_denominators(*denominators).to_pandas()
        return judge_registered(one, table.to_pandas(), declared, today, confidence=0.95)

    return of
