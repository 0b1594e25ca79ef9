"""Would the counties compare otherwise: at the same sampling mix, with estimates that borrow, by another method?"""

import pandas as pd

from qstats.codebook import Text
from qstats.ranking import compare_methods
from qstats.report.columns import Column
from qstats.report.counties.comparison import CountyComparison
from qstats.report.counties.tables import EXPECTED, SHRUNK
from qstats.report.display import Display, show_table
from qstats.report.rates import mark_reliability

_METHOD: dict[str, Text] = {
    "pairs_simultaneous": {
        "zh": "两两比较，全部结论同时成立（本报告采用）",
        "en": "pairs, all claims at once (used here)",
    },
    "pairs_marginal": {"zh": "两两比较，逐县成立", "en": "pairs, each county by itself"},
    "joint_regions": {"zh": "联合置信区间是否重叠", "en": "overlap of joint intervals"},
    "exact_independent": {
        "zh": "Fisher精确检验（假定批次相互独立）",
        "en": "Fisher exact tests (batches taken as independent)",
    },
}


def tabulate_sampling_mix(comparison: CountyComparison) -> Display:
    """What was sampled in each county, and the rate that this mix would let one expect."""
    return show_table(
        mark_reliability(comparison.counties),
        name=f"{comparison.name}_sampling_mix",
        caption=comparison.caption(
            {"zh": "抽样结构与按结构预期的合格率", "en": "Sampling mix and the rate expected from it"},
        ),
        columns={
            "county_code": Column(format="code", labels=comparison.names),
            "n": "count",
            "estimate": "percent",
            "share_small": Column(
                format="percent", label={"zh": "小微企业占比", "en": "Small and micro firms"}
            ),
            "share_shops": Column(format="percent", label={"zh": "流通领域占比", "en": "Shops and online"}),
            "expected": EXPECTED,
            "failure_ratio": Column(
                format="number",
                label={"zh": "不合格批次：实际为预期的倍数", "en": "Failures: times the expected"},
            ),
        },
        notes=[
            {
                "zh": "预期：同样规模、同样环节的批次按全市的不合格率计算。两个县（市、区）的倍数之间不作比较（间接标准化）。",
                "en": "Expected: batches of the same size of firm and stage failing as often as in the whole city. The multiples of two counties are not compared with each other (indirect standardisation).",
            }
        ],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_shrunk(comparison: CountyComparison) -> Display:
    """Rates drawn towards the city, and how probable it is to be among the best or the worst three."""
    spread = comparison.table["between_sd"].max()
    sentence = "—" if pd.isna(spread) else f"{100 * spread:.1f}"
    return show_table(
        mark_reliability(comparison.counties),
        name=f"{comparison.name}_shrunken",
        caption=comparison.caption({"zh": "收缩估计与居前、居后的概率", "en": "Shrunken estimates and chances of the top and bottom"}),
        columns={
            "county_code": Column(format="code", labels=comparison.names),
            "estimate": "percent",
            "own_weight": Column(format="percent", label={"zh": "自身数据的权重", "en": "Weight of its own data"}),
            "shrunk": SHRUNK,
            "shrunk_interval": Column(
                format="interval", lower="shrunk_lower", upper="shrunk_upper",
                label={"zh": "收缩估计的区间", "en": "Its interval"},
            ),
            "prob_top": Column(format="percent", label={"zh": "居前三的概率", "en": "Chance of the top three"}),
            "prob_bottom": Column(format="percent", label={"zh": "居后三的概率", "en": "Chance of the bottom three"}),
        },
        notes=[
            {
                "zh": f"县（市、区）之间真实合格率的标准差估计为{sentence}个百分点；差别越小，各县的收缩估计越接近全市，概率越接近均等。概率依赖模型，不是名次。",
                "en": f"The true rates of the counties are estimated to differ by a standard deviation of {sentence} points; the less they differ, the closer all come to the city and to equal chances. Chances rest on the model and are no ranks.",
            }
        ],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def tabulate_methods(comparison: CountyComparison) -> Display:
    """How many pairs of counties other methods would tell apart."""
    compared = compare_methods(comparison.counties, confidence=comparison.subject.scope.confidence)
    return show_table(
        compared,
        name=f"{comparison.name}_by_method",
        caption=comparison.caption(
            {"zh": "换一种方法，结论是否不同", "en": "Would another method say otherwise?"}
        ),
        columns={
            "method": Column(format="code", labels=_METHOD, label={"zh": "方法", "en": "Method"}),
            "told_apart": Column(format="count", label={"zh": "能区分的县对数", "en": "Pairs told apart"}),
            "mean_width": Column(
                format="number", label={"zh": "名次范围平均包含的名次数", "en": "Ranks in a set, on average"}
            ),
            "widest": Column(format="count", label={"zh": "最多", "en": "At most"}),
        },
        notes=[
            {
                "zh": "同一企业的批次并不独立，精确检验因而偏于断定有差别，只作对照。",
                "en": "Batches of one enterprise are not independent, so the exact tests claim differences too easily; they are for comparison only.",
            }
        ],
    )
