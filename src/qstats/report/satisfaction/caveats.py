"""What limits the figures on satisfaction? Who answered, how they were asked, how well was measured."""

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, sentence, text
from qstats.report.formats import format_interval, format_percent, format_signed
from qstats.report.satisfaction.assessment import Assessment, latent_label

NOTHING_RECEIVED: Text = {
    "zh": "没有收到这一时期的满意度问卷，本章不作评价。需要：问卷数据文件（CSV、XLSX或SPSS），一人一行，题目与参数satisfaction.questionnaire指定的问卷一致；如要按总体加权，另附margins.csv。",
    "en": "No satisfaction questionnaires were received for this period, so nothing is assessed. Needed: files of answers (CSV, XLSX or SPSS), one row per respondent, with the items of the questionnaire that satisfaction.questionnaire names; for weighting to the population also margins.csv.",
}


def describe_sample(assessed: Assessment) -> list[Text]:
    """Who was asked, who was left out, and how answers are weighted."""
    if not assessed.received:
        return [NOTHING_RECEIVED]
    now, wave = assessed.now, assessed.wave_label(assessed.waves[-1])
    n, points = len(now.frame), now.frame["cluster"].nunique()
    drawn = {
        "zh": f"，来自{points}个抽样点" if points else "，未注明抽样点",
        "en": f" at {points} sampling points" if points else "; no sampling points are stated",
    }
    opening = {
        "zh": f"{wave['zh']}调查共{n}名受访者{drawn['zh']}。",
        "en": f"Wave {wave['en']}: {n:,} respondents{drawn['en']}.",
    }
    return [_join(opening, _describe_left_out(assessed), _describe_weighting(assessed))]


def _describe_left_out(assessed: Assessment) -> Text:
    left = assessed.now.left_out
    if not left:
        return {"zh": "", "en": ""}
    parts = [(text("screened", code), count) for code, count in left.items()]
    return {
        "zh": f"另有{'、'.join(str(count) + '份' + name['zh'] for name, count in parts)}的问卷不计入。",
        "en": f" Left out: {', '.join(name['en'].lower() + ' ' + str(count) for name, count in parts)}.",
    }


def _describe_weighting(assessed: Assessment) -> Text:
    now = assessed.now
    if now.problem:
        code, detail = now.problem
        return _spaced(sentence("weights_problem", code, detail=detail), "。", ".")
    weights = assess.describe_weights(now)
    if now.weighting == "none":
        return {
            "zh": "没有抽样权重和总体数据，每名受访者权重相同：结果说明的是受访者，不能直接代表全体顾客。",
            "en": " There are neither sampling weights nor population totals: every respondent counts the same, and the figures speak of those who answered.",
        }
    spread = f"{weights['least']:.2f}～{weights['most']:.2f}"
    if now.weighting == "design":
        return {
            "zh": f"按抽样权重计算（相对权重{spread}，Kish设计效应{weights['kish']:.2f}）。",
            "en": f" Sampling weights are used ({spread.replace('～', ' to ')} times the mean, Kish design effect {weights['kish']:.2f}).",
        }
    names = [assessed.variable_label(margin.variable) for margin in now.margins]
    return {
        "zh": f"在抽样权重基础上按{'、'.join(name['zh'] for name in names)}的总体构成作迭代加权（相对权重{spread}，Kish设计效应{weights['kish']:.2f}）。",
        "en": f" Sampling weights were raked to the population by {', '.join(name['en'] for name in names)} ({spread.replace('～', ' to ')} times the mean, Kish design effect {weights['kish']:.2f}).",
    }


def describe_robustness(assessed: Assessment) -> list[Text]:
    """Measurement, mode, and what was left unanswered."""
    if not assessed.received:
        return [NOTHING_RECEIVED]
    points = [describe_quality(assessed), describe_limits(assessed), describe_open_questions(assessed)]
    return [point for point in points if point]


def describe_limits(assessed: Assessment) -> Text | None:
    """The effect of how people were asked, where it is clear."""
    effects = assess.estimate_mode_effects(assessed.now, assessed.survey).dropna(subset="adjusted")
    clear = effects[(effects["lower"] > 0) | (effects["upper"] < 0)]
    if clear.empty:
        return None
    first = assess.estimate_mode_effects(assessed.now, assessed.survey)["mode"].iloc[0]
    base = assessed.label_of("mode", str(first))
    parts = [
        {
            one: f"{assessed.label_of('mode', str(row['mode']))[one]}{format_signed(row['adjusted'])}（{format_interval(row['lower'], row['upper'], one, unit='signed')}）"
            if one == "zh"
            else f"{assessed.label_of('mode', str(row['mode']))[one]} {format_signed(row['adjusted'])} ({format_interval(row['lower'], row['upper'], one, unit='signed')})"
            for one in LANGUAGES
        }
        for _, row in clear.iterrows()
    ]
    return {
        "zh": f"调查方式影响得分：与{base['zh']}相比，{'；'.join(part['zh'] for part in parts)}分（已调整行业、地区和人口构成）。各次调查方式构成不同时，变化可能部分由此而来。",
        "en": f"How people were asked matters: against {base['en']}, {'; '.join(part['en'] for part in parts)} points (adjusted for industry, district and profile). Where waves differ in how people were asked, part of a change may come from it.",
    }


def describe_quality(assessed: Assessment) -> Text | None:
    """A plain verdict on the measurement; nothing without a model."""
    table = assess.tabulate_quality(assessed.index)
    if table.empty:
        return None
    weak = table[((table["composite"] < 0.7) | (table["ave"] < 0.5)) & (table["items"] > 1)]
    alike = table[table["largest_htmt"] >= 0.9]
    parts_zh, parts_en = [], []
    if len(weak):
        parts_zh.append(
            f"{_named(assessed, weak, 'zh')}的题目一致性偏弱（AVE低于0.5或组合信度低于0.7），其指数宜慎用"
        )
        parts_en.append(
            f"{_named(assessed, weak, 'en')}: the items agree too little (AVE below 0.5 or reliability below 0.7), so use the index with care"
        )
    if len(alike):
        parts_zh.append(
            f"{_named(assessed, alike, 'zh')}与其他变量难以区分（HTMT不低于0.9），各自的影响不宜分开解释"
        )
        parts_en.append(
            f"{_named(assessed, alike, 'en')}: hard to tell from another variable (HTMT of 0.9 or more), so their effects should not be read apart"
        )
    if not parts_zh:
        parts_zh, parts_en = (
            ["各变量的信度和区分度都达到通常标准"],
            ["all latent variables reach the usual marks of reliability and distinctness"],
        )
    share = assessed.index.complete.mean()
    used = int(assessed.index.complete.sum())
    return {
        "zh": f"模型用了{used}份各题都有评分的问卷（占{format_percent(share)}）。{'；'.join(parts_zh)}。",
        "en": f"The model uses the {used:,} questionnaires that answered every item ({format_percent(share)}). {'; '.join(parts_en).capitalize()}.",
    }


def describe_open_questions(assessed: Assessment) -> Text:
    """How much was left unanswered, and what cannot be known."""
    table = assess.count_unanswered(assessed.unanswered, assessed.now, assessed.survey)
    worst = table.loc[table["share"].idxmax()]
    label = assessed.survey.questionnaire.items[str(worst["item"])].label.model_dump()
    return {
        "zh": f"题目未评分的比例最高的是“{label['zh']}”（{format_percent(worst['share'])}）。“不知道”、拒答和空白都不当作分数。拒绝整个访问的人不在文件中，无从评价；能看到的只是受访者构成与总体的差别。",
        "en": f"Most often left without a score: “{label['en']}” ({format_percent(worst['share'])}). Don't know, refused and blank never count as scores. Those who refused the whole interview are not in the files; what can be seen is how the respondents differ from the population.",
    }


def _named(assessed: Assessment, rows: pd.DataFrame, language: str) -> str:
    return ("、" if language == "zh" else ", ").join(
        latent_label(assessed, row)[language] for _, row in rows.iterrows()
    )


def _join(*parts: Text) -> Text:
    return {one: "".join(part[one] for part in parts) for one in LANGUAGES}


def _spaced(part: Text, stop_zh: str, stop_en: str) -> Text:
    return {"zh": f"{part['zh']}{stop_zh}", "en": f" {part['en'][:1].upper()}{part['en'][1:]}{stop_en}"}
