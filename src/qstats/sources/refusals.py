"""Why can a supplier's file not be read? The refusal in both languages, worded in the codebook."""

from qstats.codebook import sentence
from qstats.errors import RefusedFileError


def refusal(file: str, code: str, **values: object) -> RefusedFileError:
    """Refusal of ``file`` for the reason ``code`` (kind ``unreadable`` of the codebook), to be raised."""
    return RefusedFileError(file, sentence("unreadable", code, **values))


def refusal_of_sheet(file: str, sheet: str, code: str, **values: object) -> RefusedFileError:
    """Refusal of a workbook for what is wrong with one of its sheets."""
    return refusal(file, "of_sheet", sheet=sheet, problem=sentence("unreadable", code, **values))
