"""The small report that the tests of this folder look at."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).with_name("small_report.py")


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """The builders of ``small_report.py``."""
    spec = importlib.util.spec_from_file_location("small_report", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def small_script() -> Path:
    """The same as a script that writes a whole report."""
    return SCRIPT
