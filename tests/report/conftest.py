"""What the tests of all chapters ask of a text and of a table."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from qstats.codebook import Text
from qstats.report.display import Display

UNFILLED = re.compile(
    r"[{}]|\bnan\b|\bNaN\b|\bNone\b(?!: | of )|\binf\b|[−-]\d+项|  |约为[<>]|about [<>]|，，|。。|（（"
)
"""What a sentence holds in which something is missing or stands twice."""


@pytest.fixture(scope="session")
def read_well() -> Callable[[Text], None]:
    """Checks that a text stands in both languages, filled in, each in its own."""

    def check(text: Text) -> None:
        assert set(text) == {"zh", "en"} and all(text.values()), text
        for words in text.values():
            assert not UNFILLED.search(words), words
        assert any("\u4e00" <= character <= "\u9fff" for character in text["zh"]), text["zh"]
        assert not any("\u4e00" <= character <= "\u9fff" for character in text["en"]), text["en"]

    return check


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Display], list[dict[str, Any]]]:
    """Rows of a table as dictionaries."""

    def rows(display: Display) -> list[dict[str, Any]]:
        frame = display.payload["frame"]
        return [dict(zip(frame["columns"], row, strict=True)) for row in frame["rows"]]

    return rows
