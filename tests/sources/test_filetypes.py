import io
import zipfile

import openpyxl
import pytest

from qstats.errors import SourceError
from qstats.sources.filetypes import detect_file_type


def _workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def _archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("表.csv", "a,b")
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

REFUSED = {
    "empty": (b"", "empty"),
    "mark_only": (b"\xef\xbb\xbf\r\n", "empty"),
    "html": (b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "web page"),
    "html_late": ("\ufeff<!-- 错误 -->\n<HTML><title>x</title>".encode(), "web page"),
    "html_utf16": ("\ufeff<html><body>".encode("utf-16-le"), "web page"),
    "xml": (b"<?xml version='1.0'?><Workbook/>", "XML"),
    "pdf": (b"%PDF-1.4", "PDF"),
    "archive": (_archive(), "no Excel workbook"),
    "truncated": (_workbook()[:2000], "cut off"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "word": (OLE + "WordDocument".encode("utf-16-le"), "no Excel workbook"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("suffix", [".csv", ".xls", ".xlsx"])
def test_what_is_no_table_is_refused_whatever_its_name(tmp_path, case, suffix):
    content, word = REFUSED[case]
    path = tmp_path / f"file{suffix}"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=word):
        detect_file_type(path, path.name)


def test_folder_and_absent_file_are_refused(tmp_path):
    with pytest.raises(SourceError, match="folder"):
        detect_file_type(tmp_path, "here")
    with pytest.raises(SourceError, match="no such file"):
        detect_file_type(tmp_path / "nothing.csv", "nothing.csv")


def test_type_is_told_by_content(tmp_path):
    path = tmp_path / "named.csv"
    path.write_bytes(_workbook())
    assert detect_file_type(path, "named.csv") == "xlsx"
    path.write_bytes(OLE + "Workbook".encode("utf-16-le"))
    assert detect_file_type(path, "named.csv") == "xls"
    path.write_bytes(b"a,b\n<b>,1\n")
    assert detect_file_type(path, "named.csv") == "text"
