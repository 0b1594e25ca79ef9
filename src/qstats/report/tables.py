"""Which tables does the inspection chapter show? Columns, captions, order and notes; figures come from elsewhere."""

import pandas as pd

from qstats.codebook import text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.inspection import GROUP_LABELS, GroupComparison, Subject, group_names, name_groups
from qstats.report.narrative import describe_unsettled

_RATE_COLUMNS: dict[str, Column | str] = {
    "n": "count",
    "failures": "count",
    "estimate": "percent",
    "interval": Column(format="interval", lower="lower", upper="upper", unit="percent"),
}
_CHANGE_COLUMNS: dict[str, Column | str] = {
    "change": "points",
    "change_interval": Column(format="interval", lower="change_lower", upper="change_upper", unit="points"),
}


def tabulate_rates_by_period(
    rates: pd.DataFrame, subject: Subject, *, name: str = "rates_by_period"
) -> Display:
    """Rate of each period with its sample, completeness and release."""
    frame = rates.iloc[::-1].reset_index(drop=True)
    return show_table(
        frame,
        name=name,
        caption={
            "zh": f"{subject.place['zh']}{subject.batches['zh']}各期批次合格率",
            "en": f"Batch pass rate by period, {subject.batches['en']}, {subject.place['en']}",
        },
        columns={"period": "text", **_RATE_COLUMNS, "completeness": "percent", "release": "code:release"},
        notes=[text("note", "wilson")],
        status="status",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_rates_by_group(groups: GroupComparison, subject: Subject) -> Display:
    """Rate of each group in the period, with its change on an earlier one."""
    column, label, against = groups.column, groups.label, groups.against
    if not groups.rates[column].any():
        return show_text(
            {
                "zh": f"本期批次均未注明{label['zh']}，不能分组。",
                "en": f"No batch of the period names its {label['en']}: there are no groups to show.",
            },
            instead_of=groups.name,
        )
    changes = groups.changes[[column, "change", "change_lower", "change_upper", "holds"]]
    unsettled = describe_unsettled(groups)
    return show_table(
        groups.rates.merge(changes, on=column, how="left"),
        name=groups.name,
        caption={
            "zh": f"{subject.period.label['zh']}{subject.place['zh']}{subject.batches['zh']}批次合格率：按{label['zh']}，"
            f"与{against}相比",
            "en": f"Batch pass rate by {label['en']}, {subject.batches['en']}, {subject.place['en']}, "
            f"{subject.period.label['en']}, and change on {against}",
        },
        columns={column: Column(format="code", labels=groups.names), **_RATE_COLUMNS, **_CHANGE_COLUMNS},
        notes=[
            text("note", "wilson"),
            text("note", "change"),
            *([unsettled] if unsettled else []),
            text("note", "no_ranking"),
        ],
        status="status",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_programmes(rates: pd.DataFrame, subject: Subject) -> Display:
    """Every programme and level by itself: they are designed differently and are never pooled."""
    return show_table(
        rates,
        name="rates_by_programme_and_level",
        caption={
            "zh": f"{subject.period.label['zh']}各类任务、各级抽查（分别列示，不合并）",
            "en": f"Programmes and levels of sampling, {subject.period.label['en']} (each by itself, never pooled)",
        },
        columns={"programme": "code:programme", "level": "code:level", "planned": "count", **_RATE_COLUMNS},
        notes=[text("note", "never_pooled")],
        status="status",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_fates(rates: pd.DataFrame, subject: Subject) -> Display:
    """What became of the planned batches, by period."""
    columns = {
        name: Column(format="count", label=text("fate", name))
        for name in ("closed", "nothing_to_sample", "refused", "pending")
    }
    counted = rates["status"].isin(["stated", "cannot_be_stated"])  # elsewhere nobody knows what was planned
    unknown = ["planned", *columns, "completeness"]
    frame = rates.assign(**{name: rates[name].where(counted) for name in unknown})
    return show_table(
        frame.iloc[::-1].reset_index(drop=True),
        name="fates_by_period",
        caption={
            "zh": f"{subject.place['zh']}{subject.batches['zh']}计划批次的去向",
            "en": f"What became of the planned batches, {subject.batches['en']}, {subject.place['en']}",
        },
        columns={"period": "text", "planned": "count", **columns, "n": "count", "completeness": "percent"},
        notes=[text("note", "fates")],
    )


def tabulate_outcomes(rates: pd.DataFrame, subject: Subject) -> Display:
    """First and final outcome side by side, so that the effect of re-inspection shows."""
    return show_table(
        rates,
        name="first_and_final_outcome",
        caption={
            "zh": f"{subject.period.label['zh']}按初检结论与最终结论计算的批次合格率",
            "en": f"Batch pass rate by first and by final outcome, {subject.period.label['en']}",
        },
        columns={
            "used": Column(format="code", kind="headline_outcome"),
            **_RATE_COLUMNS,
        },
        notes=[text("note", "first_outcome")],
        status="status",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_failed_items(counted: pd.DataFrame, subject: Subject) -> Display:
    """Failed items, the commonest first; a batch may fail in several."""
    return show_table(
        counted,
        name="failed_items",
        caption={
            "zh": f"{subject.period.label['zh']}{subject.batches['zh']}不合格项目（批次数及占不合格批次的比重）",
            "en": f"Failed items, {subject.batches['en']}, {subject.period.label['en']} (batches, and share of failed batches)",
        },
        columns={"item": "text", "batches": "count", "share": "percent"},
        notes=[text("note", "failed_items")],
    )


def tabulate_group_counts(rates: pd.DataFrame, column: str, subject: Subject) -> Display:
    """Batches received by group, counts only: what can be said where no rate can."""
    frame, label = name_groups(rates, column), GROUP_LABELS[column]
    frame = frame[frame["n"] > 0].sort_values("n", ascending=False, kind="stable").reset_index(drop=True)
    if not frame[column].any():
        return show_text(
            {
                "zh": f"本期来源均未注明{label['zh']}。",
                "en": f"No source of the period names the {label['en']}.",
            }
        )
    return show_table(
        frame,
        name=f"counts_by_{column}",
        caption={
            "zh": f"{subject.period.label['zh']}收到的批次：按{label['zh']}（只计数，不构成合格率）",
            "en": f"Batches received by {label['en']}, {subject.period.label['en']} (counts only, no rates)",
        },
        columns={
            column: Column(format="code", labels=group_names(column, frame[column].tolist())),
            "n": "count", "passes": "count", "failures": "count",
        },
        notes=[text("note", "counts_only")],
    )  # fmt: skip
