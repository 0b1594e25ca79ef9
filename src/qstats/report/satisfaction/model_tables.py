"""Which tables show the questions and the model behind the index?"""

from typing import Any

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.satisfaction.assessment import Assessment
from qstats.report.satisfaction.headings import HEAD, POINTS, say_nothing


def tabulate_items(assessed: Assessment) -> Display:
    """Each question: mean in points, share satisfied, and its part in the index of its latent variable."""
    if not assessed.received:
        return say_nothing(assessed, "satisfaction_items", "sector")
    questionnaire = assessed.survey.questionnaire
    rows = []
    for item, declared in questionnaire.items.items():
        table = assess.estimate_scores(assessed.now, assessed.survey, item=item, measures=["score", "share"])
        score, share = (table[table["measure"] == measure].iloc[0] for measure in ("score", "share"))
        rows.append(
            {
                "item": item, "item_zh": declared.label.zh, "item_en": declared.label.en, "n": score["n"],
                "score": score["estimate"], "lower": score["lower"], "upper": score["upper"],
                "share": share["estimate"], "mark": score["status"],
                "reason_zh": "" if score["status"] == "stated" else _why(assessed, score, "zh"),
                "reason_en": "" if score["status"] == "stated" else _why(assessed, score, "en"),
            }
        )  # fmt: skip
    return show_table(
        pd.DataFrame(rows),
        name="satisfaction_items",
        caption={
            "zh": "各题得分（0–100分）与满意率",
            "en": "Score of each question (0–100) and share satisfied",
        },
        columns={
            "item": Column(format="bilingual", label={"zh": "题目", "en": "Question"}),
            "n": Column(format="count", label=HEAD["respondents"]),
            "score": Column(format=POINTS, label=HEAD["score"]),
            "interval": Column(format="interval", unit=POINTS, label=HEAD["interval"]),
            "share": Column(format="percent", label=HEAD["share"]),
        },
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_measurement(assessed: Assessment) -> Display:
    """Reliability and validity of the index model; a sentence without one."""
    table = assess.tabulate_quality(assessed.index) if assessed.received else pd.DataFrame()
    if table.empty:
        return _no_model(assessed, "satisfaction_measurement")
    latents = assessed.survey.questionnaire.latents
    verdicts = [assessed.invariance.get(code) for code in table["latent"]]
    table = table.assign(
        label_zh=[latents[code].label.zh for code in table["latent"]],
        label_en=[latents[code].label.en for code in table["latent"]],
        invariance_zh=[_EXTENT[one]["zh"] if one else "—" for one in verdicts],
        invariance_en=[_EXTENT[one]["en"] if one else "—" for one in verdicts],
    )
    return show_table(
        table,
        name="satisfaction_measurement",
        caption={"zh": "满意度模型的测量质量", "en": "Quality of the measurement"},
        columns={
            "label": Column(format="bilingual", label={"zh": "潜变量", "en": "Latent variable"}),
            "items": Column(format="count", label={"zh": "题数", "en": "Items"}),
            "r_squared": Column(format="percent", label={"zh": "被解释比例R²", "en": "R²"}),
            "ave": Column(format="percent", label={"zh": "平均提取方差AVE", "en": "AVE"}),
            "composite": Column(format="percent", label={"zh": "组合信度", "en": "Composite reliability"}),
            "alpha": Column(format="percent", label={"zh": "克朗巴赫α", "en": "Cronbach's alpha"}),
            "largest_htmt": Column(format="percent", label={"zh": "最大HTMT", "en": "Largest HTMT"}),
            "invariance": Column(
                format="bilingual", label={"zh": "两次调查可比性", "en": "Invariance between waves"}
            ),
        },
        notes=[
            {
                "zh": "以%表示。通常标准：AVE不低于50%，信度不低于70%，HTMT低于90%。可比性按组合测量不变性检验（MICOM）：完全＝权重、均值、方差均无差异；部分＝权重无差异，指数可比；不成立＝指数不宜直接比较。",
                "en": "In per cent. Usual marks: AVE from 50%, reliability from 70%, HTMT below 90%. Invariance by the permutation test for composites (MICOM): full, weights, means and variances agree; partial, weights agree and indices may be compared; none, they should not be compared directly.",
            }
        ],
    )


_EXTENT: dict[str, Text] = {
    "full": {"zh": "完全", "en": "full"},
    "partial": {"zh": "部分", "en": "partial"},
    "none": {"zh": "不成立", "en": "none"},
}


def tabulate_paths(assessed: Assessment) -> Display:
    """Paths of the model with intervals; a sentence without one."""
    table = assess.tabulate_paths(assessed.index, assessed.survey) if assessed.received else pd.DataFrame()
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
        table.assign(
            **named, coefficient=table["estimate"] * 100, low=table["lower"] * 100, high=table["upper"] * 100
        ),
        name="satisfaction_paths",
        caption={
            "zh": "模型中的影响路径（标准化系数×100）",
            "en": "Paths of the model (standardised, times 100)",
        },
        columns={
            "path": Column(format="bilingual", label={"zh": "路径", "en": "Path"}),
            "coefficient": Column(format=POINTS, label={"zh": "系数", "en": "Coefficient"}),
            "interval": Column(
                format="interval", lower="low", upper="high", unit=POINTS, label=HEAD["interval"]
            ),
        },
        notes=[
            {"zh": "区间含0的路径不能断定有影响。", "en": "A path whose interval covers 0 is not claimed."}
        ],
    )


def _why(assessed: Assessment, row: Any, language: str) -> str:
    template = text("refusal", str(row["reason"]))[language]
    return template.format(n=row["n"], minimum=assessed.survey.minimum_respondents)


def _no_model(assessed: Assessment, name: str) -> Display:
    if not assessed.received:
        return say_nothing(assessed, name, "sector")
    row = assessed.measure(None, "index").iloc[0]
    return show_text(
        {one: f"{row[f'reason_{one}']}{'。' if one == 'zh' else '.'}" for one in LANGUAGES},
        style="note",
        instead_of=name,
    )
