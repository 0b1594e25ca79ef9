"""Clerical decisions as the bureau keeps them."""

from datetime import date
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
        (HEAD + "a,b,same,王某,2016-01-05\nb,a,different,李某,2016-01-05\n", "same and different on one day"),
        (HEAD + "a,b,same,王某,2016-W01-1\n", "is no day"),
        (HEAD + "a,b,same,王某,2999-01-01\n", "in the future"),
        (HEAD + "a,b,same,王某,2016-01-05,x\n", "not as many cells"),
    ],
)
def test_what_is_no_decision_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(SourceError, match=message):
        read_link_decisions(tmp_path)


def test_the_list_for_review_comes_back_as_it_is(tmp_path: Path) -> None:
    head = "reason,left_name,left_key,right_key,decision,author,decided_on\n"
    lines = "grey_zone,甲厂,a,b,same,王某,2016/1/5\ngrey_zone,乙厂,c,d,,,\n"
    lines += "grey_zone,甲厂,a,b,same,王某,2016年1月5日\n"
    (tmp_path / FILE_NAME).write_text(head + lines, "utf-8-sig")
    read = read_link_decisions(tmp_path)
    assert set(read.rows()) == {("a", "b", "same", "王某", date(2016, 1, 5))}
