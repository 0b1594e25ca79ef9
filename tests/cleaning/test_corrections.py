"""Declared corrections: checked, applied, counted."""

from pathlib import Path

import polars as pl
import pytest
import yaml

from qstats.cleaning.corrections import Correction, CorrectionLog, parse_corrections
from qstats.cleaning.issues import IssueLog
from qstats.errors import CorrectionError

ENTRY = {
    "file": "一.csv", "where": {"sheet_no": "LC1"}, "action": "set", "field": "result", "value": "不合格",
    "expect": "1", "reason": "来函更正", "author": "王工", "decided_on": "2015-08-01", "status": "active",
}  # fmt: skip
RAW = pl.DataFrame(
    {"source_row": [2, 3, 4], "sheet_no": ["LC1", "LC2", None], "result": ["合格", "合格", None]}
)


def _parse(**changes: object) -> list[Correction]:
    return parse_corrections([{**ENTRY, **changes}], "demo.yaml")


def test_entry_is_applied_and_logged() -> None:
    log, corrections = IssueLog("s"), CorrectionLog(_parse())
    assert corrections.apply(RAW, "一.csv", log)["result"].to_list() == ["不合格", "合格", None]
    corrections.check_all_used()
    issue = log.table_of_issues().select("source_row", "rule", "field", "old_value", "new_value", "action")
    assert issue.rows() == [(2, "correction.applied", "result", "合格", "不合格", "changed")]


def test_value_may_be_emptied() -> None:
    corrections = CorrectionLog(_parse(value=None))
    assert corrections.apply(RAW, "一.csv", IssueLog("s"))["result"].to_list() == [None, "合格", None]


def test_row_may_be_named_by_its_number() -> None:
    corrections = CorrectionLog(_parse(where={"source_row": "3"}, action="drop", field=None, value=None))
    log = IssueLog("s")
    assert corrections.apply(RAW, "一.csv", log)["source_row"].to_list() == [2, 4]
    assert log.table_of_issues().select("source_row", "rule").rows() == [(3, "correction.dropped")]


def test_all_conditions_must_hold() -> None:
    corrections = CorrectionLog(_parse(where={"sheet_no": "LC1", "result": "不合格"}))
    assert corrections.apply(RAW, "一.csv", IssueLog("s")).equals(RAW)


def test_other_files_are_left_alone_and_the_entry_stops_the_run() -> None:
    corrections = CorrectionLog(_parse())
    assert corrections.apply(RAW, "二.csv", IssueLog("s")).equals(RAW)
    with pytest.raises(CorrectionError, match=r"expected 1 rows, found 0.*review the entry"):
        corrections.check_all_used()


def test_matches_are_counted_over_chunks() -> None:
    corrections = CorrectionLog(_parse(expect="2"))
    for chunk in (RAW, RAW.with_columns(pl.col("source_row") + 3)):
        corrections.apply(chunk, "一.csv", IssueLog("s"))
    corrections.check_all_used()


def test_retired_entry_is_left_out() -> None:
    assert _parse(status="retired") == []


def test_nothing_declared_is_nothing_to_apply() -> None:
    assert parse_corrections(None, "demo.yaml") == []
    assert parse_corrections("", "demo.yaml") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"field": None}, "needs a field"),
        ({"where": {}}, "where"),
        ({"expect": "0"}, "expect"),
        ({"action": "delete"}, "action"),
        ({"reason": ""}, "reason"),
        ({"decided_on": "gestern"}, "decided_on"),
        ({"status": "open"}, "status"),
        ({"extra": "1"}, "extra"),
    ],
)
def test_wrong_entry_is_named(changes: dict, said: str) -> None:
    with pytest.raises(CorrectionError, match=said) as caught:
        _parse(**changes)
    assert "demo.yaml" in str(caught.value)


@pytest.mark.parametrize(
    "changes", [{"where": {"sheet": "1"}}, {"field": "outcome"}, {"field": "source_row"}]
)
def test_unknown_field_is_named(changes: dict) -> None:
    corrections = CorrectionLog(_parse(**changes))
    with pytest.raises(CorrectionError, match="field"):
        corrections.apply(RAW, "一.csv", IssueLog("s"))


def test_example_of_the_folder_is_a_valid_entry(project: Path) -> None:
    readme = (project / "data" / "corrections" / "README.md").read_text(encoding="utf-8")
    example = readme.split("```yaml\n")[1].split("```")[0]
    (entry,) = parse_corrections(yaml.load(example, Loader=yaml.BaseLoader), "README.md")
    assert (entry.action, entry.expect) == ("set", 1)
