"""How is a folder replaced so that the last good one survives any failure?"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qstats.errors import QstatsError

_NEXT_TO_NOTHING = 1_000_000  # bytes free


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
    except Exception as error:
        if _tells_of_full_disk(error, target.parent):
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


def _tells_of_full_disk(error: Exception, folder: Path) -> bool:
    """Whether it does; libraries that write for us may call a full disk a broken file."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return not isinstance(error, QstatsError) and shutil.disk_usage(folder).free < _NEXT_TO_NOTHING


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    incoming = path.with_name(f".{path.name}.incoming")
    data = content.encode() if isinstance(content, str) else content
    try:
        incoming.write_bytes(data)
        os.replace(incoming, path)
    finally:
        incoming.unlink(missing_ok=True)
