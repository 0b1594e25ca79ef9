"""What table lies inside a packed file or an SPSS file? It is laid out as a text file and read as one.

Gzip: the content as it is. SPSS (``.sav``): a variable goes by its label where that is a known heading, else
by its name. Answers to items keep their codes; all other coded columns are written as their value
labels, because an institute's numbers mean something only beside them.
"""

import csv
import gzip
import shutil
import weakref
import zlib
from collections.abc import Collection
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyreadstat

from qstats.sources.layouts import normalize_heading
from qstats.sources.refusals import refusal
from qstats.sources.workbooks import cell_text

UNPACKED_GIGABYTES = 4
_BLOCK = 1 << 20


class OwnFolder:
    """A temporary folder that is removed with the object."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="qstats-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def unpack_gzip(path: Path, file: str, folder: OwnFolder) -> Path:
    """Return the content of a gzip file as a file in ``folder``.

    Raises
    ------
    RefusedFileError
        If it is damaged, or unpacks to more than 4 GB.
    """
    target = folder.path / "content"
    try:
        with gzip.open(path) as packed, target.open("wb") as plain:
            while block := packed.read(_BLOCK):
                plain.write(block)
                if plain.tell() > UNPACKED_GIGABYTES << 30:
                    raise refusal(file, "unpacks_too_large", gigabytes=UNPACKED_GIGABYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal(file, "damaged_archive") from error
    return target


def write_spss_as_text(
    path: Path, file: str, folder: OwnFolder, known: Collection[str], with_codes: Collection[str]
) -> Path:
    """Return the cases of an SPSS file as a text file in ``folder``, case n in line n + 1.

    Parameters
    ----------
    known, with_codes : collection of str
        Headings that any layout knows, normalised; those of answers on a scale, whose codes are kept.

    Raises
    ------
    RefusedFileError
        If the file is damaged.
    """
    try:
        frame, meta = pyreadstat.read_sav(path, user_missing=True)
    except Exception as error:  # the reader raises its own, plain and decoding errors for damage
        raise refusal(file, "damaged_spss") from error
    headings, columns = [], []
    for name, label in zip(meta.column_names, meta.column_labels, strict=True):
        heading = label if normalize_heading(label or "") in known else name
        scored = normalize_heading(heading) in with_codes
        coded = {} if scored else meta.variable_value_labels.get(name, {})
        headings.append(heading)
        columns.append([_text(value, coded) for value in frame[name].tolist()])
    target = folder.path / "cases.csv"
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(headings)
        writer.writerows(zip(*columns, strict=True))
    return target


def _text(value: Any, labels: dict[Any, str]) -> str:
    if value is None or value != value:  # NaN is system-missing
        return ""
    return labels[value] if value in labels else cell_text(value)
