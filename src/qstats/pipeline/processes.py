"""How does work run beside this process so that it can be stopped as a whole, whatever it does?

Each task has a process of its own: one that is killed takes no other with it, and one that takes too long is
killed together with everything it has started. Nothing outlives this process, not even after ``kill -9``.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

import psutil  # type: ignore[import-untyped]

Ending = Literal["done", "killed", "too_late"]
Task = Callable[..., Any]
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task came to its end, what it returned and the last thing that it reported before."""

    ending: Ending
    result: Any = None
    reported: Any = None
    seconds: float = 0.0


@dataclass(slots=True)
class _Running:
    name: str
    process: Any
    receiver: Connection
    deadline: float
    started: float = field(default_factory=time.monotonic)
    reported: Any = None


def run_tasks(
    tasks: Mapping[str, tuple[Any, ...]], task: Task, *, timeout: float, at_once: int | None = None
) -> Iterator[tuple[str, Ended]]:
    """Run ``task(*arguments, report=…)`` for each entry and yield ``(name, Ended)`` as they end.

    Parameters
    ----------
    tasks
        Name → arguments of the task; all must be picklable, as must the result.
    task
        Function of a module. It may call ``report(value)``; the last value is known however it ends.
    timeout
        Seconds from the start of a task until it is killed with all its descendants.
    at_once
        Processes at a time (one for each core if not given).

    Raises
    ------
    Exception
        Whatever a task raises; all others are stopped.
    """
    waiting = list(tasks.items())
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < (at_once or os.cpu_count() or 1):
                name, arguments = waiting.pop(0)
                running.append(_start(name, task, arguments, timeout))
            for one, ended in _listen(running):
                running.remove(one)
                yield one.name, ended
    finally:
        for one in running:
            kill_family(one.process.pid)
            one.process.join()


def kill_family(pid: int) -> None:
    """Kill a process and all its descendants (kernels live in sessions of their own)."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        family = [*parent.children(recursive=True), parent]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family[:-1], timeout=5)


def end_with_parent() -> None:
    """Stand apart from the terminal's interrupts and end when the parent is gone, however it went."""
    with suppress(PermissionError):  # leads a session already
        os.setsid()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent,), daemon=True).start()


def _exit_after(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _start(name: str, task: Task, arguments: tuple[Any, ...], timeout: float) -> _Running:
    receiver, sender = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_work, args=(task, arguments, sender), name=name)
    process.start()
    sender.close()  # the only other end is the task's: its death is an end of file here
    return _Running(name, process, receiver, time.monotonic() + timeout)


def _work(task: Task, arguments: tuple[Any, ...], sender: Connection) -> None:
    end_with_parent()
    try:
        news = ("done", task(*arguments, report=lambda value: sender.send(("reported", value))))
    except Exception as error:
        news = ("raised", error)
    sender.send(news)


def _listen(running: list[_Running]) -> Iterator[tuple[_Running, Ended]]:
    """Tasks that have ended, after waiting for news or for the next deadline."""
    patience = max(0.0, min(one.deadline for one in running) - time.monotonic())
    ready = wait([one.receiver for one in running], timeout=patience)
    for one in list(running):
        ended = _hear(one) if one.receiver in ready else None
        if ended is None and time.monotonic() >= one.deadline:
            ended = Ended("too_late", None, one.reported)
        if ended is not None:
            yield one, _settle(one, ended)


def _hear(one: _Running) -> Ended | None:
    try:
        kind, value = one.receiver.recv()
    except (EOFError, OSError):
        return Ended("killed", None, one.reported)
    if kind == "raised":
        raise value
    if kind == "reported":
        one.reported = value
        return None
    return Ended("done", value, one.reported)


def _settle(one: _Running, ended: Ended) -> Ended:
    if ended.ending != "done":
        kill_family(one.process.pid)
    one.process.join()
    one.receiver.close()
    return Ended(ended.ending, ended.result, ended.reported, time.monotonic() - one.started)
