"""What limits the figures on satisfaction? Who answered, how they were asked, how well was measured."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import Text, sentence, text
from qstats.report.formats import capital, format_count, format_percent, format_signed
from qstats.report.satisfaction.assessment import Assessment, latent_label
from qstats.report.satisfaction.wording import NOTHING, plain, say_list

NOTHING_RECEIVED: Text = {
    "zh": "没有收到这一时期的满意度问卷，本章不作评价。需要：问卷数据文件（CSV、XLSX或SPSS），一人一行，题目与参数satisfaction.questionnaire指定的问卷一致；如要按总体加权，另附margins.csv。",
    "en": "No satisfaction questionnaires were received for this period, so nothing is assessed. Needed: files of answers (CSV, XLSX or SPSS), one row per respondent, with the items of the questionnaire that satisfaction.questionnaire names; for weighting to the population also margins.csv.",
}


def describe_sample(assessed: Assessment) -> list[Text]:
    """Who was asked, who was left out, how answers are weighted, and what the design costs in precision."""
    if not assessed.received:
        return [NOTHING_RECEIVED]
    now, wave = assessed.now, assessed.wave_label(assessed.waves[-1])
    n, points = len(now.frame), now.frame["cluster"].nunique()
    drawn = {
        "zh": f"，来自{points}个抽样点" if points else "，未注明抽样点",
        "en": f" at {points} sampling points" if points else "; no sampling points are stated",
    }
    opening = {
        "zh": f"{wave['zh']}调查有效问卷{n}份{drawn['zh']}。",
        "en": f"Survey ({wave['en']}): {n:,} respondents{drawn['en']}.",
    }
    parts = (_describe_left_out(assessed), _describe_weighting(assessed), _describe_design(assessed))
    return [plain(opening, *parts)]


def _describe_left_out(assessed: Assessment) -> Text:
    left = assessed.now.left_out
    if not left:
        return NOTHING
    parts = [(text("screened", code), count) for code, count in left.items()]
    zh = "、".join(f"{name['zh']}的问卷{count}份" for name, count in parts)
    en = ", ".join(f"{name['en'].lower()} ({count:,})" for name, count in parts)
    return {"zh": f"另有{zh}，不计入。", "en": f"Left out: {en}."}


def _describe_weighting(assessed: Assessment) -> Text:
    now = assessed.now
    if now.problem:
        code, detail = now.problem
        problem = sentence("weights_problem", code, detail=detail)
        return {"zh": f"{problem['zh']}。", "en": f"{capital(problem['en'])}."}
    if now.weighting == "none":
        return {
            "zh": "没有抽样权重和总体数据，每名受访者权重相同：结果说明的是受访者，不能直接代表全体顾客。",
            "en": "There are neither sampling weights nor population totals: every respondent counts the same, and the figures speak of those who answered.",
        }
    weights = assess.describe_weights(now)
    least, most = f"{weights['least']:.2f}", f"{weights['most']:.2f}"
    kish = {
        "zh": f"（权重为平均值的{least}～{most}倍，Kish设计效应{weights['kish']:.2f}）。",
        "en": f" ({least} to {most} times the mean, Kish design effect {weights['kish']:.2f}).",
    }
    if now.weighting == "design":
        return {"zh": f"按抽样权重计算{kish['zh']}", "en": f"Sampling weights are used{kish['en']}"}
    names = say_list([assessed.variable_label(margin.variable) for margin in now.margins])
    return {
        "zh": f"抽样权重再按{names['zh']}的总体构成校准{kish['zh']}",
        "en": f"Sampling weights were raked to the population by {names['en']}{kish['en']}",
    }


def _describe_design(assessed: Assessment) -> Text:
    """What the answers are worth: weights and alike answers of one sampling point together."""
    row = assessed.measure(None, "score").iloc[0]
    if row["status"] != "stated" or (assessed.now.weighting == "none" and row["clusters"] == row["n"]):
        return NOTHING
    n, worth, deff = int(row["n"]), format_count(row["effective_n"], "en"), f"{row['deff']:.2f}"
    return {
        "zh": f"总体满意度得分的设计效应为{deff}：{n}个评分相当于{worth.replace(',', '')}个简单随机抽取的评分。",
        "en": f"The overall score has a design effect of {deff}: its {n:,} answers are worth {worth} of a simple random sample.",
    }


def describe_robustness(assessed: Assessment) -> list[Text]:
    """Measurement, comparability, mode, and what was left unanswered."""
    if not assessed.received:
        return [NOTHING_RECEIVED]
    comparable = plain(describe_invariance(assessed), describe_groups_invariance(assessed))
    points = [
        describe_quality(assessed),
        comparable if comparable["zh"] else None,
        describe_modes(assessed),
        describe_open_questions(assessed),
    ]
    return [point for point in points if point]


def describe_invariance(assessed: Assessment, *, only_failed: bool = False) -> Text:
    """May the indices of the two waves be compared? Where not, changes are those of the score."""
    target = str(assessed.survey.questionnaire.index_of)
    extent = assessed.invariance.get(target) if assessed.headline == "index" else None
    if extent is None or (only_failed and extent != "none"):
        return NOTHING
    if extent != "none":
        return {
            "zh": "测量不变性检验（MICOM）表明，两次调查中各题合成满意度指数的方式没有显著差别，两次指数可以比较。",
            "en": "By the test of measurement invariance (MICOM), the items form the satisfaction index alike in both waves: their indices may be compared.",
        }
    return {
        "zh": "注意：测量不变性检验（MICOM）未通过，两次调查中各题合成满意度指数的方式不同，两次指数不宜直接比较，变化一律按单题的满意度得分计算。",
        "en": "Caution: measurement invariance (MICOM) does not hold. The items form the satisfaction index differently in the two waves, so their indices are not compared: every change is one of the score of the single question.",
    }


def describe_groups_invariance(assessed: Assessment) -> Text:
    """A caution where the index is formed differently in the two sectors or by the two main modes."""
    if assessed.headline != "index":
        return NOTHING
    target = str(assessed.survey.questionnaire.index_of)
    failed = [one for one, found in assessed.between.items() if found.get(target) == "none"]
    return plain(*(_FORMED_DIFFERENTLY[one] for one in failed)) if failed else NOTHING


_FORMED_DIFFERENTLY: dict[str, Text] = {
    "sector": {
        "zh": "注意：两类服务业中各题合成满意度指数的方式不同（MICOM未通过），跨类比较指数（包括不同类行业的先后）应以满意度得分核对。",
        "en": "Caution: the items form the satisfaction index differently in the two sectors (MICOM does not hold), so comparisons of indices across sectors, industries of different sectors included, should be checked by the score.",
    },
    "mode": {
        "zh": "注意：两种主要访问方式下各题合成满意度指数的方式不同（MICOM未通过）。",
        "en": "Caution: the items form the satisfaction index differently by the two main ways of asking (MICOM does not hold).",
    },
}


def describe_limits(assessed: Assessment) -> Text | None:
    """The effect of how people were asked, where it is clear."""
    effects = assess.estimate_mode_effects(assessed.now, assessed.survey)
    told = effects.dropna(subset="adjusted")
    clear = told[(told["lower"] > 0) | (told["upper"] < 0)]
    if clear.empty:
        return None
    base = assessed.label_of("mode", str(effects["mode"].iloc[0]))
    parts = [_say_effect(assessed, row, at == 0) for at, row in enumerate(clear.to_dict("records"))]
    return {
        "zh": f"访问方式影响满意度得分（已调整行业、地区和人口构成）：与{base['zh']}相比，{'；'.join(part['zh'] for part in parts)}。",
        "en": f"How people were asked matters for the score (adjusted for industry, district and profile): against {base['en']}, {'; '.join(part['en'] for part in parts)}.",
    }


def _say_effect(assessed: Assessment, row: Mapping[Hashable, Any], first: bool) -> Text:
    name, level = assessed.label_of("mode", str(row["mode"])), assessed.level if first else ""
    size, (low, high) = abs(row["adjusted"]), sorted((abs(row["lower"]), abs(row["upper"])))
    higher = row["adjusted"] > 0
    return {
        "zh": f"{name['zh']}{'高' if higher else '低'}{size:.1f}分（{level + '置信区间' if level else ''}{low:.1f}～{high:.1f}分）",
        "en": f"{name['en']} {size:.1f} points {'higher' if higher else 'lower'} ({level + ' confidence interval ' if level else ''}{low:.1f} to {high:.1f})",
    }


def describe_modes(assessed: Assessment) -> Text:
    """Whether answers depend on how people were asked; said as well where it cannot be seen."""
    if told := describe_limits(assessed):
        return plain(told, describe_mode_mix(assessed))
    effects = assess.estimate_mode_effects(assessed.now, assessed.survey)
    if effects.empty:
        return {
            "zh": "问卷只有一种访问方式（或其他方式人数过少、未注明），访问方式的影响无从估计。",
            "en": "Only one way of asking is stated (or too few were asked in another), so its effect cannot be estimated.",
        }
    return {
        "zh": "调整行业、地区和人口构成后，各种访问方式的满意度得分没有显著差别。",
        "en": "Adjusted for industry, district and profile, the score does not differ clearly between ways of asking.",
    }


NOTABLE_MIX = 0.3
"""Points of change that another mix of modes would explain, from which it is said."""


def describe_mode_mix(assessed: Assessment) -> Text:
    """What a changed mix of modes may have to do with the change of the whole; nothing where it is little."""
    if assessed.before is None:
        return NOTHING
    effects = assess.estimate_mode_effects(assessed.now, assessed.survey).set_index("mode")["adjusted"]
    now, before = (_mode_shares(sample) for sample in (assessed.now, assessed.before))
    if effects.empty or not set(before.index) | set(now.index) <= set(effects.index):
        return NOTHING
    part = float(((now - before.reindex(now.index).fillna(0)) * effects.fillna(0)).sum())
    if abs(part) < NOTABLE_MIX:
        return NOTHING
    return {
        "zh": f"两次调查访问方式的构成不同，按本次估计的方式差别，由此会使得分变动约{format_signed(part)}分。",
        "en": f"The waves differ in how people were asked; by the differences found now, that alone would move the score by about {format_signed(part)} points.",
    }


def _mode_shares(sample: assess.Sample) -> pd.Series:
    """Weighted share of each mode among those whose mode is known."""
    sums = pd.Series(sample.weight).groupby(sample.frame["mode"].to_numpy()).sum()
    return sums / sums.sum()


def describe_quality(assessed: Assessment) -> Text | None:
    """A plain verdict on the measurement; nothing without a model."""
    table = assess.tabulate_quality(assessed.index)
    if table.empty:
        return None
    several = table["items"] > 1
    weak = table[((table["composite"] < 0.7) | (table["ave"] < 0.5)) & several]
    alike = table[table["largest_htmt"] >= 0.9]
    parts: list[Text] = []
    if len(weak):
        parts.append({
            "zh": f"{_named(assessed, weak)['zh']}的题目一致性偏弱（AVE低于0.50或组合信度低于0.70），其指数宜慎用",
            "en": f"The items of {_named(assessed, weak)['en']} agree too little (AVE below 0.50 or reliability below 0.70): use that index with care",
        })  # fmt: skip
    if len(alike):
        parts.append({
            "zh": f"{_named(assessed, alike)['zh']}与模型中另一变量难以区分（HTMT不低于0.90），各自的影响不宜分开解释",
            "en": f"{capital(_named(assessed, alike)['en'])} can hardly be told from another latent variable (HTMT of 0.90 or more): their effects should not be read apart",
        })  # fmt: skip
    if not parts:
        parts.append({
            "zh": "各变量的信度、收敛效度和区分效度都达到通常标准（AVE不低于0.50，信度不低于0.70，HTMT低于0.90）",
            "en": "All latent variables reach the usual marks (AVE from 0.50, reliability from 0.70, HTMT below 0.90)",
        })  # fmt: skip
    used, share = int(assessed.index.complete.sum()), format_percent(assessed.index.complete.mean())
    return {
        "zh": f"满意度指数用了{used}份模型各题都有评分的问卷（占{share}）。{'；'.join(part['zh'] for part in parts)}。",
        "en": f"The index uses the {used:,} questionnaires with an answer to every item of the model ({share}). {'. '.join(part['en'] for part in parts)}.",
    }


def describe_open_questions(assessed: Assessment) -> Text:
    """How much was left unanswered, and what cannot be known."""
    table = assess.count_unanswered(assessed.unanswered, assessed.now, assessed.survey)
    worst = table.loc[table["share"].idxmax()]
    label = assessed.survey.questionnaire.items[str(worst["item"])].label.model_dump()
    return {
        "zh": f"未评分最多的题目是“{label['zh']}”，占{format_percent(worst['share'])}。“不知道”、拒答和空白都不当作分数。拒绝整个访问的人不在文件中，应答率无从计算，只能看受访者构成与总体的差别。",
        "en": f"Most often left without a score: “{label['en']}”, {format_percent(worst['share'])}. Don't know, refused and blank never count as scores. Those who refused the whole interview are not in the files, so no response rate can be given; what can be seen is how the respondents differ from the population.",
    }


def _named(assessed: Assessment, rows: pd.DataFrame) -> Text:
    return say_list([latent_label(assessed, row) for row in rows.to_dict("records")])
