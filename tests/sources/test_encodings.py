import codecs

import pytest

from qstats.errors import SourceError
from qstats.sources import encodings
from qstats.sources.encodings import detect_encoding, locate_bad_byte, utf8_blocks

TEXT = "企业名称,产品名称\r\n聊城市甲食品有限公司,小麦粉（特一）\r\n" * 50
MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_encoding_is_found_and_text_recovered(tmp_path, encoding, marked):
    path = tmp_path / "a.csv"
    path.write_bytes((MARKS.get(encoding, b"") if marked else b"") + TEXT.encode(encoding))
    assert detect_encoding(path, "a.csv") == encoding
    assert b"".join(utf8_blocks(path, encoding, "a.csv")) == TEXT.encode()
    assert b"".join(utf8_blocks(path, encoding, "a.csv", skip=30)) == TEXT.encode()[30:]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_characters_cut_by_a_block_are_whole_again(tmp_path, monkeypatch, encoding):
    monkeypatch.setattr(encodings, "BLOCK_BYTES", 7)
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert b"".join(utf8_blocks(path, encoding, "a.csv", skip=10)) == TEXT.encode()[10:]


def test_ascii_beginning_does_not_decide(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "BLOCK_BYTES", 100)
    path = tmp_path / "a.csv"
    path.write_bytes(b"name,result\r\n" * 100 + TEXT.encode("gb18030"))
    assert detect_encoding(path, "a.csv") == "gb18030"


@pytest.mark.parametrize("block", [8 << 20, 11])
def test_bad_byte_is_located_by_offset_and_line(tmp_path, monkeypatch, block):
    monkeypatch.setattr(encodings, "BLOCK_BYTES", block)
    content = TEXT.encode()
    at = content.index("食品".encode(), 1000)
    path = tmp_path / "a.csv"
    path.write_bytes(content[:at] + b"\xff" + content[at:])
    line = content[:at].count(b"\n") + 1
    assert locate_bad_byte(path, "utf-8") == (at, line)


def test_characters_lost_before_do_not_change_the_encoding(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("\ufffd\ufffd,甲\n".encode() * 40)
    assert detect_encoding(path, "a.csv") == "utf-8"


def test_bytes_of_no_encoding_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\x81,\xfe \xff,\n" * 40)
    with pytest.raises(SourceError, match=r"neither UTF-8, GB18030 nor UTF-16\. Byte 0 \(line 1\)"):
        detect_encoding(path, "a.csv")


def test_text_in_the_wrong_encoding_later_on_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("gb18030") + b"\xff\xff\n")
    with pytest.raises(SourceError, match=r"not valid GB18030 throughout\. Byte"):
        list(utf8_blocks(path, "gb18030", "a.csv"))
