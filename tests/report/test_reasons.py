"""Why a figure is not published, in plain words and in both languages."""

import pandas as pd
import pytest

from qstats.codebook import labels, sentence
from qstats.report.reasons import add_reasons, reason_of_rate

SOURCES = pd.DataFrame(
    {
        "source_id": ["a", "b", "c", "d"],
        "file": ["甲.csv", "乙.csv", "丙.csv", "丁.csv"],
        "refusal": ["failures_only", "truncated_query", "truncated_query", "truncated_query"],
    }
)


def row(reason, barred=""):
    return {"reason": reason, "n": 7, "undated": 3, "sources_barred": barred}


def test_a_stated_rate_has_no_reason():
    assert reason_of_rate(row(""), SOURCES, 30) is None


def test_a_barring_source_is_named():
    reason = reason_of_rate(row("source_barred", "a"), SOURCES, 30)
    assert reason["zh"] == "来源“甲.csv”只列不合格产品，未提供抽查总批次"
    assert reason["en"] == "“甲.csv”: only failures are listed, without a total"


def test_many_sources_are_counted_by_kind_of_refusal():
    reason = reason_of_rate(row("source_barred", "a,b,c,d"), SOURCES, 30)
    assert "“甲.csv”" in reason["zh"]
    assert "来源“乙.csv”等3个文件在同一行数处被查询上限截断" in reason["zh"]
    assert "3 files, such as “乙.csv”" in reason["en"]


def test_numbers_stand_in_the_reason():
    assert "只有7批次，少于30批次" in reason_of_rate(row("too_few_batches"), SOURCES, 30)["zh"]
    assert "3 batches have no sampling date" in reason_of_rate(row("no_sampling_date"), SOURCES, 30)["en"]


@pytest.mark.parametrize("code", list(labels("refusal")))
def test_every_refusal_reads_well_in_both_languages(code):
    """With all that a refusal may name: counts, sources, and the items of a model (``detail``)."""
    items = {"zh": "“总体满意度”", "en": "“satisfaction overall”"}
    reason = sentence("refusal", code, n=7, minimum=30, undated=3, sources="甲.csv", detail=items)
    assert all(reason[language] and "{" not in reason[language] for language in ("zh", "en"))


def test_reasons_are_added_as_columns():
    rates = pd.DataFrame([row(""), row("no_data")])
    assert add_reasons(rates, SOURCES, 30)["reason_zh"].tolist() == ["", "本期没有收到这类批次"]
