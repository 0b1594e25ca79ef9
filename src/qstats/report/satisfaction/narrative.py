"""How does the report speak of satisfaction? Which measure is meant is always named: points are not per cent.

First where each sector stands and whether its target is met, then what changed, who can be told apart, and what
drives it. A change or an order is claimed only where its interval allows; what limits the figures is said too.
"""

from collections.abc import Mapping
from typing import Any

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.formats import format_count, format_number
from qstats.report.satisfaction.assessment import PLACED_BY, Assessment, latent_label
from qstats.report.satisfaction.caveats import (
    NOTHING_RECEIVED,
    describe_invariance,
    describe_limits,
    describe_mode_mix,
)
from qstats.report.satisfaction.targets import describe_targets
from qstats.report.satisfaction.wording import NOTHING, plain, say_change, say_figure, say_list
from qstats.satisfaction.effects import lead_drivers

MOST_POINTS = 6
_DISTINCT_BELOW = 0.9
"""HTMT from which two latent variables are not told apart."""


def main_points(assessed: Assessment) -> list[Text]:
    """The points of the first screen."""
    if not assessed.received:
        return [NOTHING_RECEIVED]
    points = [
        describe_level(assessed),
        *describe_targets(assessed),
        describe_change(assessed),
        describe_standing(assessed, "industry" if "industry" in assessed.columns else "county_code"),
        describe_drivers(assessed),
        describe_limits(assessed),
    ]
    return [point for point in points if point][:MOST_POINTS]


def describe_results(assessed: Assessment) -> list[Text]:
    """What each measure means: the figures stand in the main points and in the tables."""
    return [describe_measures(assessed)] if assessed.received else [NOTHING_RECEIVED]


def describe_measures(assessed: Assessment) -> Text:
    """What index, score and share say, in plain words with the marks of this questionnaire."""
    asked = assessed.survey.questionnaire
    overall, (low, high) = asked.items[asked.overall].label, asked.scale_of(asked.overall)
    block = asked.blocks.get(str(asked.index_of), [])
    index = {
        "zh": f"满意度指数由{len(block)}道题按模型权重合成，减少单题的偶然误差；",
        "en": f"The satisfaction index combines {len(block)} questions by the weights of a model, which evens out chance in single answers. ",
    }
    if len(block) == 1:
        index = {
            "zh": "本问卷的满意度指数只含一道题，与得分的差别只在于它用模型各题都有评分的问卷；",
            "en": "The satisfaction index of this questionnaire rests on one question and differs from the score only in taking questionnaires that answer every item of the model. ",
        }
    rest = {
        "zh": f"满意度得分只用“{overall.zh}”一题，把{low:g}～{high:g}的评分换算为0～100分后求平均；满意率是该题评{asked.satisfied_from:g}分及以上的人所占比例。分值和比例含义不同，80分不等于80%的人满意。",
        "en": f"The satisfaction score is the mean of one question, “{overall.en}”, with {low:g} to {high:g} turned into 0 to 100 points. The share satisfied is the part that answers {asked.satisfied_from:g} or more. Points are not per cent: 80 points do not mean that 80% are satisfied.",
    }
    first = index if assessed.has_index else NOTHING
    return {one: first[one] + rest[one] for one in LANGUAGES}


def describe_level(assessed: Assessment) -> Text:
    """Where each sector stands by the headline measure; a sector without a figure says why."""
    wave, n, measure = assessed.wave_label(assessed.waves[-1]), len(assessed.now.frame), assessed.headline
    called = text("satisfaction_measure", measure)
    rows = assessed.measure("sector", measure).to_dict("records") or [
        assessed.measure(None, measure).iloc[0].to_dict()
    ]
    parts: list[Text] = [_describe_one_level(assessed, row, at == 0) for at, row in enumerate(rows)]
    told = {
        "zh": f"{wave['zh']}调查有效问卷{n}份，{called['zh']}：{'，'.join(part['zh'] for part in parts)}。",
        "en": f"Survey ({wave['en']}), {format_count(n, 'en')} respondents. {called['en']}: {'; '.join(part['en'] for part in parts)}.",
    }
    return plain(told, _UNWEIGHTED) if assessed.now.weighting == "none" else told


_UNWEIGHTED: Text = {
    "zh": "数据未加权，只说明受访者的评价。",
    "en": "Unweighted: the figures speak of those who answered.",
}


def _describe_one_level(assessed: Assessment, row: Mapping[str, Any], first: bool) -> Text:
    name = _name(assessed, row)
    if row["status"] != "stated":
        return {
            "zh": f"{name['zh']}不能给出（{row['reason_zh']}）",
            "en": f"{name['en']} not stated ({row['reason_en']})",
        }
    level = assessed.level if first else ""
    return {one: f"{name[one]}{'' if one == 'zh' else ' '}{say_figure(row, assessed.headline, one, level)}"
            for one in LANGUAGES}  # fmt: skip


def _name(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    return assessed.label_of("sector", row["sector"]) if "sector" in row else {"zh": "总体", "en": "all"}


def describe_change(assessed: Assessment) -> Text | None:
    """Change of each sector against the wave before; nothing where there is only one wave."""
    if assessed.before is None:
        return None
    measure, against = assessed.compared, assessed.wave_label(assessed.waves[-2])
    called, rows = text("satisfaction_measure", measure), assessed.measure("sector", measure)
    parts: list[Text] = [
        _describe_one_change(assessed, row, at == 0) for at, row in enumerate(rows.to_dict("records"))
    ]
    if not parts:
        return None
    told = {
        "zh": f"与{against['zh']}相比，{called['zh']}：{'；'.join(part['zh'] for part in parts)}。",
        "en": f"{called['en']} against {against['en']}: {'; '.join(part['en'] for part in parts)}.",
    }
    return plain(describe_invariance(assessed, only_failed=True), told, describe_mode_mix(assessed))


def _describe_one_change(assessed: Assessment, row: Mapping[str, Any], first: bool) -> Text:
    name = assessed.label_of("sector", row["sector"])
    if row["change_status"] != "stated":
        return {"zh": f"{name['zh']}无从比较", "en": f"{name['en']} cannot be compared"}
    level = assessed.level if first else ""
    return {one: f"{name[one]}{'' if one == 'zh' else ' '}{say_change(row, one, level)}" for one in LANGUAGES}


def describe_standing(assessed: Assessment, column: str) -> Text | None:
    """Who leads and who is last among industries or districts, as far as they can be told apart."""
    if column not in assessed.columns:
        return None
    ranked = assessed.standing(column).dropna(subset=["rank_low"])
    if len(ranked) < 2:
        return None
    by, count = PLACED_BY[column], len(ranked)
    called = text("satisfaction_measure", assessed.headline)
    leading, last = ranked[ranked["rank_low"] == 1], ranked[ranked["rank_high"] == count]
    if len(leading) == count:
        return {
            "zh": f"{count}个{by['zh']}的{called['zh']}两两之间差异都不显著，先后不是名次。",
            "en": f"No two of the {count} {_many(by)} can be told apart by their {called['en'].lower()}: their order is no ranking.",
        }
    ahead, behind = (_describe_end(assessed, rows, column) for rows in (leading, last))
    between = count - len(set(leading[column]) | set(last[column]))
    rest = {
        "zh": f"；其余{between}个介于两者之间" if between else "",
        "en": f"; the other {between} in between" if between else "",
    }
    caution = _caution_across_sectors(assessed) if column == "industry" else NOTHING
    told = {
        "zh": f"{count}个{by['zh']}按{called['zh']}比较：{ahead['zh'].format(place='居前')}；{behind['zh'].format(place='居后')}{rest['zh']}。",
        "en": f"{called['en']} of the {count} {_many(by)}: {ahead['en'].format(place='ahead')}; {behind['en'].format(place='last')}{rest['en']}.",
    }
    return plain(told, caution)


def _caution_across_sectors(assessed: Assessment) -> Text:
    """Short form of the caution that stands among the limits."""
    target = str(assessed.survey.questionnaire.index_of)
    if assessed.headline != "index" or assessed.between["sector"].get(target) != "none":
        return NOTHING
    return {
        "zh": "两类服务业的指数合成方式有差别，跨类先后应以得分核对。",
        "en": "The index is formed differently in the two sectors: check the order across sectors by the score.",
    }


def _describe_end(assessed: Assessment, rows: Any, column: str) -> Text:
    """Those at one end and, where they are several, that they are not told apart."""
    named = [assessed.label_of(column, str(code)) for code in rows[column]]
    names = say_list(named)
    if len(named) == 1:
        return {"zh": f"{names['zh']}{{place}}", "en": f"{names['en']} {{place}}"}
    tie = "两者" if len(named) == 2 else f"{_COUNTED.get(len(named), len(named))}者"
    return {
        "zh": f"{names['zh']}{{place}}，{tie}之间差异不显著",
        "en": f"{names['en']} {{place}}, not told apart from each other",
    }


_COUNTED = {3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九"}


def _many(by: Text) -> str:
    return {"industry": "industries", "district": "districts", "sector": "sectors"}[by["en"]]


def describe_drivers(assessed: Assessment) -> Text | None:
    """What matters most for the index, and what matters and stands low; nothing without a model."""
    rows = assess.map_importance(assessed.index, assessed.survey)
    if len(rows) < 2:
        return None
    leaders = lead_drivers(assessed.index, assessed.survey)
    most = rows[rows["latent"] == leaders[0]].iloc[0].to_dict()
    name, size = latent_label(assessed, most), {one: _say_importance(most, one) for one in LANGUAGES}
    first = {
        "zh": f"对满意度影响最大的是{name['zh']}（每提高1分，满意度指数平均高{size['zh']}）{_describe_tie(assessed, leaders, len(rows))['zh']}。",
        "en": f"What goes with satisfaction most is {name['en']} (one point more with {size['en']}){_describe_tie(assessed, leaders, len(rows))['en']}.",
    }
    return plain(first, _describe_priorities(assessed, rows), _NO_CAUSE)


def _describe_tie(assessed: Assessment, leaders: list[str], count: int) -> Text:
    """Those that the most important one is not clearly ahead of."""
    if len(leaders) == 1:
        return NOTHING
    if len(leaders) == count:
        return {"zh": "，但与其他各方面难分先后", "en": ", yet it cannot be told apart from any other"}
    names = say_list([latent_label(assessed, {"latent": code}) for code in leaders[1:]])
    return {"zh": f"，与{names['zh']}难分先后", "en": f", not told apart from {names['en']}"}


_NO_CAUSE: Text = {"zh": "这是统计关系，不证明因果。", "en": "This is association, no proof of cause."}


def _say_importance(row: Mapping[str, Any], language: str) -> str:
    low, high, size = (
        format_number(row[key], decimals=2) for key in ("importance_lower", "importance_upper", "importance")
    )
    if language == "zh":
        return f"{size}分，区间{low}～{high}分"
    return f"{size} points of the index, {low} to {high}"


def _describe_priorities(assessed: Assessment, rows: Any) -> Text:
    """What is important and clearly lower than the mean of all, with a caution where it is not distinct."""
    clear = rows[(rows["importance_lower"] > 0) & (rows["performance_upper"] < rows["performance"].mean())]
    weak = clear[clear["importance"] >= rows["importance"].median()]
    if weak.empty:
        return {
            "zh": "没有哪一方面既重要、现状又低于各方面平均（按置信区间），改进的先后不能由此排定。",
            "en": "Nothing important stands below the mean of all by its interval, so the data name no first place to improve.",
        }
    names = say_list([latent_label(assessed, row) for row in weak.to_dict("records")])
    quality = assess.tabulate_quality(assessed.index).set_index("latent")["largest_htmt"]
    blurred = (quality.reindex(weak["latent"]) >= _DISTINCT_BELOW).any()
    caution = {
        "zh": "，但它与相近变量难以区分，宜一并考虑" if blurred else "",
        "en": "; yet it is hard to tell from its neighbours, so weigh them together" if blurred else "",
    }
    return {
        "zh": f"既重要、现状又低于各方面平均的是{names['zh']}，可优先改进{caution['zh']}。",
        "en": f"Important and below the mean of all: {names['en']}, a first place to improve{caution['en']}.",
    }
