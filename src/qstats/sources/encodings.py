"""Which characters do the bytes of a text file stand for? UTF-8, GB18030 or UTF-16.

Method: a byte order mark decides; zero bytes point to UTF-16; then UTF-8, strictly; then GB18030. A file
that is nearly all valid in one encoding is damaged, not of another: it is refused with the place named.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path

from qstats.errors import RefusedFileError
from qstats.sources.refusals import refusal

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
ENCODING_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
DAMAGED_SHARE = 0.05
MARKS_SHARE = 0.01
BLOCK_BYTES = 8 << 20


def detect_encoding(path: Path, file: str) -> str:
    """Return the Python codec of a text file: ``utf-8``, ``gb18030``, ``utf-16-le`` or ``utf-16-be``.

    Raises
    ------
    RefusedFileError
        If the bytes belong to none of them, with the first byte and line that cannot be read.
    """
    with path.open("rb") as stream:
        start = stream.read(BLOCK_BYTES)
        while start.isascii() and b"\0" not in start and (more := stream.read(BLOCK_BYTES)):
            start = more
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return encoding
    if b"\0" in start and (order := _utf16_order(start)):
        return order
    if _damage(start, "utf-8") <= DAMAGED_SHARE:
        return "utf-8"
    if _damage(start, "gb18030") <= DAMAGED_SHARE:
        return "gb18030"
    raise _refusal_at_byte("no_encoding", path, "gb18030", file)


def utf8_blocks(path: Path, encoding: str, file: str, *, skip: int = 0) -> Iterator[bytes]:
    """Yield the text of a file as UTF-8 without byte order mark, in blocks that may end anywhere.

    ``skip`` leaves out that many bytes of the UTF-8 text. UTF-8 itself is passed on unchecked.
    """
    with path.open("rb") as stream:
        stream.seek(_mark_length(path))
        if encoding == "utf-8":
            stream.seek(skip, 1)
            # Blocks that end with a line spare the caller a copy of every block.
            while block := stream.read(BLOCK_BYTES):
                yield b"".join((block, stream.readline(BLOCK_BYTES)))
            return
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        while True:
            raw = stream.read(BLOCK_BYTES)
            try:
                block = decoder.decode(raw, final=not raw).encode("utf-8")
            except UnicodeError as error:
                raise bad_byte_error(path, encoding, file) from error
            yield block[skip:]
            skip = max(0, skip - len(block))
            if not raw:
                return


def bad_byte_error(path: Path, encoding: str, file: str) -> RefusedFileError:
    """Return the refusal of a file that is not wholly in its encoding, naming byte and line."""
    return _refusal_at_byte("bad_byte", path, encoding, file)


def locate_bad_byte(path: Path, encoding: str) -> tuple[int, int]:
    """Return offset and line of the first byte that cannot be read, those of the end if every byte can."""
    offset, line = _mark_length(path), 1
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as stream:
        stream.seek(offset)
        while True:
            raw = stream.read(BLOCK_BYTES)
            held = len(decoder.getstate()[0])
            try:
                line += decoder.decode(raw, final=not raw).count("\n")
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(encoding, errors="ignore").count("\n")
                return offset - held + error.start, line
            if not raw:
                return offset, line
            offset += len(raw)


def _refusal_at_byte(code: str, path: Path, encoding: str, file: str) -> RefusedFileError:
    offset, line = locate_bad_byte(path, encoding)
    return refusal(file, code, encoding=ENCODING_NAMES[encoding], offset=offset, line=line)


def _mark_length(path: Path) -> int:
    with path.open("rb") as stream:
        start = stream.read(3)
    return next((len(mark) for mark in BYTE_ORDER_MARKS if start.startswith(mark)), 0)


def _utf16_order(start: bytes) -> str | None:
    """Byte order in which line ends and delimiters appear, if they are as frequent as in a table."""
    whole = start[: len(start) // 2 * 2]
    texts = {encoding: whole.decode(encoding, errors="replace") for encoding in ("utf-16-le", "utf-16-be")}
    marks = {encoding: sum(map(text.count, "\n,\t;")) for encoding, text in texts.items()}
    best = max(marks, key=lambda encoding: marks[encoding])
    text = texts[best]
    plausible = marks[best] >= MARKS_SHARE * len(text) and text.count("\ufffd") <= DAMAGED_SHARE * len(text)
    return best if plausible else None


def _damage(start: bytes, encoding: str) -> float:
    """Share of the non-ASCII characters that cannot be read."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    lost_before = start.count("\ufffd".encode(encoding))
    bad = max(0, text.count("\ufffd") - lost_before)
    foreign = sum(len(text[at : at + 65_536].encode("ascii", "ignore")) for at in range(0, len(text), 65_536))
    return bad / max(1, len(text) - foreign)
