"""Is each target met, and does that depend on how its figure is read? A plain statement and a table.

The policy gives figures without saying of what. The declared reading decides; index, score and share stand
beside it, so that a reader sees whether the verdict hangs on the choice.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import capital, format_number, format_percent
from qstats.report.satisfaction.assessment import MEASURES, Assessment
from qstats.report.satisfaction.headings import HEAD, interval_heading, say_nothing
from qstats.report.satisfaction.wording import NOTHING, plain, say_limits, say_value
from qstats.satisfaction.targets import Verdict


def describe_targets(assessed: Assessment) -> list[Text]:
    """One plain statement on each target: the verdict by the declared measure, then by the others."""
    return [_describe(assessed, target, row, verdict) for target, row, verdict in assessed.judged_targets()]


def _describe(
    assessed: Assessment, target: Mapping[str, Any], row: Mapping[str, Any] | None, verdict: str
) -> Text:
    name, measure = assessed.label_of("sector", target["sector"]), target["measure"]
    called, level = text("satisfaction_measure", measure), _say_level(target["level"], measure)
    opening = {
        "zh": f"{name['zh']}{called['zh']}不低于{level['zh']}的目标",
        "en": f"{capital(name['en'])}, target of {level['en']} ({called['en'].lower()})",
    }
    if row is None or verdict == "cannot_be_stated":
        why = {one: str(row[f"reason_{one}"]) for one in LANGUAGES} if row else _NO_SUCH_SECTOR
        return {
            "zh": f"{opening['zh']}：不能判断，{why['zh']}。",
            "en": f"{opening['en']}: cannot be judged, since {why['en']}.",
        }
    words = _VERDICTS[verdict]
    stated = {
        "zh": f"{opening['zh']}：{words['zh'].format(figure=_say_own(assessed, row, measure, 'zh'))}。",
        "en": f"{opening['en']}: {words['en'].format(figure=_say_own(assessed, row, measure, 'en'))}.",
    }
    return plain(stated, _describe_other_readings(assessed, target, verdict))


_NO_SUCH_SECTOR: Text = {"zh": "这一类别没有任何有效评分", "en": "nobody of this sector gave a score"}


def _say_own(assessed: Assessment, row: Mapping[str, Any], measure: str, language: str) -> str:
    """The figure judged, unless it is the headline, which was told with its interval before."""
    if measure == assessed.headline:
        return ""
    value, limits = say_value(row["estimate"], measure, language), say_limits(row, measure, language)
    if language == "zh":
        return f"（测得{value}，{assessed.level}置信区间{limits}）"
    return f" ({value}, {assessed.level} confidence interval {limits})"


_VERDICTS: dict[str, Text] = {
    "clearly_met": {
        "zh": "已达到{figure}，整个置信区间在目标以上",
        "en": "met{figure}. All of the interval lies above it",
    },
    "met_within_error": {
        "zh": "测得值已达到目标{figure}，但区间下限低于目标，不能排除实际未达到",
        "en": "reached as measured{figure}, but the interval reaches below it: the true figure may fall short",
    },
    "missed_within_error": {
        "zh": "测得值未达到目标{figure}，但区间上限不低于目标，不能排除实际已达到",
        "en": "missed as measured{figure}, but the interval reaches up to it: the true figure may be there",
    },
    "clearly_missed": {
        "zh": "未达到{figure}，整个置信区间在目标以下",
        "en": "missed{figure}. All of the interval lies below it",
    },
}
_MET = ("clearly_met", "met_within_error")


Reading = tuple[str, float, dict[str, Any], Verdict]


def read_target(assessed: Assessment, target: Mapping[str, Any]) -> list[Reading]:
    """What a target's figure means by each measure: ``measure, level, row, verdict``, its own measure first.

    80 points stand beside 80 % and the other way round: policies name the figure without saying of what.
    """
    points = target["level"] * 100 if target["measure"] == "share" else target["level"]
    others = [one for one in MEASURES if one != target["measure"] and (one != "index" or assessed.has_index)]
    read: list[Reading] = []
    for measure in (target["measure"], *others):
        rows = assessed.measure("sector", measure)
        row = rows[rows["sector"] == target["sector"]]
        level = points / 100 if measure == "share" else points
        if len(row):
            found = row.iloc[0]
            read.append((measure, level, dict(found.to_dict()), assess.judge_target(found, level)))
    return read


def _describe_other_readings(assessed: Assessment, target: Mapping[str, Any], verdict: str) -> Text:
    """Whether the verdict hangs on the measure."""
    others = [one for one in read_target(assessed, target)[1:] if one[3] != "cannot_be_stated"]
    if not others:
        return NOTHING
    same = [one for one in others if one[3] == verdict]
    differ = [one for one in others if one[3] != verdict]
    parts = [
        {
            "zh": f"改按{_say_reading(one, 'zh')}衡量，{text('target_verdict', one[3])['zh']}",
            "en": f"by {_say_reading(one, 'en')} it is {text('target_verdict', one[3])['en']}",
        }
        for one in differ
    ]
    if same:
        parts.insert(0, {
            "zh": f"改按{'或'.join(_say_reading(one, 'zh') for one in same)}衡量，结论相同",
            "en": f"by {' or '.join(_say_reading(one, 'en') for one in same)} the verdict is the same",
        })  # fmt: skip
    turned = any((one[3] in _MET) != (verdict in _MET) for one in differ)
    end = {"zh": "：结论取决于口径。", "en": ": the verdict depends on the measure."}
    told = {"zh": "；".join(part["zh"] for part in parts), "en": capital("; ".join(p["en"] for p in parts))}
    return {one: told[one] + (end[one] if turned else {"zh": "。", "en": "."}[one]) for one in LANGUAGES}


def _say_reading(reading: Reading, language: str) -> str:
    """``满意率88.3%（86.3～90.2%）``."""
    measure, level, row, _ = reading
    name, value = (
        text("satisfaction_measure", measure)[language],
        say_value(row["estimate"], measure, language),
    )
    limits = _say_limits(row, measure, level, language)
    return f"{name}{value}（{limits}）" if language == "zh" else f"the {name.lower()} ({value}, {limits})"


def _say_limits(row: Mapping[str, Any], measure: str, level: float, language: str) -> str:
    """Limits, with one more decimal where rounding would set one of them on the target."""
    scale = 100 if measure == "share" else 1
    ends = [scale * row["lower"], scale * row["upper"]]
    if not any(round(end, 1) == round(scale * level, 1) for end in ends):
        return say_limits(row, measure, language)
    low, high = (f"{end:.2f}" for end in ends)
    unit = "%" if measure == "share" else "分"
    return f"{low}～{high}{unit}" if language == "zh" else f"{low} to {high}"


def _say_level(level: float, measure: str) -> Text:
    if measure == "share":
        share = format_percent(level, decimals=0 if abs(level * 100 - round(level * 100)) < 1e-9 else 1)
        return {"zh": share, "en": share}
    points = format_number(level, decimals=0 if level == round(level) else 1)
    return {"zh": f"{points}分", "en": f"{points} points"}


def tabulate_targets(assessed: Assessment) -> Display:
    """Each target with what was measured, by the declared measure and by the others."""
    if not assessed.received:
        return say_nothing(assessed, "satisfaction_targets", "sector")
    rows = [
        _row(assessed, target, reading, declared=at == 0)
        for target in assessed.targets
        for at, reading in enumerate(read_target(assessed, target))
    ]
    columns = ["sector", "measure", "level", "measured", "interval", "verdict"]
    return show_table(
        pd.DataFrame(rows, columns=[f"{name}_{one}" for name in columns for one in LANGUAGES]),
        name="satisfaction_targets",
        caption={
            "zh": f"满意度目标与测得值，{assessed.wave_label(assessed.waves[-1])['zh']}",
            "en": f"Targets of satisfaction and what was measured, {assessed.wave_label(assessed.waves[-1])['en']}",
        },
        columns={
            "sector": Column(format="bilingual", label={"zh": "类别", "en": "Sector"}),
            "measure": Column(format="bilingual", label={"zh": "口径", "en": "Measure"}),
            "level": Column(format="bilingual", label={"zh": "目标", "en": "Target"}),
            "measured": Column(format="bilingual", label={"zh": "测得值", "en": "Measured"}),
            "interval": Column(format="bilingual", label=interval_heading(assessed)),
            "verdict": Column(format="bilingual", label=HEAD["reading"]),
        },
        notes=[_WHICH_READING, *([_OUTLINE] if _of_outline(assessed) else [])],
    )


_WHICH_READING: Text = {
    "zh": "＊：参数satisfaction_targets规定的口径，判断目标以它为准；其他口径只供对照。",
    "en": "*: the measure declared in satisfaction_targets, by which the target is judged; the others are for comparison.",
}
_OUTLINE: Text = {
    "zh": "国家质量发展纲要中的80和75是指数分值，本市文件写作“%”。",
    "en": "The 80 and 75 of the national outline are index points; the city's document writes “%”.",
}


def _of_outline(assessed: Assessment) -> bool:
    """Whether a target is one of the two for services in the national outline."""
    return any(one["sector"] in ("producer", "consumer") for one in assessed.targets)


def _row(
    assessed: Assessment, target: Mapping[str, Any], reading: Reading, *,
    declared: bool,
) -> dict[str, str]:  # fmt: skip
    measure, level, row, verdict = reading
    made: dict[str, str] = {}
    for one in LANGUAGES:
        stated = row["status"] == "stated"
        star = {"zh": "＊", "en": "*"}[one] if declared else ""
        made |= {
            f"sector_{one}": capital(assessed.label_of("sector", target["sector"])[one]),
            f"measure_{one}": text("satisfaction_measure", measure)[one] + star,
            f"level_{one}": f"≥{_say_level(level, measure)[one]}",
            f"measured_{one}": say_value(row["estimate"], measure, one) if stated else "—",
            f"interval_{one}": _say_limits(row, measure, level, one) if stated else "—",
            f"verdict_{one}": capital(text("target_verdict", verdict)[one]),
        }
    return made
