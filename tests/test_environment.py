"""The environment is declared once: lock, conda file and commands stay in step with pyproject.toml."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# The examples the lock must serve: each supported Python on Linux.
PYTHONS = ("3.11", "3.12", "3.13")


def requirements() -> list[Requirement]:
    """Everything that pyproject.toml asks for: run time, groups and build backend."""
    lists = [
        PYPROJECT["project"]["dependencies"],
        PYPROJECT["build-system"]["requires"],
        *PYPROJECT["dependency-groups"].values(),
    ]
    return [Requirement(line) for lines in lists for line in lines]


def locked_entries() -> list[str]:
    """Return one text per locked package: its version, marker, hashes and the packages that want it."""
    return [entry for entry in re.split(r"\n(?=[a-z0-9])", LOCK) if entry.strip()]


def locked_requirements() -> list[Requirement]:
    return [Requirement(entry.splitlines()[0].rstrip("\\").strip()) for entry in locked_entries()]


def locked_version(name: str, python: str) -> Version | None:
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": "x86_64",
    }
    for locked in locked_requirements():
        if canonicalize_name(locked.name) == canonicalize_name(name) and (
            locked.marker is None or locked.marker.evaluate(environment)
        ):
            return Version(next(iter(locked.specifier)).version)
    return None


def test_every_locked_package_is_pinned_and_hashed() -> None:
    entries = locked_entries()
    assert len(entries) > 100
    unpinned = [entry.splitlines()[0] for entry in entries if not re.match(r"[a-z0-9.-]+==[^ ]+ ", entry)]
    unhashed = [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert (unpinned, unhashed) == ([], [])


def test_lock_names_no_host_no_index_and_no_local_path() -> None:
    """A line is a pin, a hash, or a comment naming the packages that want the pin."""
    line_forms = re.compile(
        r"[a-z0-9.-]+==[\w.+!]+( ; [\w.<>=!'\"() *]+)? \\"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
        r"|    # via( [a-z0-9.-]+)?( \(pyproject\.toml(:[a-z]+)?\))?"
        r"|    #   [a-z0-9.-]+( \(pyproject\.toml(:[a-z]+)?\))?"
    )
    assert [line for line in LOCK.splitlines() if not line_forms.fullmatch(line)] == []


@pytest.mark.parametrize("python", PYTHONS)
def test_lock_serves_every_requirement_on(python: str) -> None:
    unserved = [
        str(wanted)
        for wanted in requirements()
        if (version := locked_version(wanted.name, python)) is None or version not in wanted.specifier
    ]
    assert unserved == [], "run: make lock"


def test_supported_pythons_are_the_declared_range() -> None:
    declared = Requirement(f"python{PYPROJECT['project']['requires-python']}").specifier
    assert [minor for minor in range(8, 20) if Version(f"3.{minor}") in declared] == [11, 12, 13]
    running = ".".join(map(str, sys.version_info[:3]))
    assert running in declared


def test_pandas_has_no_upper_bound() -> None:
    pandas = next(wanted for wanted in requirements() if wanted.name == "pandas")
    assert {clause.operator for clause in pandas.specifier} == {">="}


def test_every_import_is_a_declared_dependency() -> None:
    """Code that runs imports only what pyproject.toml asks for by name, never a dependency's dependency."""
    declared = {canonicalize_name(Requirement(line).name) for line in PYPROJECT["project"]["dependencies"]}
    distributions = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for name in imported_packages(path) - sys.stdlib_module_names - {"qstats"}
        if not declared & {canonicalize_name(dist) for dist in distributions.get(name, [name])}
    }
    assert undeclared == set()


def imported_packages(path: Path) -> set[str]:
    """Top-level names that a module imports absolutely."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_conda_environment_is_in_step() -> None:
    """Conda gives Python and the system's parts; every Python package comes through the project's lock."""
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = {entry.split()[0]: entry for entry in conda["dependencies"] if isinstance(entry, str)}
    (through_pip,) = [entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict)]
    python_packages = {canonicalize_name(wanted.name) for wanted in requirements()}

    assert plain["python"] == f"python {PYPROJECT['project']['requires-python']}"
    assert through_pip == ["-r requirements.lock"]
    assert "pango" in plain and not python_packages & set(plain)


def test_lint_and_ci_run_through_make() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    called = set(re.findall(r"^make ([a-z]+)$", ci, re.MULTILINE))
    assert {"help", "report", "test", "lab", "lock"} <= targets
    assert "test" in called <= targets


def test_help_names_every_target_for_people() -> None:
    answer = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("report", "test", "lab", "lock", "lint", "clean"):
        assert re.search(rf"^  {target} +\S", answer, re.MULTILINE)


@pytest.mark.parametrize("script", ["tools/system.sh", "tools/python.sh", "tools/uv.sh", ".ci/run"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


def write_command(folder: Path, name: str, body: str) -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    command.chmod(0o755)


def test_python_is_chosen_by_running_it(tmp_path: Path) -> None:
    """A command that exists but does not work (a version manager's leftover) is passed over."""
    write_command(tmp_path, "python3", "exit 127")
    write_command(tmp_path, "python3.11", "exit 127")
    write_command(tmp_path, "python3.12", f"exec '{sys.executable}' \"$@\"")
    answer = subprocess.run(
        ["tools/python.sh"], cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "python3.12\n"


def test_python_without_venv_is_told_the_package(tmp_path: Path) -> None:
    """Debian's own Python has no venv until its package is installed."""
    without = f"""case "$2" in *ensurepip*) exit 1;; *) exec '{sys.executable}' "$@";; esac"""
    write_command(tmp_path, "python3", without)
    write_command(tmp_path, "id", "echo 1000")
    answer = subprocess.run(
        ["tools/python.sh"], cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"install --yes python{version}-venv" in answer.stderr


def check_system_without_fonts(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the check of system parts where fontconfig, and so every font, is out of reach."""
    for name in ("tr", "sed"):
        (folder / name).symlink_to(shutil.which(name) or name)
    command = ["tools/system.sh", sys.executable]
    return subprocess.run(command, cwd=ROOT, env={"PATH": str(folder)}, capture_output=True, text=True)


def test_missing_system_parts_are_named_with_the_exact_command(tmp_path: Path) -> None:
    write_command(tmp_path, "apt-get", "exit 99")
    write_command(tmp_path, "id", "echo 1000")
    answer = check_system_without_fonts(tmp_path)
    assert answer.returncode == 1
    assert "fc-list (fontconfig)" in answer.stderr
    assert "  sudo apt-get update && sudo apt-get install " in answer.stderr
    assert " fonts-noto-cjk\n" in answer.stderr


def test_root_on_debian_gets_the_missing_parts_installed(tmp_path: Path) -> None:
    """The stand-in for apt-get notes how it is called and brings the command that was missing."""
    bring = f"printf '#!/bin/sh\\necho font\\n' > '{tmp_path}/fc-list'; /bin/chmod +x '{tmp_path}/fc-list'"
    write_command(
        tmp_path, "apt-get", f"echo \"$@\" >> '{tmp_path}/calls'; [ $1 = update ] || {{ {bring}; }}"
    )
    write_command(tmp_path, "id", "echo 0")
    answer = check_system_without_fonts(tmp_path)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert (answer.returncode, answer.stderr) == (0, "")
    assert calls[0].startswith("update") and calls[1].startswith("install") and "fontconfig" in calls[1]


def test_system_without_apt_is_told_what_to_install(tmp_path: Path) -> None:
    answer = check_system_without_fonts(tmp_path)
    assert answer.returncode == 1
    assert "fc-list (fontconfig)" in answer.stderr and "conda env create" in answer.stderr


def test_uv_goes_where_pip_is_set_up_to_go(tmp_path: Path) -> None:
    """A mirror in pip's configuration reaches uv; one that is set for uv itself goes before it."""
    settings = "global.cert='/company.pem'\nglobal.index-url='mirror'"
    tell = 'echo "$UV_DEFAULT_INDEX $SSL_CERT_FILE $4"'
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    write_command(
        tmp_path / ".venv" / "bin", "python", f'if [ $2 = pip ]; then echo "{settings}"; else {tell}; fi'
    )
    for own, index in (({}, "mirror"), ({"UV_DEFAULT_INDEX": "own"}, "own")):
        answer = subprocess.run(
            [ROOT / "tools" / "uv.sh", "pip", "sync"],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", **own},
            capture_output=True,
            text=True,
        )
        assert answer.stdout == f"{index} /company.pem sync\n", answer.stderr
