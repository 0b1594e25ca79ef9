"""How does a chapter's kernel begin and end? Encrypted, and without a needless interrupt.

Imported in the worker process only: the client library takes its time to load.
"""

from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

# Kernels speak to this process only; without keys each would warn that it can be overheard.
ENCRYPTED = Config({"KernelManager": {"transport_encryption": "auto"}})


class ChapterKernelManager(AsyncKernelManager):
    """Kernel manager that asks its kernel to shut down instead of interrupting it first.

    The stock one sends an interrupt on every shutdown; a kernel that is idle by then reports it as an
    error. One that is still busy does not answer the request and is killed a second later.
    """

    async def _async_interrupt_kernel(self) -> None:
        if not self.shutting_down:
            await super()._async_interrupt_kernel()
