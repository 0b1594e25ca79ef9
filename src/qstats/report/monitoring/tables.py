"""Which tables does monitoring show? Months between their limits, laboratories against what is expected."""

import pandas as pd

from qstats.codebook import text
from qstats.monitoring import MONTHS_COMPARED
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.groups import group_names
from qstats.report.monitoring.narrative import describe_laboratories, kind_of, name_signals
from qstats.report.subject import Subject


def tabulate_control_chart(at_one_mix: pd.DataFrame, subject: Subject) -> Display:
    """Months, newest first, with crude rate, rate at one mix, limits and judgement.

    Parameters
    ----------
    at_one_mix : DataFrame
        Rows of :func:`qstats.monitoring.chart_rates_at_one_mix` with ``reason_zh`` and ``reason_en``.
    subject : Subject
    """
    frame = at_one_mix.assign(
        rate_at_one_mix=at_one_mix["estimate"],
        crude_rate=at_one_mix["crude"],
        signal=name_signals(at_one_mix),
    )
    return show_table(
        frame.iloc[::-1].reset_index(drop=True),
        name="control_chart",
        caption={
            "zh": f"{subject.place['zh']}{subject.batches['zh']}各月批次合格率与控制限",
            "en": f"Monthly batch pass rate and its control limits, {subject.batches['en']}, {subject.place['en']}",
        },
        columns={
            "period": "text", "n": "count", "failures": "count", "expected": "number",
            "crude_rate": "percent", "rate_at_one_mix": "percent",
            "control_limits": Column(format="interval", lower="lower_limit", upper="upper_limit"),
            "signal": "code", "release": "code:release",
        },
        notes=[text("note", "control_chart"), text("note", "one_mix")],
        max_rows=15,
        status="status",
        reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def tabulate_funnel(compared: pd.DataFrame, group: str, subject: Subject) -> Display:
    """Groups against the failures that the mix of their batches makes one expect."""
    kind = kind_of(group)
    if compared.empty:
        return show_text(describe_laboratories(compared, group), instead_of=f"funnel_{group}")
    if not compared[group].any():
        return show_text(
            {
                "zh": f"来源均未注明{kind['zh']}，不能比较。",
                "en": f"No source names the {kind['en']}: there is nothing to compare.",
            },
            instead_of=f"funnel_{group}",
        )
    signal = compared["flag"].replace("", "within").where(compared["status"] == "stated", "not_judged")
    reasons = compared["reason"].map(_REASONS)
    frame = compared.assign(
        rate_at_one_mix=compared["adjusted"], signal=signal,
        reason_zh=reasons.map(lambda reason: reason["zh"]), reason_en=reasons.map(lambda reason: reason["en"]),
    )  # fmt: skip
    return show_table(
        frame,
        name=f"funnel_{group}",
        caption={
            "zh": f"截至{subject.period.label['zh']}末，最近{MONTHS_COMPARED}个结果完整的月份{subject.batches['zh']}：{kind['zh']}与同结构预期相比",
            "en": f"{kind['en'].capitalize()} against what the mix makes one expect, {subject.batches['en']}, the last {MONTHS_COMPARED} complete months "
            f"to the end of {subject.period.label['en']}",
        },
        columns={
            group: Column(format="code", labels=group_names(group, compared[group].tolist())),
            "n": "count", "failures": "count", "compared": "count", "observed": "count", "expected": "number",
            "rate_at_one_mix": "percent",
            "funnel_limits": Column(format="interval", lower="lower_998", upper="upper_998"),
            "signal": "code",
        },
        notes=[text("note", "funnel")],
        status="status",
        reason=("reason_zh", "reason_en"),
    )  # fmt: skip


_REASONS = {
    "": {"zh": "", "en": ""},
    "too_few_batches": {
        "zh": "可比批次或预期不合格过少",
        "en": "too few batches or expected failures to compare",
    },
    "tests_alone": {"zh": "所检产品没有其他机构检测", "en": "it tests what no other does"},
}
