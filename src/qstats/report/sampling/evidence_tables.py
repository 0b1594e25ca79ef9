"""Which table and chart show what the period's batches prove? Batches needed, and how surely 98 % is contradicted."""

import numpy as np

from qstats.codebook import Text
from qstats.report.display import Display, show_figure, show_table, show_text
from qstats.report.figures import plot_operating_curve
from qstats.report.formats import format_percent
from qstats.report.sampling.evidence import ASKED, SURE, Evidence
from qstats.report.sampling.evidence_narrative import NOTHING
from qstats.report.subject import Subject
from qstats.sampling_plan import draw_contradiction

_NO_CURVE: Text = {
    "zh": "样本过少，无论结果如何都不能否定这一水平，故不绘图。",
    "en": "The sample is too small to contradict this level whatever it shows: there is nothing to draw.",
}


def tabulate_needed(evidence: Evidence | None, subject: Subject) -> Display:
    """Batches that would demonstrate a rate, without and with failures."""
    if evidence is None:
        return show_text(NOTHING, instead_of="batches_needed")
    level = format_percent(evidence.confidence, decimals=0)
    return show_table(
        evidence.needed,
        name="batches_needed",
        caption={
            "zh": f"证明合格率达到某一水平所需的批次数（单侧{level}置信，{subject.period.label['zh']}的抽样方式）",
            "en": f"Batches that would demonstrate a pass rate (one-sided, {level} confidence; clustered as in "
            f"{subject.period.label['en']})",
        },
        columns={"rate": "percent", "failures": "count", "independent": "count", "needed": "count"},
        notes=[
            {
                "zh": "按二项分布精确计算。“相互独立”指每批来自不同企业；“按本期抽样方式”计入了同一企业多批次结果相近的影响。",
                "en": "Exact binomial. “If independent” means one batch per enterprise; “as sampled” reckons with "
                "batches of one enterprise being alike.",
            }
        ],
    )


def chart_contradiction(evidence: Evidence | None, subject: Subject) -> Display:
    """How surely the sample would contradict 98 % at each true rate: its operating characteristic."""
    if evidence is None or not np.isfinite(evidence.declared["detected_level"]):
        return show_text(_NO_CURVE if evidence else NOTHING, instead_of="operating_curve")
    seen, asked = 1 - float(evidence.declared["detected_level"]), format_percent(ASKED, decimals=0)
    curve = draw_contradiction(evidence.effective_n, 1 - ASKED, risk=1 - evidence.confidence)
    at_asked = float(np.interp(ASKED, curve["rate"], curve["contradicted"]))
    sure = format_percent(SURE, decimals=0)
    return show_figure(
        plot_operating_curve,
        curve,
        across="rate",
        upward="contradicted",
        across_label={"zh": "真实合格率", "en": "True pass rate"},
        upward_label={"zh": f"否定“不低于{asked}”的概率", "en": f"Probability of contradicting {asked}"},
        marks=[
            {
                "at": seen,
                "probability": SURE,
                "label": {"zh": format_percent(seen), "en": format_percent(seen)},
            },
            {"at": ASKED, "probability": at_asked, "label": {"zh": asked, "en": asked}},
        ],
        name="operating_curve",
        title={
            "zh": f"真实合格率低至{format_percent(seen)}时，本期样本才有{sure}的把握否定“不低于{asked}”",
            "en": f"Only a true rate as low as {format_percent(seen)} would be told from {asked} with {sure} certainty",
        },
        alt={
            "zh": f"抽检特性曲线：真实合格率为{asked}时误判概率不超过{format_percent(1 - evidence.confidence, decimals=0)}，"
            f"降到{format_percent(seen)}时否定的概率为{sure}。",
            "en": f"Operating characteristic: at a true rate of {asked} a wrong contradiction has a probability of at "
            f"most {format_percent(1 - evidence.confidence, decimals=0)}; at {format_percent(seen)} a right one has {sure}.",
        },
        unit={"zh": "单位：%", "en": "Unit: %"},
        source={
            "zh": f"按{subject.period.label['zh']}有效批次{evidence.effective_n:.0f}计算",
            "en": f"Reckoned for the {evidence.effective_n:.0f} effective batches of {subject.period.label['en']}",
        },
    )
