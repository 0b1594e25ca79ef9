"""Which charts does monitoring show? Months between control limits, and laboratories on a funnel."""

import pandas as pd

from qstats.codebook import Text
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures import plot_control_chart, plot_funnel
from qstats.report.groups import group_names
from qstats.report.monitoring.narrative import describe_laboratories, describe_months, kind_of, name_signals
from qstats.report.rates import PERCENT
from qstats.report.subject import Subject

_NOTHING_TO_DRAW: Text = {
    "zh": "没有可绘制的图，原因见下。",
    "en": "There is nothing to draw; the reason follows.",
}


def chart_months(at_one_mix: pd.DataFrame, crude: pd.DataFrame, subject: Subject) -> Display:
    """Monthly rates at one mix between their control limits, the crude rate beside them.

    Parameters
    ----------
    at_one_mix, crude : DataFrame
        Rows of :func:`qstats.monitoring.chart_rates_at_one_mix` and of :func:`qstats.monitoring.chart_rates`.
    subject : Subject
    """
    if not (at_one_mix["limits"] == "exact").any():
        return show_text(_NOTHING_TO_DRAW, style="note", instead_of="control_chart")
    sentences = describe_months(at_one_mix, crude)
    unusual = int((~name_signals(at_one_mix).isin(["within", "not_judged"])).sum())
    return show_figure(
        plot_control_chart,
        at_one_mix,
        name="control_chart",
        data="control_chart",
        title=_title(unusual),
        alt={"zh": "".join(one["zh"] for one in sentences), "en": " ".join(one["en"] for one in sentences)},
        unit=PERCENT,
        source=subject.source,
    )


def chart_laboratories(compared: pd.DataFrame, group: str, subject: Subject) -> Display:
    """Groups on a funnel of what chance can do, at the same mix."""
    if not (compared["status"] == "stated").any():
        return show_text(_NOTHING_TO_DRAW, style="note", instead_of=f"funnel_{group}")
    kind, unusual = kind_of(group), int((compared["flag"] != "").sum())
    title: Text = {
        "zh": f"按同一结构比较，没有{kind['zh']}超出机遇所能解释的范围",
        "en": f"At the same mix, results do not depend on the {kind['en']} by more than chance",
    }
    if unusual:
        title = {
            "zh": f"按同一结构比较，{unusual}家{kind['zh']}的差别超出机遇所能解释的范围",
            "en": f"At the same mix, the results of {unusual} differ by more than chance ({kind['en']})",
        }
    return show_figure(
        plot_funnel,
        compared,
        group=group,
        labels=group_names(group, compared[group].tolist()),
        name=f"funnel_{group}",
        data=f"funnel_{group}",
        title=title,
        alt=describe_laboratories(compared, group),
        unit=PERCENT,
        source=subject.source,
    )


def _title(unusual: int) -> Text:
    if not unusual:
        return {
            "zh": "按同一抽样结构，各月合格率的高低都属正常波动",
            "en": "At one sampling mix, the months differ by no more than chance",
        }
    return {
        "zh": f"按同一抽样结构，有{unusual}个月的合格率超出正常波动",
        "en": f"At one sampling mix, chance does not explain {unusual} of the months",
    }
