"""How does the report speak of pass rates? Sentences in both languages, made from findings and counts only.

A direction is named only where the interval excludes zero; what is not published says why.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.failures.items import leading_items
from qstats.report.findings import Finding
from qstats.report.formats import format_count, format_interval, format_percent, known_number
from qstats.report.groups import list_names
from qstats.report.inspection.caveats import describe_completeness
from qstats.report.inspection.comparisons import Comparison
from qstats.report.inspection.groups import GroupComparison
from qstats.report.inspection.verdicts import describe_comparison
from qstats.report.subject import Subject


def describe_rate(finding: Finding, subject: Subject) -> Text:
    """Level of the pass rate with its interval, or why it is not published."""
    period = subject.period.label
    if finding.status != "stated":
        assert finding.reason is not None
        verdict = text("not_published", finding.status)
        return {
            "zh": f"{period['zh']}{subject.batches['zh']}批次合格率{verdict['zh']}：{finding.reason['zh']}。",
            "en": f"The batch pass rate of {subject.batches['en']}, {period['en']}, {verdict['en']}: {finding.reason['en']}.",
        }
    rate = {language: format_percent(known_number(finding.estimate)) for language in LANGUAGES}
    interval = _intervals(finding, "percent")
    level = format_percent(known_number(finding.confidence), decimals=0)
    n = {language: format_count(known_number(finding.n), language) for language in LANGUAGES}
    return {
        "zh": f"{period['zh']}，{subject.place['zh']}{subject.batches['zh']}有结果的产品{n['zh']}批次，"
        f"批次合格率为{rate['zh']}（{level}置信区间{interval['zh']}）。",
        "en": f"In {period['en']}, {rate['en']} of the {n['en']} batches with a result in {subject.batches['en']} "
        f"conformed in {subject.place['en']} ({level} confidence interval {interval['en']}).",
    }


def describe_received(row: Mapping[str, Any], subject: Subject) -> Text:
    """What was received where no rate can be published: counts only."""
    n, failures = int(row["n"]), int(row["failures"])
    return {
        "zh": f"本期收到{subject.batches['zh']}记录{n}批次，其中不合格{failures}批次；只是收到的条数，不构成合格率。",
        "en": f"{n:,} records of {subject.batches['en']} were received for the period, {failures:,} of them failures: counts of "
        "what arrived, from which no rate follows.",
    }


def main_points(
    city: Finding, row: Mapping[str, Any], comparisons: Sequence[Comparison], items: pd.DataFrame,
    subject: Subject, complete_from: float,
) -> list[Text]:  # fmt: skip
    """The points of the first screen, most important first; without a rate, what can be said all the same."""
    if city.status != "stated":
        return [
            describe_rate(city, subject),
            describe_received(row, subject),
            describe_worst_items(items, subject),
        ]
    return [
        describe_rate(city, subject),
        *(describe_comparison(comparison) for comparison in comparisons),
        describe_completeness(row, complete_from),
        describe_worst_items(items, subject),
    ]


def describe_worst_items(items: pd.DataFrame, subject: Subject) -> Text:
    """The items that fail most often, with their counts."""
    if items.empty:
        return {"zh": "本期没有列出不合格项目。", "en": "No failed item is listed for the period."}
    top = list(leading_items(items).itertuples())
    if not top:
        return {
            "zh": "各不合格项目出现的批次数相近，没有特别突出的。",
            "en": "No item stands out: several share the highest number of failed batches.",
        }
    zh = "、".join(f"{row.item}（{row.batches}批次）" for row in top)
    en = ", ".join(f"{row.item} ({row.batches} batches)" for row in top)
    return {
        "zh": f"不合格项目中出现最多的是{zh}。",
        "en": f"The items that failed most often: {en}."
        if len(top) > 1
        else f"The item that failed most often: {en}.",
    }


def describe_unsettled(groups: GroupComparison) -> Text | None:
    """Groups whose change would be called clear but for results that are still awaited."""
    changes = groups.changes
    clear = (changes["status"] == "stated") & (changes["change_lower"] * changes["change_upper"] > 0)
    codes = set(changes.loc[clear & ~changes["holds"].astype(bool), groups.column])
    rows = groups.rates[groups.rates[groups.column].isin(codes)]
    if rows.empty:
        return None
    names = list_names(groups.names, rows[groups.column])
    return {
        "zh": f"{names['zh']}：变化区间虽不含0，但结果待出的批次可能抵消这一差别，暂不判断升降。",
        "en": f"{names['en']}: the interval of the change excludes 0, but results still awaited could undo it; "
        "no direction is claimed yet.",
    }


def _intervals(finding: Finding, unit: str) -> Text:
    lower, upper = known_number(finding.lower), known_number(finding.upper)
    zh, en = (format_interval(lower, upper, language, unit=unit) for language in LANGUAGES)
    low, high = en.split(" to ")
    return {"zh": "%～".join(zh.split("～")) + "%", "en": f"{low}% to {high}%"}
