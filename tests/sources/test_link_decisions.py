"""Clerical decisions as the bureau keeps them."""

from pathlib import Path

import pytest

from qstats.errors import SourceError
from qstats.sources.link_decisions import FILE_NAME, read_link_decisions

HEAD = "left_key,right_key,decision,author,decided_on\n"


def test_decisions_are_read_and_no_file_has_none(tmp_path: Path) -> None:
    assert read_link_decisions(tmp_path).is_empty()
    (tmp_path / FILE_NAME).write_text(HEAD + "a:1,b:2,same,王某,2016-01-05\n,,,,\n", "utf-8")
    assert read_link_decisions(tmp_path).row(0)[:4] == ("a:1", "b:2", "same", "王某")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("left_key,right_key\na,b\n", "column 'decision' is missing"),
        (HEAD + "a,b,maybe,王某,2016-01-05\n", "decision 'maybe' is none of same, different"),
        (HEAD + "a,b,same,,2016-01-05\n", "author is empty"),
        (HEAD + "a,b,same,王某,昨天\n", "is no day"),
        (HEAD + "a,a,same,王某,2016-01-05\n", "cannot be compared with itself"),
        (HEAD + "a,b,same,王某,2016-01-05\nb,a,different,李某,2016-01-05\n", "decided twice on one day"),
    ],
)
def test_what_is_no_decision_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(SourceError, match=message):
        read_link_decisions(tmp_path)
