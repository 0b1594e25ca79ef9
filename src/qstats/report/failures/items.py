"""Which tables say what failed batches failed in? Items with intervals, severity, items that fail together."""

from collections.abc import Sequence

import pandas as pd

from qstats.codebook import Text, text
from qstats.periods import Period
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.subject import Subject, name_window

SURE = 0.05
"""Adjusted p-value from which a pair is not called one."""

_SHARE: Text = {"zh": "占不合格批次", "en": "Of failed batches"}
_OF_ALL: Text = {"zh": "占全部批次", "en": "Of all batches"}
_INTERVAL_NOTE: Text = {
    "zh": "项目名称按来源。比重之和可超过100%（一个批次可有多个不合格项目）。区间为Korn-Graubard区间；同一企业的不合格批次视为相似。"
    "“占全部批次”以有结果的全部批次为分母：检验过该项目的批次数多未报送，故为该项目不合格率的下限。",
    "en": "Items bear the names that the sources give them. A batch may fail in several items: shares can add up to more than 100%. Korn-Graubard intervals; failed batches "
    "of one enterprise count as alike. “Of all batches” divides by all batches with a result: how many were tested for the "
    "item is mostly not reported, so that it is a lower bound of the item's failure rate.",
}
_SEVERITY_NOTE: Text = {
    "zh": "A类：直接涉及健康、安全；B类：性能及其他质量特性；C类：标签标识。项目归类为本报告的声明，不是监督抽查规范的规定；"
    "未归类的项目单列，不作推测。每一不合格批次按其最严重的项目计一次。",
    "en": "A: direct harm to health or safety; B: performance and other properties; C: labelling. The classes are declared "
    "by this report and not set by the sampling specifications; items without a class are counted apart, never guessed. "
    "Each failed batch counts once, by its gravest item.",
}


def tabulate_item_shares(items: pd.DataFrame, subject: Subject) -> Display:
    """Failed items with their severity and shares, the commonest first."""
    return show_table(
        items,
        name="failed_items",
        caption={
            "zh": f"{subject.period.label['zh']}{subject.batches['zh']}不合格项目（批次数及比重）",
            "en": f"Failed items, {subject.batches['en']}, {subject.period.label['en']} (batches and shares)",
        },
        columns={
            "item": "text",
            "severity": Column(format="code", kind="severity"),
            "batches": "count",
            "share": Column(format="percent", label=_SHARE),
            "interval": Column(format="interval"),
            "share_of_all": Column(format="percent", label=_OF_ALL),
            "interval_of_all": Column(
                format="interval",
                lower="lower_of_all",
                upper="upper_of_all",
                label=text("columns", "interval"),
            ),
        },
        notes=[_INTERVAL_NOTE],
        max_rows=15,
    )


def tabulate_severities(severities: pd.DataFrame, subject: Subject) -> Display:
    """Failed batches by the gravest class among their items."""
    return show_table(
        severities,
        name="failed_batches_by_severity",
        caption={
            "zh": f"{subject.period.label['zh']}不合格批次的严重程度",
            "en": f"How grave the failures were, {subject.period.label['en']}",
        },
        columns={
            "severity": Column(format="code", kind="severity"),
            "batches": "count",
            "share": Column(format="percent", label=_SHARE),
            "interval": Column(format="interval"),
        },
        notes=[_SEVERITY_NOTE],
    )


def tabulate_item_pairs(pairs: pd.DataFrame, periods: Sequence[Period], fewest: int = 3) -> Display:
    """Items that failed together, with what chance would give and how sure the difference is."""
    window = name_window(periods)
    if pairs.empty:
        return show_text(
            {
                "zh": f"{window['zh']}没有两个项目在{fewest}个以上批次中同时不合格。",
                "en": f"No two items failed together in {fewest} or more batches ({window['en']}).",
            },
            instead_of="item_pairs",
        )
    return show_table(
        pairs,
        name="item_pairs",
        caption={
            "zh": f"{window['zh']}在同一批次中同时不合格的项目",
            "en": f"Items that failed together in one batch, {window['en']}",
        },
        columns={
            "item": "text",
            "other_item": Column(label={"zh": "另一项目", "en": "Other item"}),
            "batches": "count",
            "expected": Column(
                format="number", label={"zh": "偶然同时出现的预期批次", "en": "Expected by chance"}
            ),
            "p_adjusted": Column(format="p_value", label={"zh": "校正后p值", "en": "Adjusted p-value"}),
        },
        notes=[_describe_pairs(pairs, fewest)],
        max_rows=12,
    )


def _describe_pairs(pairs: pd.DataFrame, fewest: int) -> Text:
    tested, sure = int(pairs["pairs_tested"].iloc[0]), int((pairs["p_adjusted"] <= SURE).sum())
    found = {
        "zh": f"其中{sure}对多于偶然所致" if sure else "没有一对可以肯定多于偶然所致",
        "en": f"{sure} of them exceed chance" if sure else "none exceeds chance beyond doubt",
    }
    return {
        "zh": f"只列同时不合格{fewest}批次以上的。按产品类别分层的单侧精确检验，对{tested}对项目作BH校正（p≤{SURE}）：{found['zh']}。",
        "en": f"Only pairs with {fewest} batches or more. One-sided exact test within product classes, adjusted over the "
        f"{tested:,} pairs that could have reached that number (Benjamini-Hochberg, p ≤ {SURE}): {found['en']}.",
    }


def leading_items(items: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """The commonest items, at most so many, never cut inside a tie: what is left out failed less often."""
    if len(items) <= most:
        return items
    return items[items["batches"] > items["batches"].iloc[most]].head(most)
