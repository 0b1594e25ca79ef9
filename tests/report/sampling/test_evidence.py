"""What the period's batches can show, in sentences, a table and a chart."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from qstats.estimation import Scope
from qstats.periods import Period
from qstats.report.sampling.evidence import Evidence, list_findings, weigh_evidence
from qstats.report.sampling.evidence_narrative import describe_evidence
from qstats.report.sampling.evidence_tables import chart_contradiction, tabulate_needed
from qstats.report.subject import Subject

NOW, BEFORE = Period.parse("2015Q4"), Period.parse("2014Q4")
SUBJECT = Subject({"zh": "聊城市", "en": "Liaocheng"}, NOW, Scope(level="municipal"))


def rates(
    n: int = 657, failures: int = 23, effective_n: float = 573.0, status: str = "stated", awaited: int = 0
) -> pd.DataFrame:
    now = {"period": "2015Q4", "n": n, "failures": failures, "effective_n": effective_n, "status": status}
    then = {"period": "2014Q4", "n": 625, "failures": 32, "effective_n": 540.0, "status": "stated"}
    frame = pd.DataFrame([then, now])
    return frame.assign(
        estimate=1 - frame["failures"] / frame["n"].clip(1), awaited=awaited, unlisted=0, release="final"
    )


def weigh(frame: pd.DataFrame) -> Evidence | None:
    return weigh_evidence(frame, NOW, BEFORE, SUBJECT)


def words(evidence: Evidence | None, language: str = "en") -> str:
    return " ".join(sentence[language] for sentence in describe_evidence(evidence))


def test_a_rate_below_98_is_contradicted() -> None:
    said = words(weigh(rates()))
    assert "about 573 independent ones" in said and "would contradict it" in said
    assert "否定这一声称" in words(weigh(rates()), "zh")


def test_what_is_demonstrated_is_not_rounded_up() -> None:
    """The lower limit of 23 failures among 657 independent batches is 95.08 %."""
    evidence = weigh(rates(effective_n=657.0))
    assert evidence is not None and 0.9507 < evidence.demonstrated < 0.9508
    assert "at least 95.0%" in words(evidence)


def test_awaited_results_are_not_taken_for_passes() -> None:
    """19 results to come: 23 failures in 657 demonstrate 95.0 %, 42 in 676 only 92.3 %."""
    evidence = weigh(rates(effective_n=657.0, awaited=19))
    assert evidence is not None
    assert evidence.demonstrated_at_worst == pytest.approx(beta.ppf(0.05, 634, 43), abs=1e-6)
    assert "if all 19 awaited results failed, of at least 92." in words(evidence)
    assert "neither contradicted nor demonstrated" in words(weigh(rates(1500, 10, 1300.0, awaited=40)))


def test_98_is_demonstrated_or_left_open() -> None:
    assert "is demonstrated" in words(weigh(rates(1500, 10, 1300.0)))
    assert "neither contradicted nor demonstrated" in words(weigh(rates(100, 2, 80.0)))
    assert "既不能否定，也不能证明" in words(weigh(rates(100, 2, 80.0)), "zh")


def test_no_direction_is_promised_that_would_not_show() -> None:
    few = weigh(rates(40, 1, 35.0))
    assert "even a rise to 100% would not show" in words(few)
    assert "上升即使到100%也看不出" in words(few, "zh")


def test_without_an_earlier_rate_no_change_is_named() -> None:
    frame = rates()
    frame.loc[0, "status"] = "refused"
    assert "There is no rate for the fourth quarter of 2014" in words(weigh(frame))


@pytest.mark.parametrize("frame", [rates(status="refused"), rates(0, 0, np.nan, "no_data")])
def test_where_nothing_may_be_published_nothing_is_shown(frame: pd.DataFrame) -> None:
    evidence = weigh(frame)
    assert evidence is None
    assert len(describe_evidence(evidence)) == 1
    assert [show(evidence, SUBJECT).kind for show in (tabulate_needed, chart_contradiction)] == [
        "text",
        "text",
    ]


def test_batches_count_one_by_one_where_no_effective_number_is_known() -> None:
    evidence = weigh(rates(effective_n=np.nan))
    assert evidence is not None and evidence.effective_n == 657
    assert (evidence.needed["needed"] == evidence.needed["independent"]).all()


def test_every_figure_of_the_sentences_is_a_finding() -> None:
    found = {finding.key.split(".")[1]: finding for finding in list_findings(weigh(rates()), SUBJECT)}
    worth = 573 / 657
    limit = beta.ppf(0.05, 634 * worth, 23 * worth + 1)  # Clopper and Pearson, one-sided
    assert found["demonstrated_rate"].estimate == pytest.approx(limit, rel=1e-9)
    assert set(found) == {
        "effective_batches", "demonstrated_rate", "demonstrated_rate_if_awaited_fail", "batches_needed_98",
        "batches_needed_98_one_failure",
        "detectable_fall", "detectable_rise",
    }  # fmt: skip
    assert all(finding.confidence == 0.95 and finding.n == 657 for finding in found.values())
    assert "detectable_rise" not in str(list_findings(weigh(rates(40, 1, 35.0)), SUBJECT))
    assert list_findings(None, SUBJECT) == []


def test_table_and_chart() -> None:
    evidence = weigh(rates())
    table, chart = tabulate_needed(evidence, SUBJECT), chart_contradiction(evidence, SUBJECT)
    assert [column["key"] for column in table.payload["columns"]] == [
        "rate",
        "failures",
        "independent",
        "needed",
    ]
    assert "98%" in chart.payload["svg"]["zh"] and "True pass rate" in chart.payload["svg"]["en"]
    assert "573 effective batches" in chart.payload["source"]["en"]


def test_the_chart_of_a_tiny_sample_says_why_there_is_none() -> None:
    tiny = weigh(rates(1, 1, 1.0))
    assert tiny is not None
    display = chart_contradiction(tiny, SUBJECT)
    assert display.kind in ("text", "figure")
    assert words(tiny)
