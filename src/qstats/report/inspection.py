"""What does the inspection chapter say? Findings of pass rates, and the sentences that follow from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.estimation import Scope
from qstats.periods import Period
from qstats.report.findings import Change, Finding
from qstats.report.formats import format_count, format_interval, format_percent, format_points


@dataclass(frozen=True, slots=True)
class Subject:
    """What every sentence of the chapter is about: the place, the period, the batches."""

    place: Text
    period: Period
    scope: Scope

    @property
    def batches(self) -> Text:
        """Name of the batches: level and programme."""
        level, programme = text("level", self.scope.level), text("programme", self.scope.programme)
        return {"zh": level["zh"] + programme["zh"], "en": f"{level['en'].lower()} {programme['en'].lower()}"}


def find_rate(
    row: Mapping[str, object], *, key: str, label: Text, changes: Sequence[Change] = (), release: str = "final",
    table: str,
) -> Finding:  # fmt: skip
    """Finding of one row of rates (with ``reason_zh`` and ``reason_en``)."""
    stated = row["status"] == "stated"
    return Finding(
        key=key,
        label=label,
        status=str(row["status"]),  # type: ignore[arg-type]
        basis="sample",
        unit="proportion",
        n=int(row["n"]),  # type: ignore[call-overload]
        estimate=row["estimate"] if stated else None,  # type: ignore[arg-type]
        lower=row["lower"] if stated else None,  # type: ignore[arg-type]
        upper=row["upper"] if stated else None,  # type: ignore[arg-type]
        confidence=row["confidence"] if stated else None,  # type: ignore[arg-type]
        method=str(row["method"]) if stated else None,
        reason=None if stated else {language: str(row[f"reason_{language}"]) for language in LANGUAGES},
        changes=tuple(changes) if stated else (),
        table=table,
        release=release,  # type: ignore[arg-type]
    )


def find_change(row: Mapping[str, object], basis: str) -> Change:
    """Change of one row of :func:`qstats.estimation.estimate_changes`; ``basis`` is the codebook's comparison."""
    stated = row["status"] == "stated"
    return Change(
        against=str(row["against"]),
        basis=basis,
        status="stated" if stated else "refused",
        estimate=row["change"] if stated else None,  # type: ignore[arg-type]
        lower=row["change_lower"] if stated else None,  # type: ignore[arg-type]
        upper=row["change_upper"] if stated else None,  # type: ignore[arg-type]
        confidence=row["confidence"] if stated else None,  # type: ignore[arg-type]
        n=int(row["n_before"]) if stated else None,  # type: ignore[call-overload]
        method="mover" if stated else None,
        reason=None if stated else text("refusal", str(row["reason"])),
    )


def describe_rate(finding: Finding, subject: Subject) -> Text:
    """Level of the pass rate with its interval, or why it is not published."""
    period = subject.period.label
    if finding.status != "stated":
        assert finding.reason is not None
        return {
            "zh": f"{period['zh']}{subject.batches['zh']}批次合格率：{finding.reason['zh']}。",
            "en": f"Batch pass rate of {subject.batches['en']}, {period['en']}. {_sentence(finding.reason['en'])}",
        }
    rate = {language: format_percent(_number(finding.estimate)) for language in LANGUAGES}
    interval = _intervals(finding, "percent")
    level = format_percent(_number(finding.confidence), decimals=0)
    n = {language: format_count(_number(finding.n), language) for language in LANGUAGES}
    return {
        "zh": f"{period['zh']}，{subject.place['zh']}{subject.batches['zh']}有结果的产品{n['zh']}批次，"
        f"批次合格率为{rate['zh']}（{level}置信区间{interval['zh']}）。",
        "en": f"In {period['en']}, {rate['en']} of the {n['en']} batches in {subject.batches['en']} with a result "
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
    points = {language: format_interval(_number(change.lower), _number(change.upper), language, unit="points") for language in LANGUAGES}
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
    pending, n, passes = (int(row[name]) for name in ("pending", "n", "passes"))  # type: ignore[call-overload]
    if pending == 0:
        return {
            "zh": "本期抽样批次的结果已全部返回，合格率为最终数。",
            "en": "All results of the period are in: the rate is final.",
        }
    share = format_percent(_number(row["completeness"]))
    worst, best = format_percent(passes / (n + pending)), format_percent((passes + pending) / (n + pending))
    provisional = _number(row["completeness"]) < complete_from
    return {
        "zh": f"本期结果完整率{share}，尚有{pending}批次待出（多为初检不合格、等待复检）；全部按不合格或合格计，"
        f"合格率为{worst}～{best}。{'目前数字为初步数，偏高。' if provisional else '完整率已达标，作为最终数发布。'}",
        "en": f"{share} of the period's results are in; {pending} batches are pending, mostly first failures waiting for "
        f"re-inspection. With all of them failed or all passed the rate would be {worst} or {best}. "
        + ("The figure is provisional and looks too good." if provisional else "The figure counts as final."),
    }


def describe_fates(row: Mapping[str, object]) -> Text:
    """What became of the planned batches that gave no result: counted, not dropped in silence."""
    counts = {name: int(row[name]) for name in ("planned", "refused", "closed", "nothing_to_sample")}  # type: ignore[call-overload]
    return {
        "zh": "本期计划抽查{planned}批次，其中拒检{refused}批次、停产或关闭{closed}批次、未抽到样品{nothing_to_sample}批次，均不计入合格率。".format(**counts),
        "en": "Of {planned} planned batches, sampling was refused for {refused}, {closed} enterprises were closed and {nothing_to_sample} had "
        "nothing to sample; none of them enters the rate.".format(**counts),
    }


def describe_spread(rates: pd.DataFrame, names: Mapping[str, Text], group: str, city: Finding) -> Text:
    """Which groups can be told apart from the city as a whole, and how many cannot be stated."""
    stated = rates[rates["status"] == "stated"]
    below = stated[stated["upper"] < _number(city.lower)] if city.status == "stated" else stated.iloc[:0]
    listed = {language: "、 ,"[0 if language == "zh" else 2] for language in LANGUAGES}
    listed["en"] = ", "
    labels = {language: listed[language].join(names[str(code)][language] for code in below[group]) for language in LANGUAGES}
    unstated = len(rates) - len(stated)
    if below.empty:
        return {
            "zh": f"在{len(stated)}个可表述的分组中，没有一个明显低于全市；{unstated}个分组批次不足或不能发布。",
            "en": f"Of {len(stated)} groups that can be stated, none is clearly below the city as a whole; "
            f"{unstated} have too few batches or are refused.",
        }
    return {
        "zh": f"合格率区间整体低于全市的有：{labels['zh']}；其余分组与全市差异不显著或不能表述（{unstated}个）。",
        "en": f"Clearly below the city as a whole: {labels['en']}. The others cannot be told apart from it or cannot "
        f"be stated ({unstated}).",
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
