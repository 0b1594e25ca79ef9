"""What the command line answers: exit codes, one message without a traceback, the last report untouched."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from qstats.cli import main

RUN = "demo-2015Q4"
PATIENCE = 60  # seconds; the machine may be busy
SUPPLIER_FILE = "抽样单编号,企业名称,产品名称,抽样日期,检验结论\nLC0001,东阿阿胶厂,阿胶,2015-11-06,合格\n"
HEAVY = (
    "papermill",
    "nbformat",
    "nbconvert",
    "matplotlib",
    "weasyprint",
    "polars",
    "pandas",
    "pydantic",
    "scipy",
)


@pytest.fixture
def home(make_home: Callable[[], Path]) -> Path:
    """A home with one supplier file, one chapter to be written and a report of last time."""
    folder = make_home()
    raw = folder / "data" / "raw" / RUN
    raw.mkdir(parents=True)
    (raw / "一月 来件.csv").write_text(SUPPLIER_FILE, encoding="utf-8-sig")
    params = folder / "params" / f"{RUN}.yaml"
    params.write_text(params.read_text(encoding="utf-8") + "chapters: [30_trial]\n", encoding="utf-8")
    for name in ("zh/index.html", "en/index.html", "findings.json"):
        path = folder / "reports" / RUN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"last {name}", encoding="utf-8")
    return folder


def write_chapter(home: Path, code: str) -> None:
    """The chapter of the run: a title in both languages, parameters and one cell of code."""
    blank = {"metadata": {}, "outputs": [], "execution_count": None, "cell_type": "code"}
    cells = [
        {"cell_type": "markdown", "metadata": {"tags": ["zh"]}, "source": "# 试算"},
        {"cell_type": "markdown", "metadata": {"tags": ["en"]}, "source": "# Trial"},
        blank | {"metadata": {"tags": ["parameters"]}, "source": 'run = "x"'},
        blank | {"source": code},
    ]
    cells = [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
    path = home / "notebooks" / "30_trial.ipynb"
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def command(home: Path, *arguments: str) -> dict[str, object]:
    environment = os.environ | {"QSTATS_HOME": str(home)}
    return {"args": [sys.executable, "-m", "qstats", *arguments], "env": environment, "cwd": home}


def qstats(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(**command(home, *arguments), capture_output=True, encoding="utf-8", check=False)  # type: ignore[call-overload,no-any-return]


Answer = tuple[int, str, str]
"""Exit code, and what was written to standard output and to standard error."""
Ask = Callable[..., Answer]


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The command line called in this process, for all that starts no chapter."""
    monkeypatch.setenv("QSTATS_HOME", str(home))
    monkeypatch.chdir(home)

    def answer(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["qstats", *arguments])
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(SystemExit) as ended:
            main()
        signal.signal(signal.SIGTERM, before)
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return answer


def fingerprint(folder: Path) -> dict[str, tuple[str, float]]:
    """Every file of a folder with its content and time of change."""
    return {
        str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_failing_chapter_leaves_the_report_and_says_so_in_both_languages(home: Path) -> None:
    write_chapter(
        home, "from qstats.codebook import label\nlabel('columns', '<script>unheard</script>', 'zh')"
    )
    before = fingerprint(home / "reports" / RUN)
    done = qstats(home, "run", f"params/{RUN}.yaml")
    assert done.returncode == 1
    assert "30_trial, cell 4: " in done.stderr
    assert "unheard" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert fingerprint(home / "reports" / RUN) == before
    failed = home / "reports" / f"{RUN}-failed"
    for language, words in (("zh", ("试算", "第4个单元", "失败")), ("en", ("Trial", "cell 4", "failed"))):
        page = (failed / language / "30_trial.html").read_text(encoding="utf-8")
        assert 'role="alert"' in page
        assert all(word in page for word in words)
        assert "<script>unheard" not in page
        assert "unheard" in page


HANGING = """
import os, pathlib, time
pathlib.Path("kernel").write_text(str(os.getpid()))
time.sleep(600)
"""


@pytest.fixture
def hanging(home: Path) -> Iterator[tuple[Path, subprocess.Popen[str], list[psutil.Process]]]:
    """A run whose chapter never ends, and its processes down to the kernel."""
    write_chapter(home, HANGING)
    process = subprocess.Popen(
        **command(home, "run", f"params/{RUN}.yaml"),  # type: ignore[call-overload]
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    note = home / "kernel"
    for _ in range(PATIENCE * 10):
        if (note.exists() and note.read_text()) or process.poll() is not None:
            break
        time.sleep(0.1)
    family = psutil.Process(process.pid).children(recursive=True)
    assert int(note.read_text()) in [one.pid for one in family]
    yield home, process, family
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["interrupt", "stop"]
)
def test_stopped_run_leaves_nothing_half_done(
    hanging: tuple[Path, subprocess.Popen[str], list[psutil.Process]], number: signal.Signals, code: int
) -> None:
    home, process, family = hanging
    before = fingerprint(home / "reports")
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert said == "qstats: stopped; what was published before stands as it was\n"
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []
    assert fingerprint(home / "reports") == before


def test_killed_run_leaves_no_kernel(
    hanging: tuple[Path, subprocess.Popen[str], list[psutil.Process]],
) -> None:
    home, process, family = hanging
    before = fingerprint(home / "reports")
    process.kill()
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []
    assert fingerprint(home / "reports") == before


def write_params(home: Path, text: str, name: str = "demo-bad") -> str:
    (home / "params" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return f"params/{name}.yaml"


GOOD = "run: demo-bad\nperiod: 2015Q4\ncutoff: 2016-01-31\ndemonstration: true\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "confidense: 0.9\n", "confidense: unknown key; nearest known key: 'confidence'"),
        (GOOD + "inspection: {minimum_batch: 3}\n", "nearest known key: 'minimum_batches'"),
        (GOOD + "confidence: high\n", "confidence:"),
        (
            GOOD + "chapters: [40_nothing]\n",
            "no notebook '40_nothing'; there are: 10_cleaning, 20_inspection",
        ),
        (GOOD + "cutoff: 2016-02-01\n", "'cutoff' stands twice"),
        ("[", "not readable as YAML"),
        (GOOD.replace("demonstration: true", "demonstration: false"), "named demo-"),
    ],
)
@pytest.mark.parametrize("verb", ["check", "run"])
def test_bad_parameters_are_one_message_and_code_2(
    home: Path, ask: Ask, verb: str, text: str, message: str
) -> None:
    code, out, err = ask(verb, write_params(home, text))
    assert code == 2
    assert out == ""
    assert message in err
    assert "Traceback" not in err
    assert err.count("qstats:") == 1
    assert not (home / "data" / "processed").exists()


def test_parameter_file_that_is_not_there(home: Path, ask: Ask) -> None:
    code, _, err = ask("run", "params/2019Q9.yaml")
    assert (code, err) == (2, "qstats: there is no parameter file params/2019Q9.yaml\n")


@pytest.mark.parametrize("verb", ["check", "run"])
def test_missing_supplier_files_are_said_with_what_to_do(home: Path, ask: Ask, verb: str) -> None:
    write_chapter(home, "pass")
    (home / "data" / "raw" / RUN / "一月 来件.csv").unlink()
    code, _, err = ask(verb, f"params/{RUN}.yaml")
    assert code == 1
    assert "there are no supplier files in" in err
    assert "run 'qstats demo --run demo-2015Q4' first" in err
    assert "Traceback" not in err


def test_notebook_with_a_parameter_that_no_run_has(home: Path, ask: Ask) -> None:
    write_chapter(home, "pass")
    path = home / "notebooks" / "30_trial.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("run = ", "regoin = "), encoding="utf-8")
    code, _, err = ask("check", f"params/{RUN}.yaml")
    assert code == 2
    assert "notebook 30_trial asks for 'regoin'; a run offers run, period" in err


def test_folder_that_cannot_be_written_is_a_message(home: Path, ask: Ask) -> None:
    write_chapter(home, "pass")
    (home / "data" / "processed").write_text("a file where a folder should be")
    code, _, err = ask("run", f"params/{RUN}.yaml")
    assert code == 1
    assert "processed" in err
    assert "Traceback" not in err


def test_check_says_what_would_be_run(home: Path, ask: Ask) -> None:
    write_chapter(home, "pass")
    code, out, err = ask("check", f"params/{RUN}.yaml")
    assert (code, err) == (0, "")
    assert out == f"params/{RUN}.yaml is valid: run {RUN}, period 2015Q4, 1 supplier files\n"


def test_template_and_schema_are_written(home: Path, ask: Ask) -> None:
    assert ask("template", "inspection", "--path", "表 form.xlsx")[0] == 0
    assert (home / "表 form.xlsx").read_bytes().startswith(b"PK")
    assert ask("template", "survey")[0] == 2
    schema = home / "params" / "schema.json"
    shipped = schema.read_text(encoding="utf-8")
    schema.unlink()
    assert ask("schema")[0] == 0
    assert schema.read_text(encoding="utf-8") == shipped


def test_demo_of_an_unknown_size_is_an_error_in_words(home: Path, ask: Ask) -> None:
    code, _, err = ask("demo", "--run", RUN, "--size", "huge")
    assert code == 2
    assert "there is no size 'huge': give tiny, demo, large or a number" in err


def write_one_file(folder: Path, truth: Path, **how: object) -> None:
    (folder / "甲.csv").write_text(str(how["size"]), encoding="utf-8")


@pytest.mark.parametrize("size", ["tiny", "500"])
def test_a_city_of_another_size_does_not_take_the_place_of_one(home: Path, ask: Ask, size: str) -> None:
    before = fingerprint(home / "data" / "raw")
    code, out, err = ask("demo", "--size", size)
    assert (code, out) == (2, "")
    assert "data/raw/demo-2015Q4 is there already, and its parameters declare the size demo" in err
    assert f"'qstats demo --run demo-{size}'; or remove the folder first" in err
    assert fingerprint(home / "data" / "raw") == before


def test_files_that_are_made_anew_are_announced(
    home: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qstats.synthetic.write_everything", write_one_file)
    raw = home / "data" / "raw" / RUN
    for size in ([], ["--size", "demo"]):
        code, out, _ = ask("demo", *size)
        assert code == 0
        assert out.startswith(
            "replacing the 1 files that stand in data/raw/demo-2015Q4\nwriting the synthetic"
        )
        assert [path.name for path in raw.iterdir()] == ["甲.csv"]


def test_where_nothing_stands_a_city_has_any_size(
    home: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qstats.synthetic.write_everything", write_one_file)
    raw = home / "data" / "raw" / RUN
    (raw / "一月 来件.csv").unlink()
    raw.rmdir()
    code, out, _ = ask("demo", "--size", "tiny")
    assert (code, out) == (0, "writing the synthetic city (tiny) to data/raw/demo-2015Q4\n")
    assert (raw / "甲.csv").read_text(encoding="utf-8") == "tiny"


def test_the_readme_s_other_demonstration_has_a_run_of_its_own(
    home: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    monkeypatch.setattr("qstats.synthetic.write_everything", write_one_file)
    text = (project / "README.md").read_text(encoding="utf-8").split("**Another demonstration**")[1]
    params = (project / "params" / f"{RUN}.yaml").read_text(encoding="utf-8")
    for line in text.split("```yaml\n")[1].split("```")[0].splitlines():
        params = re.sub(rf"^{line.split(':')[0]}:.*$", line, params, flags=re.MULTILINE)
    (home / "params" / "demo-tiny.yaml").write_text(params, encoding="utf-8")
    assert "qstats demo --run demo-tiny" in text
    assert ask("demo", "--run", "demo-tiny")[0] == 0
    assert (home / "data" / "raw" / "demo-tiny" / "甲.csv").read_text(encoding="utf-8") == "tiny"
    assert (home / "data" / "raw" / RUN / "一月 来件.csv").exists()


def test_folder_is_no_parameter_file(home: Path, ask: Ask) -> None:
    code, _, err = ask("check", str(home / "params"))
    assert code == 2
    assert "cannot be read: Is a directory" in err


def test_demo_wants_a_run_of_its_own(home: Path, ask: Ask) -> None:
    path = home / "params" / "2015Q4.yaml"
    path.write_text("run: 2015Q4\nperiod: 2015Q4\ncutoff: 2016-01-31\n", encoding="utf-8")
    code, _, err = ask("demo", "--run", "2015Q4")
    assert code == 2
    assert "it is no demonstration run" in err


def test_help_loads_nothing_heavy(home: Path, ask: Ask) -> None:
    listing = "import sys, qstats.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, check=True, encoding="utf-8"
    )
    assert set(HEAVY) & set(loaded.stdout.split()) == set()
    code, out, _ = ask("--help")
    assert code == 0
    assert all(verb in out for verb in ("run", "check", "demo", "template", "schema"))


def test_check_of_bad_parameters_loads_no_notebook_machinery(home: Path, ask: Ask) -> None:
    listing = "import sys, qstats.pipeline.clean, qstats.pipeline.execute; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, check=True, encoding="utf-8"
    )
    assert {"papermill", "nbformat", "nbconvert", "matplotlib", "weasyprint"} & set(
        loaded.stdout.split()
    ) == set()
