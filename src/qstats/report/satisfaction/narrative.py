"""How does the report speak of satisfaction? Which measure is meant is always named: points are not per cent.

First where each sector stands and whether its target is met, then what changed, then what drives it. A change or an
order is claimed only where its interval allows; what limits the figures is said beside them.
"""

from collections.abc import Mapping
from typing import Any

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.formats import format_interval, format_number, format_percent, format_signed
from qstats.report.satisfaction.assessment import Assessment, latent_label
from qstats.report.satisfaction.caveats import NOTHING_RECEIVED, describe_limits


def main_points(assessed: Assessment) -> list[Text]:
    """The points of the first screen."""
    if not assessed.received:
        return [NOTHING_RECEIVED]
    points = [
        describe_level(assessed),
        *describe_targets(assessed),
        describe_change(assessed),
        describe_drivers(assessed),
        describe_limits(assessed),
    ]
    return [point for point in points if point]


def describe_results(assessed: Assessment) -> list[Text]:
    """Level, targets and change, one paragraph each."""
    if not assessed.received:
        return [NOTHING_RECEIVED]
    points = [describe_level(assessed), *describe_targets(assessed), describe_change(assessed)]
    return [point for point in points if point]


def describe_level(assessed: Assessment) -> Text:
    """Where each sector stands by the headline measure, with the share satisfied beside it."""
    wave, parts = assessed.wave_label(assessed.waves[-1]), []
    for row in assessed.measure("sector", assessed.headline).to_dict("records"):
        name = assessed.label_of("sector", row["sector"])
        if row["status"] != "stated":
            parts.append(
                {
                    one: f"{name[one]}：{row[f'reason_{one}']}"
                    if one == "zh"
                    else f"{name[one]}: {row[f'reason_{one}']}"
                    for one in LANGUAGES
                }
            )
            continue
        shares = assessed.measure("sector", "share")
        share = shares[shares["sector"] == row["sector"]].iloc[0]
        satisfied = format_percent(share["estimate"]) if share["status"] == "stated" else "—"
        value = format_number(row["estimate"])
        parts.append(
            {
                "zh": f"{name['zh']}{text('satisfaction_measure', assessed.headline)['zh']}{value}分（{_interval(row, 'zh')}），满意率{satisfied}",
                "en": f"{name['en'].lower()}: {text('satisfaction_measure', assessed.headline)['en'].lower()} {value} points ({_interval(row, 'en')}), {satisfied} satisfied",
            }
        )
    return {
        "zh": f"{wave['zh']}调查：{'；'.join(part['zh'] for part in parts)}。",
        "en": f"Wave {wave['en']}: {'; '.join(part['en'] for part in parts)}.",
    }


def describe_targets(assessed: Assessment) -> list[Text]:
    """One plain statement on each target, its measure named."""
    return [_describe_target(assessed, *one) for one in assessed.judged_targets()]


def _describe_target(
    assessed: Assessment, target: Mapping[str, Any], row: Mapping[str, Any] | None, verdict: str
) -> Text:
    name, measure = (
        assessed.label_of("sector", target["sector"]),
        text("satisfaction_measure", target["measure"]),
    )
    share = target["measure"] == "share"
    level = {
        "zh": f"{measure['zh']}{format_percent(target['level']) if share else format_number(target['level'], decimals=0) + '分'}",
        "en": f"{measure['en'].lower()} of {format_percent(target['level']) if share else format_number(target['level'], decimals=0) + ' points'}",
    }
    opening = {
        "zh": f"目标（{name['zh']}{level['zh']}）：",
        "en": f"Target ({name['en'].lower()}, {level['en']}): ",
    }
    if row is None or verdict == "cannot_be_stated":
        why = {one: str(row[f"reason_{one}"]) for one in LANGUAGES} if row else text("refusal", "no_answers")
        return {
            "zh": f"{opening['zh']}不能判断，{why['zh']}。",
            "en": f"{opening['en']}cannot be judged: {why['en']}.",
        }
    shown = {
        one: format_percent(row["estimate"])
        if share
        else f"{format_number(row['estimate'])}{'分' if one == 'zh' else ''}"
        for one in LANGUAGES
    }
    limits = {
        one: format_interval(row["lower"], row["upper"], one, unit="percent" if share else "number")
        for one in LANGUAGES
    }
    tail = _VERDICTS[verdict]
    return {
        "zh": f"{opening['zh']}本次为{shown['zh']}（{limits['zh']}），{tail['zh']}。",
        "en": f"{opening['en']}measured {shown['en']} ({limits['en']}), {tail['en']}.",
    }


_VERDICTS: dict[str, Text] = {
    "clearly_met": {
        "zh": "达到目标，整个置信区间都在目标以上",
        "en": "met: the whole interval lies above it",
    },
    "met_within_error": {
        "zh": "测得值达到目标，但区间下限低于目标，不排除实际未达到",
        "en": "reached as measured, but the interval reaches below it: the true figure may fall short",
    },
    "missed_within_error": {
        "zh": "测得值未达到目标，但区间上限不低于目标，不排除实际已达到",
        "en": "missed as measured, but the interval reaches above it: the true figure may be there",
    },
    "clearly_missed": {
        "zh": "未达到目标，整个置信区间都在目标以下",
        "en": "missed: the whole interval lies below it",
    },
}


def describe_change(assessed: Assessment) -> Text | None:
    """Change of each sector against the wave before; nothing where there is only one wave."""
    if assessed.before is None:
        return None
    measure, against = assessed.headline, assessed.wave_label(assessed.waves[-2])
    parts = [
        _describe_one_change(assessed, row) for row in assessed.measure("sector", measure).to_dict("records")
    ]
    caution = _describe_invariance(assessed) if measure == "index" else {"zh": "", "en": ""}
    return {
        "zh": f"与{against['zh']}相比，{'；'.join(part['zh'] for part in parts)}。{caution['zh']}",
        "en": f"Against wave {against['en']}: {'; '.join(part['en'] for part in parts)}.{caution['en']}",
    }


def _describe_one_change(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    name = assessed.label_of("sector", row["sector"])
    if row["change_status"] != "stated":
        return {"zh": f"{name['zh']}无从比较", "en": f"{name['en'].lower()} cannot be compared"}
    limits = {
        one: format_interval(row["change_lower"], row["change_upper"], one, unit="signed")
        for one in LANGUAGES
    }
    size = f"{abs(row['change']):.1f}"
    if row["change_lower"] > 0 or row["change_upper"] < 0:
        rises = row["change"] > 0
        return {
            "zh": f"{name['zh']}{'提高' if rises else '下降'}{size}分（{limits['zh']}）",
            "en": f"{name['en'].lower()} {'up' if rises else 'down'} {size} points ({limits['en']})",
        }
    return {
        "zh": f"{name['zh']}无显著变化（{format_signed(row['change'])}分，{limits['zh']}）",
        "en": f"{name['en'].lower()} without clear change ({format_signed(row['change'])}, {limits['en']})",
    }


def _describe_invariance(assessed: Assessment) -> Text:
    target = str(assessed.survey.questionnaire.index_of)
    if assessed.invariance.get(target) != "none":
        return {"zh": "", "en": ""}
    return {
        "zh": "两次调查中各题与满意度的关系不同（测量不变性检验未通过），指数之差可能部分来自测量，应结合得分判断。",
        "en": " The items relate to satisfaction differently in the two waves (invariance does not hold): part of the difference may lie in the measurement, so read the scores as well.",
    }


def describe_drivers(assessed: Assessment) -> Text | None:
    """What matters most for the index, and what matters and stands low; nothing without a model."""
    rows = assess.map_importance(assessed.index, assessed.survey)
    if len(rows) < 2:
        return None
    most = rows.loc[rows["importance"].idxmax()]
    first = {
        "zh": f"对满意度影响最大的是{latent_label(assessed, most)['zh']}：每提高1分，满意度指数平均高{most['importance']:.2f}分（{most['importance_lower']:.2f}～{most['importance_upper']:.2f}）",
        "en": f"What moves satisfaction most is {latent_label(assessed, most)['en']}: a point more goes with {most['importance']:.2f} points of the index ({most['importance_lower']:.2f} to {most['importance_upper']:.2f})",
    }
    clear = rows[(rows["importance_lower"] > 0) & (rows["performance_upper"] < rows["performance"].mean())]
    weak = clear[clear["importance"] >= rows["importance"].median()]
    if weak.empty:
        return {
            "zh": f"{first['zh']}。没有哪一方面既重要又明显偏低，改进的先后不能由此排定。这是统计关系，不证明因果。",
            "en": f"{first['en']}. Nothing that matters stands clearly lower than the rest, so the data name no first place to improve. This is association, no proof of cause.",
        }
    named = {
        one: ("、" if one == "zh" else ", ").join(
            latent_label(assessed, row)[one] for _, row in weak.iterrows()
        )
        for one in LANGUAGES
    }
    return {
        "zh": f"{first['zh']}；重要而现状明显偏低、宜先改进的是{named['zh']}。这是统计关系，不证明因果。",
        "en": f"{first['en']}; important and clearly low, and so first to improve: {named['en']}. This is association, no proof of cause.",
    }


def _interval(row: Mapping[str, Any], language: str) -> str:
    return format_interval(row["lower"], row["upper"], language, unit="number")
