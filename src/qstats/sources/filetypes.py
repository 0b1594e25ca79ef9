"""What is a file really, whatever its name says? Text, XLSX, XLS, SPSS, or a packed one.

Method: the first bytes, and for archives the list of members. Anything that is no table is refused here.
"""

import zipfile
from pathlib import Path
from typing import Literal

from qstats.codebook import text
from qstats.sources.refusals import refusal

GZIP_MAGIC = b"\x1f\x8b"
SPSS_MAGIC = (b"$FL2", b"$FL3")
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_FORMATS = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"PAR1": "parquet",
    b"{\\rtf": "rtf",
}
UNPACKED_GIGABYTES = 4

FileType = Literal["text", "xlsx", "xls", "gzip", "sav"]


def detect_file_type(path: Path, file: str) -> FileType:
    """Return ``text``, ``xlsx``, ``xls``, ``gzip`` or ``sav`` by content.

    Raises
    ------
    RefusedFileError
        If there is no such file, it is empty, or it is no table: folder, web page, document, damaged or
        password-protected workbook.
    """
    if path.is_dir():
        raise refusal(file, "folder")
    if not path.is_file():
        raise refusal(file, "absent")
    start = _read_start(path, file)
    if start.startswith(ZIP_MAGIC):
        return _check_zip(path, file)
    if start.startswith(OLE_MAGIC):
        return _check_ole(path, file)
    if start.startswith(GZIP_MAGIC):
        return "gzip"
    if start.startswith(SPSS_MAGIC):
        return "sav"
    _refuse_other_formats(start, file)
    return "text"


def _read_start(path: Path, file: str) -> bytes:
    try:
        with path.open("rb") as stream:
            start = stream.read(65_536)
    except OSError as error:
        raise refusal(file, "not_opened", reason=error.strerror) from error
    if not start.removeprefix(b"\xef\xbb\xbf").strip():
        raise refusal(file, "empty")
    return start


def _check_zip(path: Path, file: str) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refusal(file, "damaged_workbook") from error
    if not any(member.filename.startswith("xl/workbook") for member in members):
        raise refusal(file, "archive")
    if sum(member.file_size for member in members) > UNPACKED_GIGABYTES << 30:
        raise refusal(file, "unpacks_too_large", gigabytes=UNPACKED_GIGABYTES)
    return "xlsx"


def _check_ole(path: Path, file: str) -> FileType:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise refusal(file, "password")
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise refusal(file, "old_office")
    return "xls"


def _refuse_other_formats(start: bytes, file: str) -> None:
    for magic, name in OTHER_FORMATS.items():
        if start.startswith(magic):
            raise refusal(file, "other_format", format=text("file_format", name))
    beginning = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        beginning = start.decode("utf-16", errors="replace").lstrip().lower().encode()
    if beginning.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")) or (
        beginning.startswith(b"<") and b"<html" in beginning[:4096]
    ):
        raise refusal(file, "web_page")
    if beginning.startswith(b"<?xml"):
        raise refusal(file, "other_format", format=text("file_format", "xml"))
