"""How does the report speak of pass rates? Sentences in both languages, made from findings and counts only.

A direction is named only where the interval excludes zero; what is not published says why.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.findings import Change, Finding
from qstats.report.formats import format_count, format_interval, format_percent, format_points
from qstats.report.inspection import GroupComparison, Subject

_LARGE_MIX_CHANGE = 0.1
"""Share of batches in other size × stage cells from which a change of mix is pointed out."""


def describe_rate(finding: Finding, subject: Subject) -> Text:
    """Level of the pass rate with its interval, or why it is not published."""
    period = subject.period.label
    if finding.status != "stated":
        assert finding.reason is not None
        verdict = text("not_published", finding.status)
        return {
            "zh": f"{period['zh']}{subject.batches['zh']}批次合格率{verdict['zh']}：{finding.reason['zh']}。",
            "en": f"The batch pass rate of {subject.batches['en']}, {period['en']}, {verdict['en']}: {finding.reason['en']}.",
        }
    rate = {language: format_percent(_number(finding.estimate)) for language in LANGUAGES}
    interval = _intervals(finding, "percent")
    level = format_percent(_number(finding.confidence), decimals=0)
    n = {language: format_count(_number(finding.n), language) for language in LANGUAGES}
    return {
        "zh": f"{period['zh']}，{subject.place['zh']}{subject.batches['zh']}有结果的产品{n['zh']}批次，"
        f"批次合格率为{rate['zh']}（{level}置信区间{interval['zh']}）。",
        "en": f"In {period['en']}, {rate['en']} of the {n['en']} batches with a result in {subject.batches['en']} "
        f"conformed in {subject.place['en']} ({level} confidence interval {interval['en']}).",
    }


def describe_change(change: Change) -> Text:
    """Change against an earlier period: a direction only where the interval excludes zero."""
    compared = text("comparison", change.basis)
    if change.status != "stated":
        assert change.reason is not None
        return {
            "zh": f"{compared['zh']}：{change.reason['zh']}。",
            "en": f"Compared with {compared['en']}: {_sentence(change.reason['en'])}",
        }
    size = _number(change.estimate)
    level = format_percent(_number(change.confidence), decimals=0)
    points = {
        language: format_interval(_number(change.lower), _number(change.upper), language, unit="points")
        for language in LANGUAGES
    }
    if change.excludes_zero and not change.holds:
        return {
            "zh": f"与{compared['zh']}相差{format_points(size)}个百分点（{level}置信区间：{points['zh']}个百分点），"
            "但结果待出的批次可能抵消这一差别，暂不判断升降。",
            "en": f"{format_points(size)} points on {compared['en']} ({level} confidence interval {points['en']}), but results "
            "still awaited could undo the difference: no direction is claimed yet.",
        }
    if not change.clear:
        return {
            "zh": f"与{compared['zh']}相比无显著变化（相差{format_points(size)}个百分点，{level}置信区间：{points['zh']}个百分点）。",
            "en": f"No clear change on {compared['en']} ({format_points(size)} points, {level} confidence interval {points['en']}).",
        }
    amount = f"{abs(100 * size):.1f}"
    return {
        "zh": f"比{compared['zh']}{'提高' if size > 0 else '下降'}{amount}个百分点（{level}置信区间：{points['zh']}个百分点）。",
        "en": f"{'Up' if size > 0 else 'Down'} {amount} points on {compared['en']} ({level} confidence interval {points['en']}).",
    }


def describe_completeness(row: Mapping[str, object], complete_from: float) -> Text:
    """How many results of the period are in, and what the missing ones could do to the rate."""
    if row["status"] != "stated":
        return {
            "zh": "合格率未发布，结果完整率无从判断。",
            "en": "The rate is not published, so whether all results are in cannot be judged.",
        }
    pending, n, passes, retest = (
        int(row[name])  # type: ignore[call-overload]
        for name in ("awaited", "n", "passes", "awaiting_retest")
    )
    if pending == 0:
        return {
            "zh": "本期抽样批次的结果已全部返回，合格率为最终数。",
            "en": "All results of the period are in: the rate is final.",
        }
    share = format_percent(_number(row["completeness"]))
    worst, best = format_percent(passes / (n + pending)), format_percent((passes + pending) / (n + pending))
    provisional = _number(row["completeness"]) < complete_from
    return {
        "zh": f"本期结果完整率{share}，尚有{pending}批次待出（其中{retest}批次初检不合格、等待复检）；全部按不合格或合格计，"
        f"合格率为{worst}～{best}。{'目前数字为初步数，可能偏高。' if provisional else '完整率已达标，作为最终数发布。'}",
        "en": f"{share} of the period's results are in; {pending} batches are pending, {retest} of them first failures "
        f"waiting for re-inspection. With all of them failed or all passed the rate would be {worst} or {best}. "
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


def describe_received(row: Mapping[str, object], subject: Subject) -> Text:
    """What was received where no rate can be published: counts only."""
    n, failures = int(row["n"]), int(row["failures"])  # type: ignore[call-overload]
    return {
        "zh": f"本期收到{subject.batches['zh']}记录{n}批次，其中不合格{failures}批次；只是收到的条数，不构成合格率。",
        "en": f"{n:,} records of {subject.batches['en']} were received for the period, {failures:,} of them failures: counts of "
        "what arrived, from which no rate follows.",
    }


def main_points(
    city: Finding, row: Mapping[str, object], counties: GroupComparison, items: pd.DataFrame, subject: Subject,
    complete_from: float,
) -> list[Text]:  # fmt: skip
    """The points of the first screen, most important first; without a rate, what can be said all the same."""
    if city.status != "stated":
        return [
            describe_rate(city, subject),
            describe_received(row, subject),
            describe_worst_items(items, subject),
        ]
    return [
        describe_rate(city, subject),
        *describe_changes(city),
        describe_completeness(row, complete_from),
        describe_spread(counties, city),
        describe_worst_items(items, subject),
    ]


def describe_changes(city: Finding) -> list[Text]:
    """Each change of the headline rate; none where the rate itself is not published."""
    return [describe_change(change) for change in city.changes]


def describe_spread(groups: GroupComparison, city: Finding) -> Text:
    """Which groups lie below or above the city as a whole beyond doubt, and how many cannot be stated."""
    named = groups.rates[groups.rates[groups.column] != ""]
    stated = named[named["status"] == "stated"]
    unstated = len(named) - len(stated)
    kind = groups.label
    if city.status != "stated" or stated.empty:
        return {
            "zh": f"各{kind['zh']}之间不作比较：全市或各组合格率未发布。",
            "en": f"No comparison by {kind['en']}: the rate of the whole or of every group is not published.",
        }
    below = _listed(groups, stated[stated["upper"] < _number(city.lower)])
    above = _listed(groups, stated[stated["lower"] > _number(city.upper)])
    parts = {
        "zh": [
            *([f"低于全市的有{below['zh']}"] if below["zh"] else []),
            *([f"高于全市的有{above['zh']}"] if above["zh"] else []),
        ],
        "en": [
            *([f"below the city: {below['en']}"] if below["en"] else []),
            *([f"above it: {above['en']}"] if above["en"] else []),
        ],
    }
    zh = "，".join(parts["zh"]) or "没有一个与全市有明显差别"
    en = "; ".join(parts["en"]) or "none can be told apart from the city as a whole"
    return {
        "zh": f"{len(stated)}个{kind['zh']}的合格率可以发布，按区间判断{zh}"
        + (f"；另有{unstated}个批次不足或不发布。" if unstated else "。"),
        "en": f"By {kind['en']}, the rates of {len(stated)} can be stated; judged by intervals, {en}"
        + (f". Not stated, for too few batches or other reasons: {unstated}." if unstated else "."),
    }


def describe_mix(distance: float | None, change: Change) -> Text | None:
    """Warning that two periods were sampled with different mixes of size and stage, so the change is not quality alone."""
    if distance is None or distance < 0.1 or change.status != "stated":
        return None
    share, compared = format_percent(distance, decimals=0), text("comparison", change.basis)
    return {
        "zh": f"与{compared['zh']}相比，抽样结构变动较大：约{share}的批次落在不同的企业规模与环节组合；以上变化未按结构标准化，不能全部视为质量变化。",
        "en": f"The sampling mix differs from {compared['en']}: about {share} of batches fall into other combinations of "
        "enterprise size and stage. The change above is not standardised for mix and must not be read as quality alone.",
    }


def describe_mixes(distances: Sequence[float | None], city: Finding) -> list[Text]:
    """What the sampling mix allows: a warning for each comparison with another mix, or that there is none."""
    warned = [
        describe_mix(distance, change) for distance, change in zip(distances, city.changes, strict=False)
    ]
    warnings = [warning for warning in warned if warning is not None]
    calm: Text = {
        "zh": "与对比期相比，企业规模与抽样环节的结构没有大的变动；变化仍未按结构标准化。",
        "en": "The mix of enterprise sizes and stages is much the same as in the periods compared; changes are still "
        "not standardised for it.",
    }
    if not city.changes:
        calm = {"zh": "没有可比的合格率变化。", "en": "There is no change of the rate to compare."}
    return warnings or [calm]


def describe_worst_items(items: pd.DataFrame, subject: Subject) -> Text:
    """The items that fail most often, with their counts."""
    if items.empty:
        return {"zh": "本期没有列出不合格项目。", "en": "No failed item is listed for the period."}
    top = list(leading_items(items).itertuples())
    if not top:
        return {
            "zh": "各不合格项目出现的批次数相近，没有特别突出的。",
            "en": "No item stands out: several share the highest number of failed batches.",
        }
    zh = "、".join(f"{row.item}（{row.batches}批次）" for row in top)
    en = ", ".join(f"{row.item} ({row.batches})" for row in top)
    return {
        "zh": f"不合格项目中出现最多的是{zh}。",
        "en": f"Failed most often (batches): {en}.",
    }


def leading_items(items: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """The commonest items, at most so many, never cut inside a tie: what is left out failed less often."""
    if len(items) <= most:
        return items
    return items[items["batches"] > items["batches"].iloc[most]].head(most)


def describe_unsettled(groups: GroupComparison) -> Text | None:
    """Groups whose change would be called clear but for results that are still awaited."""
    changes = groups.changes
    clear = (changes["status"] == "stated") & (changes["change_lower"] * changes["change_upper"] > 0)
    codes = set(changes.loc[clear & ~changes["holds"].astype(bool), groups.column])
    rows = groups.rates[groups.rates[groups.column].isin(codes)]
    if rows.empty:
        return None
    names = _listed(groups, rows)
    return {
        "zh": f"{names['zh']}：变化区间虽不含0，但结果待出的批次可能抵消这一差别，暂不判断升降。",
        "en": f"{names['en']}: the interval of the change excludes 0, but results still awaited could undo it; "
        "no direction is claimed yet.",
    }


def _listed(groups: GroupComparison, rows: pd.DataFrame) -> Text:
    names = [groups.names[code] for code in rows[groups.column]]
    return {
        "zh": "、".join(name["zh"] for name in names),
        "en": ", ".join(name["en"] for name in names),
    }


def _intervals(finding: Finding, unit: str) -> Text:
    lower, upper = _number(finding.lower), _number(finding.upper)
    zh, en = (format_interval(lower, upper, language, unit=unit) for language in LANGUAGES)
    low, high = en.split(" to ")
    return {"zh": "%～".join(zh.split("～")) + "%", "en": f"{low}% to {high}%"}


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:] + ("" if clause.endswith(".") else ".")


def _number(value: object) -> float:
    """A figure that the finding is known to have."""
    return float(value)  # type: ignore[arg-type]
