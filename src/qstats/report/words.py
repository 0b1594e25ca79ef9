"""Which words do the pages themselves use? Headings, marks and notes in both languages.

They are presentation, not data, and stand in ``template/words.yaml`` beside the page template.
"""

from functools import cache
from pathlib import Path

import yaml

from qstats.codebook import Text
from qstats.errors import ReportError

TEMPLATE_FOLDER = Path(__file__).parent / "template"


@cache
def read_words() -> dict[str, Text]:
    """All words of the pages: key → text in both languages."""
    return yaml.safe_load((TEMPLATE_FOLDER / "words.yaml").read_text(encoding="utf-8"))


def word(key: str, language: str) -> str:
    """A word of the page in one language.

    Raises
    ------
    ReportError
        If the page has no such word.
    """
    try:
        return read_words()[key][language]
    except KeyError:
        raise ReportError(f"the pages have no word {key!r} in {language!r}: add it to words.yaml") from None
