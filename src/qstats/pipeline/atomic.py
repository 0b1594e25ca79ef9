"""How is a folder replaced so that the last good one survives any failure?"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qstats.errors import QstatsError


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """A new empty folder that takes the place of ``target`` when the block ends well.

    If the block fails, the new folder is removed and ``target`` stays as it was. A full disk is reported
    as such. An interrupted exchange of an earlier run is healed first.
    """
    incoming, outgoing = (target.with_name(f".{target.name}.{word}") for word in ("incoming", "outgoing"))
    if outgoing.exists() and not target.exists():
        outgoing.rename(target)
    for left_over in (incoming, outgoing):
        shutil.rmtree(left_over, ignore_errors=True)
    try:
        incoming.mkdir(parents=True)
        yield incoming
        if target.exists():
            target.rename(outgoing)
        incoming.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise QstatsError(
                f"the disk is full: {target} could not be written and stays as it was. "
                f"Free space in {target.parent} and run again"
            ) from error
        raise
    finally:
        if outgoing.exists() and not target.exists():
            outgoing.rename(target)
        shutil.rmtree(incoming, ignore_errors=True)
        shutil.rmtree(outgoing, ignore_errors=True)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    incoming = path.with_name(f".{path.name}.incoming")
    data = content.encode() if isinstance(content, str) else content
    try:
        incoming.write_bytes(data)
        os.replace(incoming, path)
    finally:
        incoming.unlink(missing_ok=True)
