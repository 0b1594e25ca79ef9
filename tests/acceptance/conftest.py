"""Builders of small registers of construction works."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def works(project: Path) -> SimpleNamespace:
    """The builders of ``small_works.py``."""
    return SimpleNamespace(**runpy.run_path(str(project / "tests" / "acceptance" / "small_works.py")))
