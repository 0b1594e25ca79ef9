"""Tables of failed items in both languages."""

from datetime import date

import pandas as pd
import pytest

from qstats.estimation import Scope
from qstats.periods import Period
from qstats.report import markup
from qstats.report.failures.items import tabulate_item_pairs, tabulate_item_shares, tabulate_severities
from qstats.report.subject import Subject, name_window

SUBJECT = Subject({"zh": "聊城市", "en": "Liaocheng"}, Period.parse("2015Q4"), Scope(level="municipal"))
WINDOW = [Period.parse("2015Q3"), Period.parse("2015Q4")]


def test_items_with_both_intervals() -> None:
    items = pd.DataFrame(
        {
            "item": ["铅", "<b>"], "severity": ["A", "unknown"], "batches": [3, 1], "share": [0.75, 0.25],
            "lower": [0.2, 0.01], "upper": [0.99, 0.8], "share_of_all": [0.03, 0.01],
            "lower_of_all": [0.006, 0.0001], "upper_of_all": [0.085, 0.054],
        }
    )  # fmt: skip
    payload = tabulate_item_shares(items, SUBJECT).payload
    zh, en = (markup.render("table", payload, language) for language in ("zh", "en"))
    assert "A类（健康、安全）" in zh
    assert "20.0～99.0" in zh
    assert "0.6 to 8.5" in en
    assert "not classed" in en
    assert "<b>" not in en


def test_severities_show_every_class() -> None:
    severities = pd.DataFrame(
        {
            "severity": ["A", "B", "C", "unknown", "no_item"], "batches": [2, 1, 0, 0, 1],
            "share": [0.5, 0.25, 0.0, 0.0, 0.25], "lower": 0.0, "upper": 0.9,
        }
    )  # fmt: skip
    page = markup.render("table", tabulate_severities(severities, SUBJECT).payload, "en")
    assert page.count("<tr>") == 6


@pytest.mark.parametrize(("p", "said"), [(0.4, "none exceeds chance"), (0.0002, "1 of them exceed chance")])
def test_pairs_say_what_is_sure(p: float, said: str) -> None:
    pairs = pd.DataFrame(
        {
            "item": ["铅"], "other_item": ["镉"], "batches": [4], "expected": [1.2], "ratio": [3.3],
            "p_value": [p], "p_adjusted": [p], "pairs_tested": [1340],
        }
    )  # fmt: skip
    page = markup.render("table", tabulate_item_pairs(pairs, WINDOW).payload, "en")
    assert said in page
    assert "1,340 pairs" in page
    assert ("&lt;0.001" in page) == (p < 0.001)


def test_without_pairs_a_sentence_stands_in_their_place() -> None:
    display = tabulate_item_pairs(pd.DataFrame(), WINDOW)
    assert (display.kind, display.payload["name"]) == ("text", "item_pairs")


def test_names_of_windows() -> None:
    assert name_window(WINDOW)["zh"] == "2015年第三季度至2015年第四季度"
    assert name_window(WINDOW[:1]) == WINDOW[0].label
    assert WINDOW[0].start == date(2015, 7, 1)
