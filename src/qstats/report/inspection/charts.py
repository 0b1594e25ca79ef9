"""Which charts does the inspection chapter show? Their messages, alternative texts and sources; drawing is in ``figures``.

Where nothing of a chart may be published, a sentence stands in its place.
"""

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.display import Display, show_figure, show_text
from qstats.report.failures.items import leading_items
from qstats.report.figures import plot_pareto, plot_rate_series, plot_rates_by_group
from qstats.report.findings import Finding
from qstats.report.formats import format_percent
from qstats.report.inspection.comparisons import Comparison
from qstats.report.inspection.groups import GroupComparison
from qstats.report.inspection.verdicts import headline_movement
from qstats.report.rates import PERCENT
from qstats.report.subject import Subject


def chart_rate_series(
    rates: pd.DataFrame, city: Finding, last_year: Comparison | None, subject: Subject
) -> Display:
    """The rate over periods; its title is the message of the newest one."""
    if not (rates["status"] == "stated").any():
        return _nothing_to_draw(
            "rates_by_period",
            {
                "zh": "各期合格率均不予发布，故不绘图。",
                "en": "No rate is published for any period: there is nothing to draw.",
            },
        )
    title, place, batches = _series_title(city, last_year, subject), subject.place, subject.batches
    return show_figure(
        plot_rate_series,
        rates,
        second=rates[["period"]].assign(estimate=rates["standardised"]),
        name="rates_by_period",
        data="rates_by_period",
        title=title,
        alt={
            "zh": f"{place['zh']}{batches['zh']}批次合格率逐期变化及置信区间。{title['zh']}。各期数值见表rates_by_period。",
            "en": f"Batch pass rate of {batches['en']} in {place['en']} by period, with intervals. {title['en']}. "
            "The values stand in the table rates_by_period.",
        },
        unit=PERCENT,
        source=subject.source,
    )


def chart_rates_by_group(groups: GroupComparison, city: Finding, subject: Subject) -> Display:
    """Rates of groups with intervals against the city as a whole."""
    kind, period = groups.label, subject.period.label
    stated = groups.rates[groups.rates["status"] == "stated"]
    if stated.empty:
        return _nothing_to_draw(
            groups.name,
            {
                "zh": f"各{kind['zh']}合格率均不予发布或样本过少，故不绘图。",
                "en": f"No rate by {kind['en']} is published or can be stated: there is nothing to draw.",
            },
        )
    values = {
        language: "; ".join(
            f"{groups.names[row[groups.column]][language]} {format_percent(row['estimate'])}"
            for row in stated.to_dict("records")
        )
        for language in LANGUAGES
    }
    return show_figure(
        plot_rates_by_group,
        groups.rates,
        group=groups.column,
        labels=groups.names,
        reference=city.estimate,
        name=groups.name,
        data=groups.name,
        title={
            "zh": f"{period['zh']}各{kind['zh']}批次合格率：先后不是名次",
            "en": f"Batch pass rate by {kind['en']}, {period['en']}: the order shown is no ranking",
        },
        alt={
            "zh": f"各{kind['zh']}批次合格率及区间：{values['zh']}。",
            "en": f"Batch pass rate with interval by {kind['en']}: {values['en']}.",
        },
        unit=PERCENT,
        source=subject.source,
    )


def chart_failed_items(items: pd.DataFrame, subject: Subject, largest: int) -> Display:
    """The commonest failed items."""
    if items.empty:
        return _nothing_to_draw(
            "failed_items",
            {"zh": "本期没有列出不合格项目。", "en": "No failed item is listed for the period."},
        )
    period, leading = subject.period.label, leading_items(items)["item"].tolist()
    listed = [f"{row.item} {row.batches}" for row in items.head(largest).itertuples()]
    return show_figure(
        plot_pareto,
        items,
        count="batches",
        top=largest,
        name="failed_items",
        data="failed_items",
        title={
            "zh": f"{period['zh']}不合格项目" + (f"，最多的是{'、'.join(leading)}" if leading else ""),
            "en": f"Failed items, {period['en']}" + (f", most often {', '.join(leading)}" if leading else ""),
        },
        alt={
            "zh": f"各不合格项目的批次数：{'；'.join(listed)}",
            "en": f"Failed batches by item: {'; '.join(listed)}",
        },
        unit={
            "zh": "单位：批次；右侧为累计占全部不合格项次的比重",
            "en": "Unit: batches; at the right, cumulative share of all failed items",
        },
        source=subject.source,
    )


def _series_title(city: Finding, last_year: Comparison | None, subject: Subject) -> Text:
    period, batches = subject.period.label, subject.batches
    if city.status != "stated":
        return {
            "zh": f"{period['zh']}{batches['zh']}批次合格率不予发布",
            "en": f"The batch pass rate of {period['en']} is not published",
        }
    rate = format_percent(float(city.estimate or 0))
    movement = headline_movement(last_year)
    return {
        "zh": f"{period['zh']}{batches['zh']}批次合格率为{rate}，{movement['zh']}",
        "en": f"Batch pass rate of {rate} in {period['en']}, {movement['en']}",
    }


def _nothing_to_draw(name: str, why: Text) -> Display:
    return show_text(why, style="note", instead_of=name)
