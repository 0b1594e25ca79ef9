"""Single cases: what of them may be published. Oracle: which cells tell who somebody is, by hand."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from qstats.report import arrivals
from qstats.report.disclosure import SUPPRESSED
from qstats.report.display import Display

FIRM = "莘县鑫源纺织有限公司"
CASES = [  # field, rule, old, new; whether old and new may stand in the report
    ("county_code", "place.recoded", "茌平区", "371523", True, True),
    ("outcome", "outcome.vocabulary", "符合要求", "pass", True, True),
    ("sampled_on", "date.impossible", "2051-01-01", None, True, None),
    ("batch_id", "batch.overlap", None, "LCJ201001000185", None, True),
    ("enterprise_name", "enterprise.name", "莘县恒 利公司", "莘县恒利公司", False, False),
    ("enterprise_code", "code.check_digit", "70043697-8", None, False, None),
    (None, "row.too_many_fields", f"1,{FIRM},不合格", None, False, None),
    ("county_code", "place.unknown", "孙文凯", None, False, None),
    ("sampled_on", "date.impossible", FIRM, None, False, None),
    ("product_name", "cell.too_long", f"{FIRM}轴承", f"{FIRM}", False, False),
    ("brand", "cell.too_long", "700436978", None, False, None),
]
PERSONS = [
    ("legal_person", "text.whitespace", "孙 文凯", "孙文凯"),
    ("respondent_id", "respondent.speeder", "2015-00010", None),
]


def case(field: str | None, rule: str, old: str | None, new: str | None) -> dict[str, Any]:
    return {
        "file": "a.csv", "source_row": 3, "rule": rule, "field": field, "old_value": old, "new_value": new,
        "action": "changed",
    }  # fmt: skip


def listed(rows_of: Callable[[Display], list[dict[str, Any]]], cases: list[Any], *, named: bool) -> list[Any]:
    issues = pd.DataFrame([case(*one[:4]) for one in cases])
    return rows_of(arrivals.tabulate_cases(issues, most=99, name_enterprises=named))


@pytest.mark.parametrize("one", CASES)
def test_only_what_names_nobody_is_quoted(
    rows_of: Callable[[Display], list[dict[str, Any]]], one: Any
) -> None:
    (row,) = listed(rows_of, [one], named=False)
    for name, written, shown in (("old_value", one[2], one[4]), ("new_value", one[3], one[5])):
        if written is not None:
            assert row[name] == (written if shown else SUPPRESSED)


def test_enterprises_may_be_named_by_declaration_and_persons_never(
    rows_of: Callable[[Display], list[dict[str, Any]]],
) -> None:
    rows = listed(rows_of, [*CASES, *PERSONS], named=True)
    assert [row["old_value"] for row in rows[: len(CASES)]] == [one[2] for one in CASES]
    assert all(row["old_value"] == SUPPRESSED for row in rows[len(CASES) :])
