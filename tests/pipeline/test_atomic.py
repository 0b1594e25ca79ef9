"""Whatever interrupts the exchange of a folder, a whole one stands there after the next start."""

import errno
import multiprocessing
import os
import shutil
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from qstats.errors import QstatsError
from qstats.pipeline.atomic import replacing_folder, write_file

CALLS = ("first rename", "second rename")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "报告 report"
    fill(folder, "old")
    return folder


def fill(folder: Path, age: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("index.html", "findings.json"):
        (folder / name).write_text(age)


def ages(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted(folder.iterdir())]


def replace(target: Path) -> None:
    with replacing_folder(target) as folder:
        fill(folder, "new")


def hidden(target: Path) -> list[Path]:
    return [path for path in target.parent.iterdir() if path != target]


def test_new_folder_takes_the_place_of_the_old_one(target: Path) -> None:
    replace(target)
    assert ages(target) == ["new", "new"]
    assert hidden(target) == []


def test_folder_that_was_not_there_appears(tmp_path: Path) -> None:
    replace(tmp_path / "report")
    assert ages(tmp_path / "report") == ["new", "new"]


def test_failure_inside_leaves_the_old_one(target: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing_folder(target) as folder:
        (folder / "index.html").write_text("half")
        raise ZeroDivisionError
    assert ages(target) == ["old", "old"]
    assert hidden(target) == []


def test_interrupt_inside_leaves_the_old_one(target: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing_folder(target) as folder:
        fill(folder, "new")
        raise KeyboardInterrupt
    assert ages(target) == ["old", "old"]
    assert hidden(target) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_is_named(target: Path, number: int) -> None:
    with (
        pytest.raises(QstatsError, match=r"disk is full.*stays as it was.*[Ff]ree space"),
        replacing_folder(target),
    ):
        raise OSError(number, os.strerror(number))
    assert ages(target) == ["old", "old"]


def test_full_disk_that_a_library_calls_something_else_is_named(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
    with pytest.raises(QstatsError, match="disk is full"), replacing_folder(target):
        raise RuntimeError("parquet: file out of specification")
    with pytest.raises(QstatsError, match="no label"), replacing_folder(target):
        raise QstatsError("no label")
    assert ages(target) == ["old", "old"]


def test_other_problems_of_the_system_keep_their_name(target: Path) -> None:
    with pytest.raises(PermissionError), replacing_folder(target):
        raise PermissionError(errno.EACCES, "no")


@pytest.mark.parametrize("failing", [1, 2], ids=CALLS)
def test_rename_that_fails_leaves_the_old_one(
    target: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    rename, calls = Path.rename, []

    def fail_at_the_nth(self: Path, to: Path) -> Path:
        calls.append(to)
        if len(calls) == failing:
            raise OSError(errno.EIO, "device error")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", fail_at_the_nth)
    with pytest.raises(OSError, match="device error"):
        replace(target)
    assert ages(target) == ["old", "old"]
    assert hidden(target) == []


def replace_and_die(target: Path, fatal: int) -> None:
    """Replace the folder but be killed for good right before the nth rename (0: while it is filled)."""
    calls = 0
    rename = Path.rename

    def rename_or_die(self: Path, to: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return rename(self, to)

    Path.rename = rename_or_die  # type: ignore[method-assign]
    with replacing_folder(target) as folder:
        fill(folder, "new")
        if fatal == 0:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("fatal", [0, 1, 2], ids=["filling", *CALLS])
def test_kill_at_any_moment_is_healed_by_the_next_start(target: Path, fatal: int) -> None:
    process = multiprocessing.get_context("spawn").Process(target=replace_and_die, args=(target, fatal))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with pytest.raises(ZeroDivisionError), replacing_folder(target):
        assert ages(target) == ["old", "old"]
        raise ZeroDivisionError
    assert ages(target) == ["old", "old"]
    replace(target)
    assert ages(target) == ["new", "new"]
    assert hidden(target) == []


def test_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "schema.json"
    write_file(path, "旧")
    write_bytes = Path.write_bytes

    def write_half(self: Path, data: bytes) -> int:
        write_bytes(self, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(OSError, match="no space"):
        write_file(path, "新的内容")
    assert path.read_text(encoding="utf-8") == "旧"
    assert list(tmp_path.iterdir()) == [path]
