"""How are tables read that the bureau itself keeps (``deliveries.csv``, ``incidents.csv``, …)?

What they have in common: whatever Excel saved them in is read, days as Excel or people write them.
"""

import re
from datetime import date
from pathlib import Path

from qstats.errors import SourceError

_ENCODINGS = ("utf-8-sig", "gb18030")  # Excel on a Chinese computer saves the latter
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")


def read_small_text(path: Path) -> str:
    """Text of a table that the bureau itself keeps, whatever Excel saved it in."""
    data = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{path} is no text in UTF-8 or GB18030: save it as CSV UTF-8")


def check_width(cells: dict[str | None, str | list[str] | None], where: str) -> dict[str, str]:
    """Cells without spaces around them; a comma too many or too few would shift them unseen."""
    if None in cells or None in cells.values():
        raise SourceError(f"{where}: not as many cells as the heading has. Mend its commas and quotes")
    return {str(column): str(cell).strip() for column, cell in cells.items()}


def read_day(cell: str) -> date:
    """Day of a cell: ``2016-01-05``, ``2016/1/5`` as Excel makes of it, ``2016年1月5日``, ``20160105``.

    Raises
    ------
    ValueError
        No such day; the message continues a sentence that names the cell.
    """
    parts = match.groups() if (match := _DAY.fullmatch(cell)) else ("0", "0", "0")
    try:
        return date(*(int(part) for part in parts if part))
    except ValueError:
        raise ValueError("is no day; write it as 2016-01-31") from None
