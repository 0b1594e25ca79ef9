"""How does a chapter's kernel begin and end? Over sockets in a private folder, without a needless interrupt.

Imported in the worker process only: the client library takes its time to load.
"""

import os
import secrets
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from traitlets import default


class ChapterKernelManager(AsyncKernelManager):
    """Kernel manager that speaks through files, and asks its kernel to end instead of interrupting it first.

    A port of the network is chosen before the kernel binds it: of two runs that start kernels at the same
    moment one may find its port taken. The files lie in the folder of the run, which its user alone may open.

    The stock manager sends an interrupt on every shutdown; a kernel that is idle by then reports it as an
    error. One that is still busy does not answer the request and is killed a second later.
    """

    @default("transport")
    def _through_files(self) -> str:
        return "ipc"

    @default("ip")
    def _own_files(self) -> str:
        return str(Path(os.environ["IPYTHONDIR"]) / secrets.token_hex(4))

    async def _async_interrupt_kernel(self) -> None:
        if not self.shutting_down:
            await super()._async_interrupt_kernel()
