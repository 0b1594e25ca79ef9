"""How do many short pages get a fresh kernel each without loading the same libraries each time?

A server process loads them once and forks a kernel from itself for every page. A kernel is a process of its
own as ever: it shares no state with other pages and is stopped in the same ways. Only libraries that start no
threads are loaded beforehand, for a thread does not survive a fork: polars and pandas must wait.
"""

import multiprocessing
import os
import signal
import sys
from multiprocessing.process import BaseProcess
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from qstats.pipeline.kernels import ChapterKernelManager
from qstats.pipeline.processes import end_with_parent

LOADED_BEFOREHAND = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "IPython", "scipy.stats", "scipy.optimize",
    "matplotlib.figure", "matplotlib.backends.backend_svg", "fontTools.ttLib", "yaml",
)  # fmt: skip
_SERVER = multiprocessing.get_context("forkserver")


def load_beforehand() -> None:
    """Start the server; its imports run beside this process."""
    from multiprocessing.forkserver import ensure_running

    _SERVER.set_forkserver_preload(["__main__", *LOADED_BEFOREHAND])
    ensure_running()


class WarmKernelManager(ChapterKernelManager):
    """Kernel manager whose kernels are forked from a process that has loaded the libraries."""

    async def _async_pre_start_kernel(self, **arguments: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None:
            self.provisioner = _ForkingProvisioner(kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**arguments)


class _ForkingProvisioner(LocalProvisioner):
    """Starts the kernel of a command line in a forked process instead of a new interpreter."""

    async def launch_kernel(self, cmd: list[str], **arguments: Any) -> KernelConnectionInfo:
        options = cmd[cmd.index("-f") :]
        process = _SERVER.Process(
            target=serve_kernel, args=(options, arguments["env"], arguments.get("cwd")), daemon=True
        )
        process.start()
        self.process = _AsPopen(process)  # type: ignore[assignment]
        self.pid = process.pid  # the group stays unset: signals go to this process alone
        return self.connection_info


class _AsPopen:
    """A process of ``multiprocessing`` as the provisioner knows processes."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None and self.pid is not None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def serve_kernel(options: list[str], environment: dict[str, str], folder: str | None) -> None:
    """Be a kernel until it is asked to end, or until the process that asked for it is gone."""
    from ipykernel.kernelapp import IPKernelApp

    end_with_parent()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder or ".")
    sys.argv = ["ipykernel_launcher", *options]
    IPKernelApp.launch_instance([*options, f"--IPKernelApp.parent_handle={os.getppid()}"])
