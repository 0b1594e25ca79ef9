"""Labels in both languages."""

import pytest

from qstats.codebook import LANGUAGES, label, labels, read_codebook, text
from qstats.errors import QstatsError
from qstats.schemas import INSPECTION_ITEMS, INSPECTIONS, ISSUES, SOURCES


@pytest.mark.parametrize("kind", read_codebook())
def test_every_label_stands_in_both_languages(kind: str) -> None:
    for code, label_text in labels(kind).items():
        assert tuple(label_text) == LANGUAGES, code
        assert all(label_text.values()), code
        assert (
            any("\u4e00" <= character <= "\u9fff" for character in label_text["zh"])
            or label_text["zh"].isascii()
        )
        assert not any("\u4e00" <= character <= "\u9fff" for character in label_text["en"]), code


@pytest.mark.parametrize("table", [INSPECTIONS, INSPECTION_ITEMS, ISSUES, SOURCES])
def test_every_column_of_a_row_table_has_a_label(table: dict) -> None:
    assert set(table) <= set(labels("columns"))


def test_label_of_a_code() -> None:
    assert label("programme", "routine", "zh") == "监督抽查"
    assert text("outcome", "fail") == {"zh": "不合格", "en": "Failed"}


def test_missing_label_says_where_to_add_it() -> None:
    with pytest.raises(QstatsError, match=r"programme 'x' has no label.*codebook.yaml"):
        label("programme", "x", "zh")
    with pytest.raises(QstatsError, match="no kind 'colour'"):
        labels("colour")
