"""Work in other processes ends when it must, with all that it has started, and says how it ended."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
import pytest

from qstats.errors import ReportError
from qstats.pipeline.processes import Ended, run_tasks

Report = Callable[[object], None]
PATIENCE = 30  # seconds; the machine may be busy


def run(tasks: dict[str, tuple[str, ...]], timeout: float = PATIENCE) -> dict[str, Ended]:
    return dict(run_tasks(tasks, act, timeout=timeout, at_once=2))


def act(what: str, *arguments: str, report: Report) -> str:
    """The task of all these tests."""
    report(what)
    return ACTS[what](report, *arguments)


def _answer(report: Report) -> str:
    return "answer" * 100_000  # more than a pipe holds


def _die(report: Report) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def _raise(report: Report) -> str:
    raise ReportError("名称 wrong")


def _hang(report: Report, note: str) -> str:
    """Never end, like a kernel that a notebook keeps busy: with a child in a session of its own."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    Path(note).write_text(f"{os.getpid()} {child.pid}")
    report("hanging")
    time.sleep(600)
    return "never"


ACTS = {"answer": _answer, "die": _die, "raise": _raise, "hang": _hang}


def pids(note: Path) -> list[int]:
    """Processes that a hanging task has noted, waited for."""
    for _ in range(PATIENCE * 10):
        if note.exists() and len(found := note.read_text().split()) == 2:
            return [int(pid) for pid in found]
        time.sleep(0.1)
    raise AssertionError("the task did not start")


def wait_until_gone(numbers: Iterable[int]) -> list[int]:
    """Those that are still alive after some seconds."""
    alive = []
    for _ in range(100):
        alive = [pid for pid in numbers if psutil.pid_exists(pid) and not is_zombie(pid)]
        if not alive:
            break
        time.sleep(0.1)
    return alive


def is_zombie(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_one_that_is_killed_takes_no_other_with_it() -> None:
    ended = run({"first": ("die",), "second": ("answer",), "third": ("answer",)})
    assert {name: one.ending for name, one in ended.items()} == {
        "first": "killed", "second": "done", "third": "done",
    }  # fmt: skip
    assert ended["first"].reported == "die"
    assert ended["third"].result == "answer" * 100_000


def test_one_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "note"
    ended = run({"slow": ("hang", str(note))}, timeout=4)["slow"]
    assert ended.ending == "too_late"
    assert 4 <= ended.seconds < PATIENCE
    assert wait_until_gone(pids(note)) == []


def test_error_of_a_task_arrives_and_stops_the_others(tmp_path: Path) -> None:
    note = tmp_path / "note"
    tasks = {"slow": ("hang", str(note)), "wrong": ("raise",)}
    with pytest.raises(ReportError, match="名称 wrong"):
        run(tasks)
    assert multiprocessing.active_children() == []


def test_leaving_the_loop_stops_what_still_runs(tmp_path: Path) -> None:
    note = tmp_path / "note"
    tasks = run_tasks({"slow": ("hang", str(note)), "quick": ("answer",)}, act, timeout=PATIENCE, at_once=2)
    assert next(tasks)[0] == "quick"
    noted = pids(note)
    tasks.close()  # type: ignore[attr-defined]
    assert wait_until_gone(noted) == []


def hang_in_the_background(note: str) -> None:
    run({"slow": ("hang", note)}, timeout=600)


def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    note = tmp_path / "note"
    parent = multiprocessing.get_context("spawn").Process(target=hang_in_the_background, args=(str(note),))
    parent.start()
    task, child = pids(note)
    parent.kill()
    parent.join()
    assert wait_until_gone([task]) == []
    os.kill(child, signal.SIGKILL)  # a kernel watches its parent; this stand-in does not
