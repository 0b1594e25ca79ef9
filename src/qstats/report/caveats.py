"""What must a reader know before trusting a rate? Results to come, batches without one, another mix of samples."""

from collections.abc import Mapping, Sequence

from qstats.codebook import Text, text
from qstats.estimation import MixComparison
from qstats.report.findings import Change, Finding
from qstats.report.formats import format_percent, known_number

_LARGE_MIX_CHANGE = 0.1
"""Share of batches in other size × stage cells from which a change of mix is pointed out."""

_CHANCE = 0.01
"""A difference of mix that chance alone makes more often than this is not pointed out."""


def describe_completeness(row: Mapping[str, object], complete_from: float) -> Text:
    """How many results of the period are in, and what the missing ones could do to the rate."""
    if row["status"] != "stated":
        return {
            "zh": "合格率未发布，结果完整率无从判断。",
            "en": "The rate is not published, so whether all results are in cannot be judged.",
        }
    pending, n, passes, retest, unlisted = (
        int(row[name])  # type: ignore[call-overload]
        for name in ("awaited", "n", "passes", "awaiting_retest", "unlisted")
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
        "zh": f"本期结果完整率{share}，尚有{pending}批次待出（其中{retest}批次初检不合格、等待复检）{declared['zh']}；全部按不合格或合格计，"
        f"合格率为{worst}～{best}。{'目前数字为初步数，可能偏高。' if provisional else '完整率已达标，作为最终数发布。'}",
        "en": f"{share} of the period's results are in; {pending} batches are pending, {retest} of them first failures "
        f"waiting for re-inspection{declared['en']}. With all of them failed or all passed the rate would be {worst} or {best}. "
        + (
            "The figure is provisional and may look too good."
            if provisional
            else "The figure counts as final."
        ),
    }


def describe_fates(row: Mapping[str, object]) -> Text:
    """What became of the planned batches that gave no result: counted, not dropped in silence."""
    if row["status"] in ("refused", "no_data"):
        return {
            "zh": "来源未完整申报抽查计划，拒检、停产和未抽到样品的批次无从统计。",
            "en": "The sources do not declare all that was planned: refusals, closed enterprises and batches with nothing "
            "to sample cannot be counted.",
        }
    counts = {name: int(row[name]) for name in ("planned", "refused", "closed", "nothing_to_sample")}  # type: ignore[call-overload]
    return {
        "zh": "本期计划抽查{planned}批次，其中拒检{refused}批次、停产或关闭{closed}批次、未抽到样品{nothing_to_sample}批次，均不计入合格率。".format(
            **counts
        ),
        "en": "Of {planned:,} planned batches, sampling was refused for {refused}, the enterprise was closed for {closed}, and for "
        "{nothing_to_sample} there was nothing to sample; none of them enters the rate.".format(**counts),
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


def describe_mix(mix: MixComparison | None, change: Change) -> Text | None:
    """Warning that two periods were sampled with mixes of size and stage that differ by more than chance."""
    large = mix is not None and mix.distance >= _LARGE_MIX_CHANGE and mix.p_value < _CHANCE
    if mix is None or not large or change.status != "stated":
        return None
    share, compared = format_percent(mix.distance, decimals=0), text("comparison", change.basis)
    return {
        "zh": f"与{compared['zh']}相比，抽样结构变动较大：约{share}的批次落在不同的企业规模与环节组合；以上变化未按结构标准化，不能全部视为质量变化。",
        "en": f"The sampling mix differs from {compared['en']}: about {share} of batches fall into other combinations of "
        "enterprise size and stage. The change above is not standardised for mix and must not be read as quality alone.",
    }


def describe_mixes(mixes: Sequence[MixComparison | None], city: Finding) -> list[Text]:
    """What the sampling mix allows: a warning for each comparison with another mix, or that there is none."""
    warned = [describe_mix(mix, change) for mix, change in zip(mixes, city.changes, strict=False)]
    warnings = [warning for warning in warned if warning is not None]
    calm: Text = {
        "zh": "与对比期相比，企业规模与抽样环节的结构没有超出偶然的大变动；变化仍未按结构标准化。",
        "en": "The mix of enterprise sizes and stages does not differ much from the periods compared, beyond chance; "
        "changes are still not standardised for it.",
    }
    if not city.changes:
        calm = {"zh": "没有可比的合格率变化。", "en": "There is no change of the rate to compare."}
    return warnings or [calm]
