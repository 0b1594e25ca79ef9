"""Which tables show the questions and the model behind the index?"""

from typing import Any

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, sentence
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.formats import capital_text
from qstats.report.satisfaction.assessment import Assessment
from qstats.report.satisfaction.headings import HEAD, POINTS, interval_heading, say_nothing
from qstats.satisfaction.effects import tabulate_effects

_SMALL = "coefficient"


def tabulate_items(assessed: Assessment) -> Display:
    """Each question: mean in points with interval and share satisfied, lowest first."""
    if not assessed.received:
        return say_nothing(assessed, "satisfaction_items", "sector")
    rows = [_item_row(assessed, item) for item in assessed.survey.questionnaire.items]
    asked = assessed.survey.questionnaire
    return show_table(
        pd.DataFrame(rows).sort_values("score", kind="stable", na_position="last"),
        name="satisfaction_items",
        caption={
            "zh": f"各题得分与满意率，从低到高，{assessed.wave_label(assessed.waves[-1])['zh']}",
            "en": f"Score of each question and share satisfied, lowest first, {assessed.wave_label(assessed.waves[-1])['en']}",
        },
        columns={
            "item": Column(format="bilingual", label={"zh": "题目", "en": "Question"}),
            "latent": Column(format="bilingual", label={"zh": "所属变量", "en": "Latent variable"}),
            "n": Column(format="count", label=HEAD["respondents"]),
            "score": Column(format=POINTS, label=HEAD["score"]),
            "interval": Column(format="interval", unit=POINTS, label=interval_heading(assessed)),
            "share": Column(format="percent", label=HEAD["share"]),
        },
        notes=[
            {
                "zh": f"得分0～100分；满意率为评{asked.satisfied_from:g}分及以上者（{asked.scale[0]:g}～{asked.scale[1]:g}分制）所占比例。所属变量为“—”的题目不进入指数模型。",
                "en": f"Scores are points of 0–100; the share satisfied answers {asked.satisfied_from:g} or more on {asked.scale[0]:g} to {asked.scale[1]:g}. Questions without a latent variable do not enter the index model.",
            }
        ],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def _item_row(assessed: Assessment, item: str) -> dict[str, Any]:
    asked = assessed.survey.questionnaire
    table = assess.estimate_scores(assessed.now, assessed.survey, item=item, measures=["score", "share"])
    score, share = (table[table["measure"] == measure].iloc[0] for measure in ("score", "share"))
    declared = asked.items[item]
    latent = asked.latents[declared.latent].label.model_dump() if declared.latent else {"zh": "—", "en": "—"}
    why = {"zh": "", "en": ""}
    if score["status"] != "stated":
        minimum = assessed.survey.minimum_respondents
        why = sentence("refusal", str(score["reason"]), n=score["n"], minimum=minimum, detail="—")
    return {
        "code": item, "n": score["n"], "score": score["estimate"], "lower": score["lower"],
        "upper": score["upper"], "share": share["estimate"], "mark": score["status"],
        "item_zh": declared.label.zh, "item_en": capital_text(declared.label.model_dump())["en"],
        "latent_zh": latent["zh"], "latent_en": latent["en"], "reason_zh": why["zh"], "reason_en": why["en"],
    }  # fmt: skip


def tabulate_drivers(assessed: Assessment) -> Display:
    """Importance and performance of each latent variable, most important first; a sentence without a model."""
    table = assess.map_importance(assessed.index, assessed.survey) if assessed.received else pd.DataFrame()
    if table.empty:
        return _no_model(assessed, "satisfaction_drivers")
    called = {
        "importance": ({"zh": "重要性（分）", "en": "Importance (points)"}, _SMALL),
        "performance": ({"zh": "现状（分）", "en": "Performance (points)"}, POINTS),
    }
    columns: dict[str, Column | str] = {
        "label": Column(format="bilingual", label={"zh": "潜变量", "en": "Latent variable"})
    }
    for key, (heading, unit) in called.items():
        columns[key] = Column(format=unit, label=heading)
        columns[f"{key}_interval"] = Column(
            format="interval", lower=f"{key}_lower", upper=f"{key}_upper", unit=unit,
            label=interval_heading(assessed),
        )  # fmt: skip
    return show_table(
        table.assign(**_labels(assessed, table)).sort_values("importance", ascending=False),
        name="satisfaction_drivers",
        caption={"zh": "各方面对满意度指数的重要性和现状", "en": "Importance for the satisfaction index, and performance"},
        columns=columns,
    )  # fmt: skip


def tabulate_paths(assessed: Assessment) -> Display:
    """Direct, indirect and total effects of the model; a sentence without one."""
    table = tabulate_effects(assessed.index, assessed.survey) if assessed.received else pd.DataFrame()
    if table.empty:
        return _no_model(assessed, "satisfaction_paths")
    latents = assessed.survey.questionnaire.latents
    named = {
        f"path_{one}": [
            f"{getattr(latents[row.source].label, one)} → {getattr(latents[row.target].label, one)}"
            for row in table.itertuples()
        ]
        for one in LANGUAGES
    }
    return show_table(
        table.assign(**named),
        name="satisfaction_paths",
        caption={
            "zh": "满意度模型中的直接、间接和总影响（标准化）",
            "en": "Direct, indirect and total effects in the model (standardised)",
        },
        columns={
            "path": Column(format="bilingual", label={"zh": "路径", "en": "From → to"}),
            "direct": Column(format=_SMALL, label={"zh": "直接影响", "en": "Direct"}),
            "indirect": Column(format=_SMALL, label={"zh": "间接影响", "en": "Indirect"}),
            "total": Column(format=_SMALL, label={"zh": "总影响", "en": "Total"}),
            "interval": Column(
                format="interval", unit=_SMALL,
                label={"zh": f"总影响的{assessed.level}区间", "en": f"{assessed.level} interval of the total"},
            ),
        },
        notes=[
            {
                "zh": "标准化：前一变量高1个标准差，后一变量平均高多少个标准差。“—”：模型中没有这条直接或间接路径。区间含0的，不能断定有影响。",
                "en": "Standardised: by how many standard deviations the second goes with one of the first. “—”: the model has no such direct or indirect way. Where the interval covers 0, no effect is claimed.",
            }
        ],
    )  # fmt: skip


def tabulate_measurement(assessed: Assessment) -> Display:
    """Reliability and validity of the index model; a sentence without one."""
    table = assess.tabulate_quality(assessed.index) if assessed.received else pd.DataFrame()
    if table.empty:
        return _no_model(assessed, "satisfaction_measurement")
    several = table["items"] > 1
    single = dict.fromkeys(("ave", "composite", "alpha", "largest_htmt"))
    table = table.assign(**{name: table[name].where(several) for name in single}, **_labels(assessed, table))
    return show_table(
        table,
        name="satisfaction_measurement",
        caption={"zh": "满意度模型的信度、效度和解释力", "en": "Reliability, validity and explanation of the index model"},
        columns={
            "label": Column(format="bilingual", label={"zh": "潜变量", "en": "Latent variable"}),
            "items": Column(format="count", label={"zh": "题数", "en": "Items"}),
            "r_squared": Column(format=_SMALL, label={"zh": "R²", "en": "R²"}),
            "ave": Column(format=_SMALL, label={"zh": "AVE", "en": "AVE"}),
            "composite": Column(format=_SMALL, label={"zh": "组合信度", "en": "Composite reliability"}),
            "alpha": Column(format=_SMALL, label={"zh": "克朗巴赫α", "en": "Cronbach's alpha"}),
            "largest_htmt": Column(format=_SMALL, label={"zh": "最大HTMT", "en": "Largest HTMT"}),
        },
        notes=[
            {
                "zh": "R²：被前面的变量解释的比例，没有前置变量的不计算；AVE（平均提取方差）、组合信度、克朗巴赫α：题目是否测的是同一事物，通常标准为不低于0.50、0.70、0.70；HTMT：与最相近的另一变量的区分，通常标准为低于0.90。只有一道题的变量不计算。",
                "en": "R²: part explained by the variables before it, none where there are none. AVE (average variance extracted), composite reliability, Cronbach's alpha: do the items measure one thing; usual marks from 0.50, 0.70, 0.70. HTMT: is it distinct from the variable nearest to it; usual mark below 0.90. Not given for variables with one item.",
            }
        ],
    )  # fmt: skip


def tabulate_loadings(assessed: Assessment) -> Display:
    """Loading of each item and its share in the index of its latent variable; a sentence without a model."""
    table = assess.tabulate_items(assessed.index, assessed.survey) if assessed.received else pd.DataFrame()
    if table.empty:
        return _no_model(assessed, "satisfaction_loadings")
    items = assessed.survey.questionnaire.items
    labels = [capital_text(items[code].label.model_dump()) for code in table["item"]]
    named = {f"item_{one}": [label[one] for label in labels] for one in LANGUAGES}
    return show_table(
        table.rename(columns={"item": "code"}).assign(**named, **_labels(assessed, table)),
        name="satisfaction_loadings",
        caption={"zh": "模型各题的载荷和权重", "en": "Loadings and weights of the items of the model"},
        columns={
            "label": Column(format="bilingual", label={"zh": "潜变量", "en": "Latent variable"}),
            "item": Column(format="bilingual", label={"zh": "题目", "en": "Question"}),
            "loading": Column(format=_SMALL, label={"zh": "载荷", "en": "Loading"}),
            "share": Column(format="percent", label={"zh": "在指数中的权重", "en": "Weight in the index"}),
        },
    )


_EXTENT: dict[str, Text] = {
    "full": {"zh": "完全", "en": "full"},
    "partial": {"zh": "部分", "en": "partial"},
    "none": {"zh": "不成立", "en": "none"},
}


def tabulate_invariance(assessed: Assessment) -> Display:
    """Measurement invariance between waves, sectors and modes by latent variable; a sentence without any."""
    name = "satisfaction_invariance"
    if not assessed.received or not assessed.has_index:
        return _no_model(assessed, name) if assessed.received else say_nothing(assessed, name, "sector")
    kinds: dict[str, tuple[Text, dict[str, str]]] = {
        "waves": ({"zh": "两次调查之间", "en": "Two waves"}, assessed.invariance),
        "sectors": ({"zh": "两类服务业之间", "en": "Two sectors"}, assessed.between["sector"]),
        "modes": ({"zh": "两种主要访问方式之间", "en": "Two main modes"}, assessed.between["mode"]),
    }
    known = {kind: pair for kind, pair in kinds.items() if pair[1]}
    if not known:
        return show_text(_NO_GROUPS, style="note", instead_of=name)
    table = pd.DataFrame({"latent": list(assessed.survey.questionnaire.latents)})
    extents = {
        f"{kind}_{one}": [_EXTENT[found[code]][one] for code in table["latent"]]
        for kind, (_, found) in known.items()
        for one in LANGUAGES
    }
    return show_table(
        table.assign(**extents, **_labels(assessed, table)),
        name=name,
        caption={"zh": "指数可比性：测量不变性检验（MICOM）", "en": "May indices be compared? Measurement invariance (MICOM)"},
        columns={"label": Column(format="bilingual", label={"zh": "潜变量", "en": "Latent variable"})}
        | {kind: Column(format="bilingual", label=heading) for kind, (heading, _) in known.items()},
        notes=[
            {
                "zh": "完全：权重、均值、方差都没有显著差别；部分：权重没有显著差别，指数可以比较，均值或方差不同；不成立：权重不同，指数不宜直接比较。置换检验，每项显著性水平5%，未作多重比较校正。",
                "en": "Full: weights, means and variances do not differ clearly. Partial: weights do not, so indices may be compared; means or variances differ. None: weights differ, and indices should not be compared. Permutation tests at 5% each, not adjusted for their number.",
            }
        ],
    )  # fmt: skip


_NO_GROUPS: Text = {
    "zh": "只有一次调查、一类服务业和一种访问方式，没有可比较的测量。",
    "en": "With one wave, one sector and one mode there is no measurement to compare.",
}


def _labels(assessed: Assessment, table: pd.DataFrame) -> dict[str, list[str]]:
    latents = assessed.survey.questionnaire.latents
    labels = [capital_text(latents[code].label.model_dump()) for code in table["latent"]]
    return {f"label_{one}": [label[one] for label in labels] for one in LANGUAGES}


def _no_model(assessed: Assessment, name: str) -> Display:
    if not assessed.received:
        return say_nothing(assessed, name, "sector")
    row = assessed.measure(None, "index").iloc[0]
    return show_text(
        {one: f"{row[f'reason_{one}']}{'。' if one == 'zh' else '.'}" for one in LANGUAGES},
        style="note",
        instead_of=name,
    )
