"""What all tests share: no screen, reproducible hypothesis, nothing read from the user's own settings."""

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest

os.environ["MPLBACKEND"] = "agg"
# Before NumPy is loaded: workers share the cores, and threads would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

hypothesis.settings.register_profile("qstats", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("qstats")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def project() -> Path:
    """Top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files and reference answers beside the project, which are not ours to ship."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no shared material: {folder} is absent")
    return folder


@pytest.fixture(scope="session")
def small_script(project: Path) -> Path:
    """Builders of a small report, as a script that writes a whole one."""
    return project / "tests" / "report" / "small_report.py"


@pytest.fixture(scope="session")
def small(small_script: Path) -> ModuleType:
    """The builders of ``small_report.py``."""
    return load_script(small_script)


@pytest.fixture(scope="session")
def asked(project: Path) -> ModuleType:
    """The builders of a small satisfaction survey, ``small_survey.py``."""
    return load_script(project / "tests" / "satisfaction" / "small_survey.py")


@pytest.fixture(scope="session")
def asked_city(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny synthetic survey: ``raw`` files, their ``truth``, and the ``clean`` tables made of them."""
    from qstats.params import read_params
    from qstats.pipeline.clean import clean_files
    from qstats.synthetic import write_survey

    folder = tmp_path_factory.mktemp("问卷 survey")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_survey(folder / "raw", folder / "truth", seed=20131212, size="tiny")
    params = read_params(project / "params" / "demo-2015Q4.yaml")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return folder


def load_script(path: Path) -> ModuleType:
    """A file of builders as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make_home(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a project folder to run in, with our own parameters, notebooks and reference tables."""

    def make() -> Path:
        home = tmp_path_factory.mktemp("家 home")
        for name in ("params", "notebooks", "data/reference", "data/corrections"):
            shutil.copytree(project / name, home / name)
        shutil.copy(project / "requirements.lock", home)
        (home / "reports").mkdir()
        return home

    return make


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's IPython start-up files and matplotlibrc out of kernels and charts."""
    folder = tmp_path_factory.mktemp("settings")
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ["MPLCONFIGDIR"] = str(folder / "matplotlib")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests recorded as properties, also when they pass (workers included)."""
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, rows in report.user_properties:
            terminalreporter.write_sep("-", name)
            for rule, *counts in rows:
                terminalreporter.write_line(f"{rule:<32}" + "".join(f"{count:>9}" for count in counts))
