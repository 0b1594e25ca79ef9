"""Which tables does the chapter on the counties show? Never a rank without the set that it belongs to."""

import pandas as pd

from qstats.codebook import Text, text
from qstats.report.columns import Column
from qstats.report.counties.comparison import CountyComparison
from qstats.report.display import Display, show_table, show_text
from qstats.report.formats import format_percent
from qstats.report.inspection.tables import have_all_passed
from qstats.report.rates import mark_reliability

_PERCENT_POINTS = Column(
    format="interval", lower="difference_lower", upper="difference_upper", unit="points",
    label={"zh": "差距的置信区间", "en": "Interval of the difference"},
)  # fmt: skip
_STANDING: dict[str, Text] = {
    "above": {"zh": "较高", "en": "higher"},
    "below": {"zh": "较低", "en": "lower"},
    "awaited": {"zh": "结果未齐", "en": "too early to say"},
    "not_told_apart": {"zh": "不显著", "en": "not clear"},
}


def tabulate_ranks(comparison: CountyComparison) -> Display:
    """Rate, interval and set of possible ranks of each county, with the groups that cannot be told apart."""
    return show_table(
        mark_reliability(comparison.counties).assign(**_rank_texts(comparison.counties)),
        name=comparison.name,
        caption=comparison.caption({"zh": "合格率与可能的名次", "en": "Pass rates and possible ranks"}),
        columns={
            "county_code": Column(format="code", labels=comparison.names),
            "n": "count",
            "estimate": "percent",
            "interval": Column(format="interval", lower="lower", upper="upper", unit="percent"),
            "shrunk": SHRUNK,
            "expected": EXPECTED,
            "ranks": Column(format="bilingual", label={"zh": "可能的名次", "en": "Possible ranks"}),
            "tie_group": Column(label={"zh": "不能区分的组", "en": "Tie group"}),
        },
        notes=[
            _how_to_read(comparison),
            *([text("note", "all_passed")] if have_all_passed(comparison.counties) else []),
            _benchmark(comparison),
            _SHRUNK_NOTE,
        ],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


SHRUNK = Column(format="percent", label={"zh": "收缩估计", "en": "Shrunken estimate"})
EXPECTED = Column(format="percent", label={"zh": "按结构预期的合格率", "en": "Expected at its mix"})
_SHRUNK_NOTE: Text = {
    "zh": "收缩估计：样本少的县（市、区）向全市水平靠拢，“最好”“最差”因而不致由偶然性造成；不据以排名次。"
    "按结构预期：同样规模、同样环节的批次按全市的不合格率计算。",
    "en": "Shrunken estimate: counties with few batches are drawn towards the city, so that chance alone does not make a best or a worst; no ranks are taken from it. "
    "Expected at its mix: batches of the same size of firm and stage failing as often as in the whole city.",
}


def _benchmark(comparison: CountyComparison) -> Text:
    """The rate of the place as a whole, to hold each county against."""
    whole = comparison.whole
    if whole["status"] != "stated":
        return {"zh": "全市合格率未发布。", "en": "The rate of the city is not published."}
    rate, (lower, upper) = (
        format_percent(whole["estimate"]),
        (format_percent(whole[end]) for end in ("lower", "upper")),
    )
    return {
        "zh": f"全市合格率{rate}（{comparison.level}置信区间{lower}～{upper}，{whole['n']}批次）。",
        "en": f"The city as a whole: {rate} ({comparison.level} confidence interval {lower} to {upper}, {whole['n']:,} batches).",
    }


def tabulate_pairs(comparison: CountyComparison) -> Display:
    """Pairs of counties that are told apart; a sentence where there is none."""
    if comparison.pairs.empty:
        when = comparison.when
        return show_text(
            {
                "zh": f"{when['zh']}没有一对县（市、区）能分出高低。",
                "en": f"No two counties can be told apart for {when['en']}.",
            },
            instead_of=f"{comparison.name}_told_apart",
        )
    names = {code: comparison.names[code] for code in comparison.names if code}
    return show_table(
        comparison.pairs,
        name=f"{comparison.name}_told_apart",
        caption=comparison.caption({"zh": "能分出高低的每一对", "en": "Pairs that can be told apart"}),
        columns={
            "better": Column(format="code", labels=names, label={"zh": "合格率较高", "en": "Higher rate"}),
            "worse": Column(format="code", labels=names, label={"zh": "合格率较低", "en": "Lower rate"}),
            "difference": Column(format="points", label={"zh": "差距", "en": "Difference"}),
        },
        notes=[
            {
                "zh": f"全部判断同时成立的置信水平为{comparison.level}（Holm法）；没有列出的每一对都不能区分。",
                "en": f"All of them hold at once with {comparison.level} confidence (Holm). Any pair not listed cannot be told apart.",
            }
        ],
        max_rows=20,
    )


def tabulate_differences(comparison: CountyComparison) -> Display:
    """Each county against all others together, and the rate that would have stood out."""
    each = comparison.stated["difference_confidence"].max()
    per_county = "" if pd.isna(each) else format_percent(each)
    return show_table(
        mark_reliability(comparison.counties),
        name=f"{comparison.name}_and_the_rest",
        caption=comparison.caption({"zh": "与全市其余地区的差距", "en": "Difference from the rest of the city"}),
        columns={
            "county_code": Column(format="code", labels=comparison.names),
            "n": "count",
            "estimate": "percent",
            "others_estimate": Column(format="percent", label={"zh": "其余地区合格率", "en": "Rest of the city"}),
            "difference": Column(format="points", label={"zh": "差距", "en": "Difference"}),
            "difference_interval": _PERCENT_POINTS,
            "standing": Column(format="code", labels=_STANDING, label={"zh": "判断", "en": "Verdict"}),
            "clear_below": Column(format="percent", label={"zh": "低到多少才能断定", "en": "Found lower only at or below"}),
        },
        notes=[
            {
                "zh": f"差距的区间按全部县（市、区）同时比较加宽，合起来的置信水平为{comparison.level}（每个{per_county}）；含0即不能断定有差别。",
                "en": f"Intervals of the difference are widened for all counties compared at once: {comparison.level} together, {per_county} each. Where one covers 0, no difference is claimed.",
            },
            {
                "zh": "“低到多少才能断定”：按该县（市、区）的样本量，合格率不高于此数才能断定低于其余地区；样本越少，此数越低。",
                "en": "“Found lower only at or below”: with this many batches, only a rate of at most this would be found to lie below the rest. The fewer the batches, the lower it is.",
            },
        ],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def _rank_texts(rows: pd.DataFrame) -> dict[str, list[str | None]]:
    """Rank sets as text in both languages; a set of one rank is a single number."""
    sets = rows[["rank_low", "rank_high"]].itertuples(index=False, name=None)
    pairs = [None if pd.isna(low) else (low, high) for low, high in sets]
    between = {"zh": "～", "en": " to "}
    return {
        f"ranks_{language}": [pair and word.join(map(str, sorted(set(pair)))) for pair in pairs]
        for language, word in between.items()
    }


def _how_to_read(comparison: CountyComparison) -> Text:
    return {
        "zh": f"次序按合格率，但不是名次。可能的名次：全部范围同时包含真实名次的置信水平为{comparison.level}。有一个字母相同的两个县（市、区）不能区分高低。",
        "en": f"The order is by rate and is no ranking. Possible ranks: all sets hold the true ranks at once with {comparison.level} confidence. "
        "Counties that share a letter cannot be told apart.",
    }
