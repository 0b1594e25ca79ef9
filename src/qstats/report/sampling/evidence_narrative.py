"""In which words is told what the period's batches can show? Not contradicted is not proved."""

import math

import numpy as np

from qstats.codebook import Text
from qstats.report.formats import format_count, format_percent
from qstats.report.sampling.evidence import ASKED, POWER, Evidence

NOTHING: Text = {
    "zh": "本期合格率不予发布或没有结果，无从说明这些批次能证明什么。",
    "en": "The rate of the period is not published or there are no results: what the batches can show is not said.",
}


def describe_evidence(evidence: Evidence | None) -> list[Text]:
    """What is demonstrated, what 98 % would take, and which change would be seen."""
    if evidence is None:
        return [NOTHING]
    return [
        _describe_demonstrated(evidence),
        _describe_declared(evidence),
        _describe_needed(evidence),
        _describe_change(evidence),
    ]


def _describe_demonstrated(evidence: Evidence) -> Text:
    shown = math.floor(1000 * evidence.demonstrated) / 1000  # “at least” is never rounded up
    rate, level = format_percent(shown), format_percent(evidence.confidence, decimals=0)
    size = f"{evidence.effective_n:.0f}"
    worst = _describe_worst(evidence)
    return {
        "zh": f"本期{evidence.n}批次中不合格{evidence.failures}批次；同一企业的批次结果相近，约相当于{size}个相互独立的批次。"
        f"由此可以证明（单侧{level}置信）合格率不低于{rate}{worst['zh']}。",
        "en": f"{evidence.failures:,} of {evidence.n:,} batches failed; batches of one enterprise are alike, so they are worth "
        f"about {size} independent ones. They demonstrate a pass rate of at least {rate} (one-sided, {level} confidence){worst['en']}.",
    }


def _describe_worst(evidence: Evidence) -> Text:
    """What remains if all awaited results fail; empty where none is awaited."""
    if evidence.awaited == 0:
        return {"zh": "", "en": ""}
    least = format_percent(math.floor(1000 * evidence.demonstrated_at_worst) / 1000)
    return {
        "zh": f"；待出的{evidence.awaited}批次如全部不合格，则只能证明不低于{least}",
        "en": f"; if all {evidence.awaited} awaited results failed, of at least {least} only",
    }


def _describe_declared(evidence: Evidence) -> Text:
    asked, verdict = format_percent(ASKED, decimals=0), evidence.declared["verdict"]
    if verdict == "contradicted":
        return {
            "zh": f"如果有人声称合格率不低于{asked}，本期结果否定这一声称。",
            "en": f"If a pass rate of {asked} or more were declared, the results would contradict it.",
        }
    if evidence.demonstrated_at_worst >= ASKED:
        return {
            "zh": f"合格率不低于{asked}得到证明。",
            "en": f"A pass rate of {asked} or more is demonstrated.",
        }
    return {
        "zh": f"对于“合格率不低于{asked}”，本期结果既不能否定，也不能证明：不否定不等于证明。",
        "en": f"A pass rate of {asked} or more is neither contradicted nor demonstrated: not contradicted is not proved.",
    }


def _describe_needed(evidence: Evidence) -> Text:
    rows = evidence.needed[evidence.needed["rate"] == ASKED].set_index("failures")["needed"]
    asked = format_percent(ASKED, decimals=0)
    none, one = ({lang: format_count(rows[k], lang) for lang in ("zh", "en")} for k in (0, 1))
    return {
        "zh": f"按本期的抽样方式，要证明合格率达到{asked}，全部合格时需{none['zh']}批次，有1批次不合格时需{one['zh']}批次。",
        "en": f"Sampled in the same way, {none['en']} batches would demonstrate {asked} if all passed, {one['en']} with one failure.",
    }


def _describe_change(evidence: Evidence) -> Text:
    against = evidence.against.label
    if evidence.change is None:
        return {
            "zh": f"{against['zh']}没有可比的合格率，能看出多大的变化无从计算。",
            "en": f"There is no rate for {against['en']} to compare with, so which change would be seen cannot be said.",
        }
    rates = evidence.change.set_index("direction")["rate"]
    change = evidence.change.set_index("direction")["change"].abs() * 100
    sure, base = format_percent(POWER, decimals=0), format_percent(float(evidence.change["p"].iloc[0]))
    rise = {
        "zh": f"升到{format_percent(rates['rise'])}以上（提高{change['rise']:.1f}个百分点）",
        "en": f"risen to {format_percent(rates['rise'])} (up {change['rise']:.1f} points)",
    }
    if not np.isfinite(rates["rise"]):
        rise = {"zh": "（上升即使到100%也看不出）", "en": "(even a rise to 100% would not show)"}
    fall = {
        "zh": f"降到{format_percent(rates['fall'])}以下（下降{change['fall']:.1f}个百分点）",
        "en": f"fallen to {format_percent(rates['fall'])} (down {change['fall']:.1f} points)",
    }
    if not np.isfinite(rates["fall"]):
        fall = {"zh": "（下降到0也看不出）", "en": "(no fall would show)"}
    return {
        "zh": f"与{against['zh']}（{base}）比较：真实合格率须{fall['zh']}或{rise['zh']}，才有{sure}的把握看出变化；"
        "更小的变化很可能报告为“变化不显著”。",
        "en": f"Against {against['en']} ({base}), the true rate must have {fall['en']} or {rise['en']} to be noticed with "
        f"{sure} certainty; a smaller change will often read “no clear change”.",
    }
