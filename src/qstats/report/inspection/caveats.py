"""What must a reader know before trusting a rate? Results to come, batches without one."""

from collections.abc import Mapping
from typing import Any

from qstats.codebook import Text, text
from qstats.methods.effective_size import IntraClusterCorrelation
from qstats.report.formats import format_percent, known_number


def describe_completeness(row: Mapping[str, Any], complete_from: float) -> Text:
    """How many results of the period are in, and what the missing ones could do to the rate."""
    if row["status"] == "cannot_be_stated":
        return _describe_awaited(int(row["awaited"]))
    if row["status"] != "stated":
        return {
            "zh": "合格率未发布，结果完整率无从判断。",
            "en": "The rate is not published, so whether all results are in cannot be judged.",
        }
    pending, n, passes, retest, unlisted = (
        int(row[name]) for name in ("awaited", "n", "passes", "awaiting_retest", "unlisted")
    )
    unknown = pending + unlisted
    if unknown == 0:
        return {
            "zh": "本期抽样批次的结果已全部返回，合格率为最终数。",
            "en": "All results of the period are in: the rate is final.",
        }
    share = format_percent(known_number(row["completeness"]))
    worst, best = format_percent(passes / (n + unknown)), format_percent((passes + unknown) / (n + unknown))
    declared = {
        "zh": f"，另有{unlisted}批次已申报而清单中没有" if unlisted else "",
        "en": f"; {unlisted} more were declared and are in no list" if unlisted else "",
    }
    provisional = known_number(row["completeness"]) < complete_from
    return {
        "zh": f"本期结果完整率{share}，尚有{pending}批次待出（其中{retest}批次初检不合格、等待复检）{declared['zh']}；如全部不合格，"
        f"合格率为{worst}，如全部合格，为{best}。{'目前数字为初步数，可能偏高。' if provisional else '完整率已达标，作为最终数发布。'}",
        "en": f"{share} of the period's results are in; {pending} batches are pending, {retest} of them failed at first and are "
        f"waiting for re-inspection{declared['en']}. If all of these failed, the rate would be {worst}; if all passed, {best}. "
        + (
            "The figure is provisional and may look too good."
            if provisional
            else "The figure counts as final."
        ),
    }


def _describe_awaited(awaited: int) -> Text:
    """How many results are to come where there are too few batches for a rate."""
    if awaited == 0:
        return {
            "zh": "本期抽样批次的结果已全部返回；批次过少，不给出合格率。",
            "en": "All results of the period are in; the batches are too few for a rate.",
        }
    return {
        "zh": f"本期尚有{awaited}批次结果待出；批次过少，不给出合格率。",
        "en": f"Results still awaited for the period: {awaited:,}. The batches are too few for a rate.",
    }


def describe_fates(row: Mapping[str, Any]) -> Text:
    """What became of the planned batches that gave no result: counted, not dropped in silence."""
    if row["status"] in ("refused", "no_data"):
        return {
            "zh": "来源未完整申报抽查计划，拒检、停产和未抽到样品的批次无从统计。",
            "en": "The sources do not declare all that was planned: refusals, closed enterprises and batches with nothing "
            "to sample cannot be counted.",
        }
    planned = int(row["planned"])
    counts = {name: int(row[name]) for name in ("refused", "closed", "nothing_to_sample")}
    parts = [(text("fate", name), count) for name, count in counts.items() if count]
    if not parts:
        return {
            "zh": f"本期计划抽查{planned}批次，没有拒检、停产或未抽到样品的。",
            "en": f"Of {planned:,} planned batches, none was lost to refusal, closure or want of a sample.",
        }
    zh = "、".join(f"{name['zh']}{count}批次" for name, count in parts)
    en = ", ".join(f"{name['en'].lower()} {count:,}" for name, count in parts)
    return {
        "zh": f"本期计划抽查{planned}批次，其中{zh}，均不计入合格率。",
        "en": f"Of {planned:,} planned batches, these gave no result and do not enter the rate: {en}.",
    }


def describe_unscoped(count: int) -> Text:
    """How many batches enter no rate because their programme or level is not known."""
    if count == 0:
        return {
            "zh": "本期所有批次的任务类别和抽查级别均已注明。",
            "en": "Programme and level of sampling are known for all batches of the period.",
        }
    return {
        "zh": f"本期另有{count}批次未注明任务类别或抽查级别，不进入任何合格率。",
        "en": f"For {count:,} more batches of the period the programme or level is not known; they enter no rate.",
    }


def describe_likeness(likeness: IntraClusterCorrelation) -> Text:
    """How alike the batches of one enterprise are, which makes them worth fewer than their number."""
    if not likeness.estimated:
        return {
            "zh": "数据不足以估计同一企业批次的相似程度，计算区间时每家企业只按一个批次计。",
            "en": "The data cannot tell how alike the batches of one enterprise are: for the intervals each enterprise counts "
            "once.",
        }
    return {
        "zh": f"同一企业同一季度的批次彼此相似（组内相关系数{likeness.value:.2f}，据{likeness.units}批次，其中{likeness.repeated}家次在同一季度抽到两批次以上），区间已按此放宽。",
        "en": f"Batches of one enterprise in one quarter are alike (intra-cluster correlation {likeness.value:.2f}, from "
        f"{likeness.units:,} batches; {likeness.repeated:,} times an enterprise gave two or more in a quarter): the intervals allow for it.",
    }
