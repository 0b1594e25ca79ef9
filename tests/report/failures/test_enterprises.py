"""Repeated failures and follow-up in print; enterprises are named only where that is declared."""

from datetime import date

import pandas as pd
import pytest

from qstats.estimation import RepeatedFailures
from qstats.methods.repeated_failures import RepeatsByChance
from qstats.periods import Period
from qstats.report import markup
from qstats.report.exports import encode_csv
from qstats.report.failures.enterprises import describe_repeats, tabulate_follow_up, tabulate_repeats

WINDOW = [Period.parse("2015Q3"), Period.parse("2015Q4")]
FIRM = {
    "enterprise_id": "org:700233104", "enterprise_name": "聊城恒源公司", "county_code": "371522",
    "product_class": "food", "batches": 7, "failures": 4, "last_failure": date(2015, 5, 20),
    "products": "小麦粉;食用植物油",
}  # fmt: skip


def repeated(p_value: float = 0.02, firms: int = 1) -> RepeatedFailures:
    columns = pd.DataFrame([FIRM] * firms, columns=list(FIRM))
    return RepeatedFailures(columns, RepeatsByChance(0.4, 0, 2, p_value), 2728, 219, 5251, 240)


def test_named_where_declared() -> None:
    page = markup.render("table", tabulate_repeats(repeated(), WINDOW, name_enterprises=True).payload, "zh")
    assert "聊城恒源公司" in page
    assert "莘县" in page
    assert "2015-05-20" in page


def test_nothing_tells_who_it_is_where_not_declared() -> None:
    display = tabulate_repeats(repeated(), WINDOW, name_enterprises=False)
    written = [str(display.payload), encode_csv(display.payload).decode()]
    written += [markup.render("table", display.payload, language) for language in ("zh", "en")]
    for telling in ("恒源", "700233104", "371522", "莘县", "小麦粉"):
        assert not any(telling in text for text in written), telling


def test_no_repeaters_is_a_sentence() -> None:
    display = tabulate_repeats(repeated(firms=0), WINDOW, name_enterprises=True)
    assert (display.kind, display.payload["name"]) == ("text", "repeated_failures")


@pytest.mark.parametrize(
    ("p", "zh", "en"),
    [
        (0.02, "多于偶然所致", "more than chance gives"),
        (0.4, "不能说明", "chance can explain that"),
        (0.0, "<0.001", "<0.001"),
    ],
)
def test_more_than_chance_is_said_only_with_the_test_behind_it(p: float, zh: str, en: str) -> None:
    sentence = describe_repeats(repeated(p), WINDOW)
    assert zh in sentence["zh"]
    assert en in sentence["en"]


def test_follow_up_states_refuses_and_counts() -> None:
    again = pd.DataFrame(
        {
            "seen_by": ["follow_up", "next_batch"], "failed": [219, 219], "seen": [0, 110], "passed": [0, 98],
            "estimate": [None, 0.89], "lower": [None, 0.817], "upper": [None, 0.942],
            "status": ["no_data", "stated"], "reason": ["not_seen", ""],
        }
    )  # fmt: skip
    payload = tabulate_follow_up(again, WINDOW).payload
    zh, en = (markup.render("table", payload, language) for language in ("zh", "en"))
    assert "81.7～94.2" in zh
    assert "no such batches were received" in en
    assert "219" in en


def test_without_a_rate_chance_is_not_judged() -> None:
    found = RepeatedFailures(repeated().enterprises, None, 2728, 219, 5251, 240)
    assert describe_repeats(found, WINDOW)["en"].endswith("is not judged.")
