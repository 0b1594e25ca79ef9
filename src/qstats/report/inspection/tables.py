"""Which tables does the inspection chapter show? Columns, captions, order and notes; figures come from elsewhere."""

from collections.abc import Mapping, Sequence

import pandas as pd

from qstats.codebook import LANGUAGES, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.groups import GROUP_LABELS, group_names, name_groups
from qstats.report.inspection.comparisons import Comparison, tabulate_rows
from qstats.report.inspection.groups import GroupComparison
from qstats.report.inspection.narrative import describe_unsettled
from qstats.report.rates import RATE_COLUMNS, mark_reliability
from qstats.report.subject import Subject

_CHANGE_COLUMNS: dict[str, Column | str] = {
    "change": "points",
    "change_interval": Column(format="interval", lower="change_lower", upper="change_upper", unit="points"),
}


def have_all_passed(rates: pd.DataFrame) -> bool:
    """Whether a stated rate rests on batches of which none failed: “100%” needs a word then."""
    return bool(((rates["status"] == "stated") & (rates["failures"] == 0)).any())


def tabulate_rates_by_period(
    rates: pd.DataFrame, subject: Subject, *, name: str = "rates_by_period"
) -> Display:
    """Rate of each period with its sample, completeness and release."""
    return show_table(
        mark_reliability(rates).iloc[::-1].reset_index(drop=True),
        name=name,
        caption={
            "zh": f"{subject.place['zh']}{subject.batches['zh']}各期批次合格率",
            "en": f"Batch pass rate by period, {subject.batches['en']}, {subject.place['en']}",
        },
        columns={
            "period": "text",
            **RATE_COLUMNS,
            "standardised": "percent",
            "standardised_interval": Column(
                format="interval", lower="standardised_lower", upper="standardised_upper", unit="percent"
            ),
            "completeness": "percent",
            "release": "code:release",
        },
        notes=[text("note", "interval"), text("note", "standardised"), text("note", "reliability")],
        status="mark",
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
        mark_reliability(groups.rates).merge(changes, on=column, how="left"),
        name=groups.name,
        caption={
            "zh": f"{subject.period.label['zh']}{subject.place['zh']}{subject.batches['zh']}批次合格率：按{label['zh']}，"
            f"与{against.label['zh']}相比",
            "en": f"Batch pass rate by {label['en']}, {subject.batches['en']}, {subject.place['en']}, "
            f"{subject.period.label['en']}, and change on {against.label['en']}",
        },
        columns={column: Column(format="code", labels=groups.names), **RATE_COLUMNS, **_CHANGE_COLUMNS},
        notes=[
            text("note", "interval"),
            text("note", "reliability"),
            *([text("note", "all_passed")] if have_all_passed(groups.rates) else []),
            text("note", "change"),
            *([unsettled] if unsettled else []),
            text("note", "no_ranking"),
        ],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_comparisons(comparisons: Sequence[Comparison], subject: Subject) -> Display:
    """Crude change and change at the same mix of samples, side by side, on each earlier period."""
    points = {
        f"{name}_interval": Column(
            format="interval", lower=f"{name}_lower", upper=f"{name}_upper", unit="points"
        )
        for name in ("crude", "at_average")
    }
    return show_table(
        tabulate_rows(comparisons),
        name="changes_crude_and_standardised",
        caption={
            "zh": f"{subject.place['zh']}{subject.batches['zh']}批次合格率的变化：粗率与按同一抽样结构计算",
            "en": f"Change of the batch pass rate, crude and at the same mix of samples, {subject.batches['en']}, "
            f"{subject.place['en']}",
        },
        columns={
            "period": "text", "against": "text", "crude": "points", "crude_interval": points["crude_interval"],
            "at_before": "points", "at_now": "points", "at_average": "points",
            "at_average_interval": points["at_average_interval"], "mix_effect": "points",
            "verdict": "code:verdict",
        },
        notes=[text("note", "comparisons")],
        status="status",
        reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def tabulate_weightings(rates: pd.DataFrame, subject: Subject) -> Display:
    """The rate by batch, by enterprise and by sales, side by side."""
    return show_table(
        mark_reliability(rates),
        name="rates_by_weighting",
        caption={
            "zh": f"{subject.period.label['zh']}{subject.place['zh']}{subject.batches['zh']}合格率：按批次、按企业、按销售额",
            "en": f"Pass rate by batch, by enterprise and by sales, {subject.batches['en']}, {subject.place['en']}, "
            f"{subject.period.label['en']}",
        },
        columns={
            "weighting": "code:weighting", "inference": "code:inference", "enterprises": "count", **RATE_COLUMNS,
        },
        notes=[text("note", "weightings"), text("note", "reliability")],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def tabulate_mix(comparison: Comparison, subject: Subject) -> Display:
    """What was sampled in the two periods of a comparison: shares of sizes and stages."""
    mix = comparison.mix[comparison.mix[["share_before", "share_now"]].max(axis=1) > 0]
    mix = mix.sort_values(["column", "share_now"], ascending=[True, False])
    names = {language: [_mix_name(row, language) for row in mix.to_dict("records")] for language in LANGUAGES}
    change = mix["share_now"] - mix["share_before"]
    return show_table(
        mix.assign(cell_zh=names["zh"], cell_en=names["en"], share_change=change),
        name="sampling_mix",
        caption={
            "zh": f"{subject.batches['zh']}的抽样结构：{comparison.now.label['zh']}与{comparison.against.label['zh']}",
            "en": f"What was sampled, {subject.batches['en']}: {comparison.now.label['en']} and {comparison.against.label['en']}",
        },
        columns={
            "cell": "bilingual",
            "share_before": Column(format="percent", label=comparison.against.label),
            "share_now": Column(format="percent", label=comparison.now.label),
            "share_change": "points",
        },
    )


def _mix_name(row: Mapping[str, str], language: str) -> str:
    kind = GROUP_LABELS[row["column"]][language]
    name = text(row["column"], row["code"])[language] if row["code"] else text("group", "unknown")[language]
    return f"{kind}：{name}" if language == "zh" else f"{kind}: {name.lower()}"


def tabulate_programmes(rates: pd.DataFrame, subject: Subject) -> Display:
    """Every programme and level by itself: they are designed differently and are never pooled."""
    return show_table(
        mark_reliability(rates),
        name="rates_by_programme_and_level",
        caption={
            "zh": f"{subject.period.label['zh']}各类任务、各级抽查（分别列示，不合并）",
            "en": f"Programmes and levels of sampling, {subject.period.label['en']} (each by itself, never pooled)",
        },
        columns={"programme": "code:programme", "level": "code:level", "planned": "count", **RATE_COLUMNS},
        notes=[text("note", "never_pooled")],
        status="mark",
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
        mark_reliability(rates),
        name="first_and_final_outcome",
        caption={
            "zh": f"{subject.period.label['zh']}按初检结论与最终结论计算的批次合格率",
            "en": f"Batch pass rate by first and by final outcome, {subject.period.label['en']}",
        },
        columns={
            "used": Column(format="code", kind="headline_outcome"),
            **RATE_COLUMNS,
        },
        notes=[text("note", "first_outcome")],
        status="mark",
        reason=("reason_zh", "reason_en"),
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
