"""What is a file really, whatever its name says? Text, XLSX or XLS.

Method: the first bytes, and for archives the list of members. Anything that is no table is refused here.
"""

import zipfile
from pathlib import Path
from typing import Literal

from qstats.errors import SourceError

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_FORMATS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "an RTF document",
}
UNPACKED_BYTES = 4 << 30

FileType = Literal["text", "xlsx", "xls"]


def detect_file_type(path: Path, file: str) -> FileType:
    """Return ``text``, ``xlsx`` or ``xls`` by content.

    Raises
    ------
    SourceError
        If there is no such file, it is empty, or it is no table: folder, web page, document, damaged or
        password-protected workbook.
    """
    if path.is_dir():
        raise SourceError(f"{file}: a folder, not a file. Name the files in it.")
    if not path.is_file():
        raise SourceError(f"{file}: no such file.")
    start = _read_start(path, file)
    if start.startswith(ZIP_MAGIC):
        return _check_zip(path, file)
    if start.startswith(OLE_MAGIC):
        return _check_ole(path, file)
    _refuse_other_formats(start, file)
    return "text"


def _read_start(path: Path, file: str) -> bytes:
    try:
        with path.open("rb") as stream:
            start = stream.read(65_536)
    except OSError as error:
        raise SourceError(f"{file}: cannot be opened ({error.strerror}).") from error
    if not start.removeprefix(b"\xef\xbb\xbf").strip():
        raise SourceError(f"{file}: the file is empty. Ask the supplier to send it again.")
    return start


def _check_zip(path: Path, file: str) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SourceError(
            f"{file}: the workbook is cut off or damaged. Ask the supplier to send it again."
        ) from error
    if not any(member.filename.startswith("xl/workbook") for member in members):
        raise SourceError(
            f"{file}: a ZIP archive that is no Excel workbook. Unpack it and give the files in it."
        )
    if sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise SourceError(f"{file}: the workbook unpacks to more than 4 GB. Send the table as CSV.")
    return "xlsx"


def _check_ole(path: Path, file: str) -> FileType:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise SourceError(f"{file}: protected by a password. Save it without one.")
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise SourceError(f"{file}: an old Office document that is no Excel workbook.")
    return "xls"


def _refuse_other_formats(start: bytes, file: str) -> None:
    for magic, name in OTHER_FORMATS.items():
        if start.startswith(magic):
            raise SourceError(f"{file}: {name}, not a table. Send CSV or Excel.")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = start.decode("utf-16", errors="replace").lstrip().lower().encode()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")) or (
        text.startswith(b"<") and b"<html" in text[:4096]
    ):
        raise SourceError(
            f"{file}: a web page (HTML), probably an error page saved as a table. Download it again."
        )
    if text.startswith(b"<?xml"):
        raise SourceError(f"{file}: an XML document, not a table. Save it as CSV or Excel (.xlsx).")
