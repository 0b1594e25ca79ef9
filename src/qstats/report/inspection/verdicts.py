"""In which words is a change told? The crude and the standardised one in one sentence, no direction without proof."""

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.findings import Change
from qstats.report.formats import format_interval, format_percent, format_points, known_number
from qstats.report.inspection.comparisons import Comparison

_NOTABLE_SHIFT = 0.05
"""Rise of a share from which it is named as what moved the mix."""


def describe_comparison(comparison: Comparison) -> Text:
    """Both changes in one sentence; a direction only where the tests bear it out."""
    crude, standardised = _describe_crude(comparison), _describe_standardised(comparison)
    cause = _describe_cause(comparison)
    year = comparison.now.label if comparison.crude.basis == "first_year" else None
    lead = {"zh": f"{year['zh']}全年", "en": f"{year['en']} as a whole: "} if year else {"zh": "", "en": ""}
    first = crude["en"][:1].lower() if year else crude["en"][:1]
    return {
        "zh": lead["zh"] + crude["zh"] + standardised["zh"] + "。" + cause["zh"],
        "en": lead["en"] + first + crude["en"][1:] + standardised["en"] + "." + cause["en"],
    }


def _describe_crude(comparison: Comparison) -> Text:
    change = comparison.crude
    compared = _name_earlier(comparison)
    if change.status != "stated":
        assert change.reason is not None
        return {
            "zh": f"与{compared['zh']}不可比：{change.reason['zh']}",
            "en": f"Not comparable with {compared['en']}: {change.reason['en'].rstrip('.')}",
        }
    if change.excludes_zero and not change.holds:
        size, points = _amount(change)
        return {
            "zh": f"与{compared['zh']}相差{size}个百分点（{points['zh']}），但结果待出的批次可能抵消这一差别，暂不判断升降",
            "en": f"{size} points on {compared['en']} ({points['en']}), but results still awaited could undo the "
            "difference: no direction is claimed yet",
        }
    if not change.clear:
        size, points = _amount(change)
        return {
            "zh": f"与{compared['zh']}相比无显著变化（相差{size}个百分点，{points['zh']}）",
            "en": f"No clear change on {compared['en']} ({size} points, {points['en']})",
        }
    size, points = _amount(change, signed=False)
    up = known_number(change.estimate) > 0
    return {
        "zh": f"比{compared['zh']}{'提高' if up else '下降'}{size}个百分点（{points['zh']}）",
        "en": f"{'Up' if up else 'Down'} {size} points on {compared['en']} ({points['en']})",
    }


def _name_earlier(comparison: Comparison) -> Text:
    """The earlier period as a sentence calls it; a year is named, since it is not the report's period."""
    years = comparison.crude.basis == "first_year"
    return comparison.against.label if years else text("comparison", comparison.crude.basis)


def _describe_standardised(comparison: Comparison) -> Text:
    """What is left of the change when both periods have the same mix of sizes, stages and classes."""
    change, figures = comparison.standardised, comparison.figures
    if change.verdict == "no_common_mix":
        return {
            "zh": "；两期抽到的企业规模、环节和产品类别差别太大，无法按相同抽样结构比较，不能据此判断质量变化",
            "en": "; what was sampled in the two periods has too little in common for a comparison at the same mix, so this says "
            "nothing about quality",
        }
    if change.status != "stated":
        return {"zh": "", "en": ""}
    size, points = _amount(change)
    if change.verdict == "bases_disagree":
        old, new = (format_points(figures[name]) for name in ("at_before", "at_now"))
        return {
            "zh": f"；按前一期抽样结构计算为{old}个百分点，按本期结构为{new}个百分点，方向不一，不作整体判断，只能分类看",
            "en": f"; at the earlier mix it is {old} points, at the present one {new}: the directions disagree, so none "
            "is claimed for the whole, only class by class",
        }
    if change.verdict == "awaited":
        return {
            "zh": f"；按相同抽样结构计算相差{size}个百分点（{points['zh']}），结果待出，暂不判断",
            "en": f"; at the same mix {size} points ({points['en']}), which results still awaited could undo",
        }
    if change.verdict == "no_clear_change":
        also = {"zh": "也", "en": " either"} if not comparison.crude.clear else {"zh": "则", "en": ""}
        return {
            "zh": f"；按相同抽样结构计算{also['zh']}无显著变化（相差{size}个百分点，{points['zh']}）",
            "en": f"; at the same mix of samples no clear change{also['en']} ({size} points, {points['en']})",
        }
    size, points = _amount(change, signed=False)
    up = change.verdict == "rise"
    opposed = comparison.crude.clear and (known_number(comparison.crude.estimate) > 0) != up
    return {
        "zh": f"{'，但' if opposed else '；'}按相同抽样结构计算{'提高' if up else '下降'}{size}个百分点（{points['zh']}）",
        "en": f"{', but' if opposed else ';'} at the same mix of samples {'up' if up else 'down'} {size} points "
        f"({points['en']})",
    }


def _describe_cause(comparison: Comparison) -> Text:
    """That the crude change is mostly one of the mix, and what moved the mix; empty where it is not."""
    crude, figures = comparison.crude, comparison.figures
    mostly = crude.clear and abs(figures["mix_effect"]) > abs(figures["rate_effect"])
    same_way = crude.clear and figures["mix_effect"] * known_number(crude.estimate) > 0
    if not (mostly and same_way):
        return {"zh": "", "en": ""}
    effect, shifts = format_points(figures["mix_effect"]), _name_shifts(comparison.mix)
    up = known_number(crude.estimate) > 0
    because = {
        "zh": f"（{shifts['zh']}）" if shifts["zh"] else "",
        "en": f": {shifts['en']}" if shifts["en"] else "",
    }
    return {
        "zh": f"{'上升' if up else '下降'}主要来自抽样结构的变化{because['zh']}，结构影响为{effect}个百分点。",
        "en": f" The {'rise' if up else 'fall'} is mostly a change of what was sampled ({effect} points){because['en']}.",
    }


def _name_shifts(mix: pd.DataFrame) -> Text:
    """Sizes and stages whose share of the samples rose most."""
    rise = mix["share_now"] - mix["share_before"]
    risen = mix.assign(rise=rise)[(rise >= _NOTABLE_SHIFT) & (mix["code"] != "")]
    rows = risen.sort_values("rise", ascending=False).head(3).to_dict("records")
    parts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for row in rows:
        name = text(row["column"], row["code"])
        firms = row["column"] == "enterprise_size"
        before, now = (format_percent(row[key], decimals=0) for key in ("share_before", "share_now"))
        parts["zh"].append(f"{name['zh']}{'企业' if firms else ''}由{before}升至{now}")
        parts["en"].append(f"{name['en'].lower()}{' firms' if firms else ''} from {before} to {now}")
    return {"zh": "、".join(parts["zh"]), "en": ", ".join(parts["en"])}


def _amount(change: Change, *, signed: bool = True) -> tuple[str, Text]:
    """Size in points, and the interval with its level."""
    size, level = known_number(change.estimate), format_percent(known_number(change.confidence), decimals=0)
    lower, upper = known_number(change.lower), known_number(change.upper)
    zh, en = (format_interval(lower, upper, language, unit="points") for language in LANGUAGES)
    shown = format_points(size) if signed else f"{abs(100 * size):.1f}"
    return shown, {"zh": f"{level}置信区间：{zh}个百分点", "en": f"{level} confidence interval {en}"}


def headline_movement(comparison: Comparison | None) -> Text:
    """The comparison in a few words, for the title of a chart."""
    if comparison is None or comparison.crude.status != "stated":
        return {"zh": "与上年同期不可比", "en": "not comparable with a year earlier"}
    crude, verdict = comparison.crude, comparison.standardised.verdict
    if crude.excludes_zero and not crude.holds:
        return {"zh": "结果未齐，暂不判断升降", "en": "too early to say whether it changed on a year earlier"}
    if not crude.clear:
        plain = {"zh": "与上年同期相比无显著变化", "en": "no clear change on a year earlier"}
    else:
        points, up = f"{abs(100 * known_number(crude.estimate)):.1f}", known_number(crude.estimate) > 0
        plain = {
            "zh": f"比上年同期{'提高' if up else '下降'}{points}个百分点",
            "en": f"{'up' if up else 'down'} {points} points on a year earlier",
        }
    crude_verdict = (
        "no_clear_change" if not crude.clear else ("rise" if known_number(crude.estimate) > 0 else "fall")
    )
    if verdict in (crude_verdict, None):
        return plain
    told = text("verdict", str(verdict))
    return {
        "zh": f"{plain['zh']}；按相同抽样结构{told['zh']}",
        "en": f"{plain['en']}; at the same mix {told['en']}",
    }
