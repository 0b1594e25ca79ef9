"""Which tables does the chapter on satisfaction show? Index, score and share side by side, never mixed."""

from typing import Any

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.formats import format_interval, format_number, format_percent
from qstats.report.satisfaction.assessment import PLACED_BY, Assessment
from qstats.report.satisfaction.headings import HEAD, POINTS, say_nothing

_HOW_MEASURED: Text = {
    "zh": "得分：对“总体满意度”一题的评分换算为0–100分后的平均；指数：由模型中各题按权重合成，0–100分；满意率：该题评分达到规定分数的人所占比例。三者含义不同，不能互换。评分人数是对“总体满意度”给出评分的人；指数只用模型各题都有评分的问卷。",
    "en": "Score: mean answer to the question on satisfaction overall, on 0–100. Index: several questions combined by the weights of the model, on 0–100. Share satisfied: part of the respondents whose answer reaches the declared mark. The three mean different things and cannot be exchanged. Respondents are those who answered the question on satisfaction overall; the index uses questionnaires with an answer to every item of the model.",
}


def tabulate_groups(assessed: Assessment, column: str) -> Display:
    """One row per sector, industry or district: index, score and share with intervals, and the change."""
    name = f"satisfaction_by_{PLACED_BY[column]['en']}"
    if not assessed.received or column not in assessed.columns:
        return say_nothing(assessed, name, column)
    rows = _side_by_side(assessed, column)
    labels = {str(code): assessed.label_of(column, str(code)) for code in rows[column]}
    columns: dict[str, Column | str] = {column: Column(format="code", labels=labels, label=_capital(PLACED_BY[column])),
                                        "n": Column(format="count", label=HEAD["respondents"])}  # fmt: skip
    if assessed.has_index:
        columns |= {
            "index": Column(format=POINTS, label=HEAD["index"]),
            "index_interval": Column(
                format="interval",
                lower="index_lower",
                upper="index_upper",
                unit=POINTS,
                label=HEAD["interval"],
            ),
        }
    columns |= {
        "score": Column(format=POINTS, label=HEAD["score"]),
        "score_interval": Column(
            format="interval", lower="score_lower", upper="score_upper", unit=POINTS, label=HEAD["interval"]
        ),
        "share": Column(format="percent", label=HEAD["share"]),
        "share_interval": Column(
            format="interval",
            lower="share_lower",
            upper="share_upper",
            unit="percent",
            label=HEAD["interval"],
        ),
    }
    return show_table(
        rows, name=name, caption=_caption(assessed, column), columns=columns, notes=[_HOW_MEASURED] if column == assessed.columns[0] else [],
        status="mark", reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def tabulate_changes(assessed: Assessment, column: str) -> Display:
    """Change of the headline measure of each group against the wave before."""
    name = f"satisfaction_change_by_{PLACED_BY[column]['en']}"
    if not assessed.received or column not in assessed.columns or assessed.before is None:
        return show_text(
            {"zh": "没有更早的调查可供比较。", "en": "There is no earlier wave to compare with."},
            style="note", instead_of=name,
        )  # fmt: skip
    measure = assessed.headline
    rows = assessed.measure(column, measure).assign(change_mark=lambda table: table["change_status"])
    labels = {str(code): assessed.label_of(column, str(code)) for code in rows[column]}
    reasons = {
        one: [
            text("refusal", str(code))[one] if isinstance(code, str) else "" for code in rows["change_reason"]
        ]
        for one in LANGUAGES
    }
    against = assessed.wave_label(assessed.waves[-2])
    return show_table(
        rows.assign(why_zh=reasons["zh"], why_en=reasons["en"]),
        name=name,
        caption={
            "zh": f"各{PLACED_BY[column]['zh']}{text('satisfaction_measure', measure)['zh']}与{against['zh']}相比的变化",
            "en": f"{text('satisfaction_measure', measure)['en']} by {PLACED_BY[column]['en']}: change against wave {against['en']}",
        },
        columns={
            column: Column(format="code", labels=labels, label=_capital(PLACED_BY[column])),
            "before": Column(format=POINTS, label={"zh": "上次", "en": "Before"}),
            "estimate": Column(format=POINTS, label={"zh": "本次", "en": "Now"}),
            "change": Column(format="signed", label=HEAD["change"]),
            "change_interval": Column(
                format="interval",
                lower="change_lower",
                upper="change_upper",
                unit="signed",
                label=HEAD["change_interval"],
            ),
        },
        notes=[
            {
                "zh": "两次调查是两个独立样本；区间含0即无显著变化。未作多重比较校正：分组多时，个别区间不含0可能出于偶然。",
                "en": "The waves are independent samples; an interval that covers 0 means no clear change. Not adjusted for the number of groups: among many, a few intervals miss 0 by chance.",
            }
        ],
        status="change_mark",
        reason=("why_zh", "why_en"),
    )


def tabulate_targets(assessed: Assessment) -> Display:
    """Each target with the figure that it is held against, in the measure that it names."""
    if not assessed.received:
        return say_nothing(assessed, "satisfaction_targets", "sector")
    rows = [_target_row(assessed, *judged) for judged in assessed.judged_targets()]
    return show_table(
        pd.DataFrame(rows),
        name="satisfaction_targets",
        caption={"zh": "满意度目标与本次测得值", "en": "Targets of satisfaction and what was measured"},
        columns={
            "sector": Column(format="bilingual", label={"zh": "类别", "en": "Sector"}),
            "measure": Column(format="bilingual", label={"zh": "口径", "en": "Measure"}),
            "level": Column(format="bilingual", label={"zh": "目标", "en": "Target"}),
            "measured": Column(format="bilingual", label={"zh": "测得值", "en": "Measured"}),
            "interval": Column(format="bilingual", label=HEAD["interval"]),
            "verdict": Column(format="bilingual", label=HEAD["reading"]),
        },
        notes=[
            {
                "zh": "国家质量发展纲要的80和75是指数分值；本市文件写作“%”。采用哪一种口径由参数satisfaction_targets规定。",
                "en": "The 80 and 75 of the national outline are index points; the city's document writes “%”. Which reading applies is declared in satisfaction_targets.",
            }
        ],
    )


def _side_by_side(assessed: Assessment, column: str) -> pd.DataFrame:
    """Measures of each group beside each other; a group's mark and reason are those of its score."""
    score = assessed.measure(column, "score")
    table = score[[column, "n", "respondents", "clusters", "mark", "reason_zh", "reason_en"]]
    for measure in ("index", "score", "share"):
        rows = assessed.measure(column, measure)[[column, "estimate", "lower", "upper"]]
        renamed = {"estimate": measure, "lower": f"{measure}_lower", "upper": f"{measure}_upper"}
        table = table.merge(rows.rename(columns=renamed), on=column, how="left")
    return table.sort_values(assessed.headline, ascending=False, kind="stable", na_position="last")


def _target_row(assessed: Assessment, target: Any, row: Any, verdict: str) -> dict[str, str]:
    share = target["measure"] == "share"
    made: dict[str, str] = {}
    for one in LANGUAGES:
        unit = "分" if one == "zh" else " points"
        made |= {
            f"sector_{one}": assessed.label_of("sector", target["sector"])[one],
            f"measure_{one}": text("satisfaction_measure", target["measure"])[one],
            f"level_{one}": f"≥{format_percent(target['level']) if share else format_number(target['level'], decimals=0) + unit}",
            f"measured_{one}": "—"
            if row is None or row["status"] != "stated"
            else format_percent(row["estimate"])
            if share
            else format_number(row["estimate"]),
            f"interval_{one}": "—"
            if row is None or row["status"] != "stated"
            else format_interval(row["lower"], row["upper"], one, unit="percent" if share else "number"),
            f"verdict_{one}": text("target_verdict", verdict)[one],
        }
    return made


def _caption(assessed: Assessment, column: str) -> Text:
    wave, by = assessed.wave_label(assessed.waves[-1]), PLACED_BY[column]
    return {"zh": f"{wave['zh']}各{by['zh']}的满意度", "en": f"Satisfaction by {by['en']}, wave {wave['en']}"}


def _capital(label: Text) -> Text:
    return {"zh": label["zh"], "en": label["en"].capitalize()}
