"""Which tables show the groups? Index, score and share side by side, never mixed; ranks with what they leave open."""

import pandas as pd

from qstats.codebook import Text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import capital_text
from qstats.report.satisfaction.assessment import PLACED_BY, Assessment
from qstats.report.satisfaction.headings import HEAD, POINTS, leave_out, say_nothing


def tabulate_groups(assessed: Assessment, column: str) -> Display:
    """One row per sector, industry or district: index, score and share with intervals, and possible ranks."""
    name = f"satisfaction_by_{PLACED_BY[column]['en']}"
    if not assessed.received or column not in assessed.columns:
        # the chart of the districts says that there are none
        return leave_out(name) if column == "county_code" else say_nothing(assessed, name, column)
    rows = _side_by_side(assessed, column)
    labels = {str(code): capital_text(assessed.label_of(column, str(code))) for code in rows[column]}
    columns: dict[str, Column | str] = {
        column: Column(format="code", labels=labels, label=capital_text(PLACED_BY[column]))
    }
    if assessed.has_index:
        columns |= {"complete": Column(format="count", label=HEAD["complete"])} | _measure(assessed, "index")
    columns |= {"n": Column(format="count", label=HEAD["respondents"])} | _measure(assessed, "score")
    columns |= _measure(assessed, "share")
    if column != "sector":
        columns["ranks"] = Column(format="bilingual", label=HEAD["ranks"])
    return show_table(
        rows, name=name, caption=_caption(assessed, column), columns=columns, notes=_notes(assessed, column),
        status="mark", reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def _measure(assessed: Assessment, measure: str) -> dict[str, Column | str]:
    unit = "percent" if measure == "share" else POINTS
    return {
        measure: Column(format=unit, label=HEAD[measure]),
        f"{measure}_interval": Column(
            format="interval", lower=f"{measure}_lower", upper=f"{measure}_upper", unit=unit,
            label={"zh": f"{assessed.level}区间", "en": f"{assessed.level} interval"},
        ),
    }  # fmt: skip


def _side_by_side(assessed: Assessment, column: str) -> pd.DataFrame:
    """Measures of each group beside each other; a mark is that of the score, or of an index to use with care."""
    score, index = assessed.measure(column, "score"), assessed.measure(column, "index")
    table = score[[column, "n", "respondents", "clusters", "deff", "mark", "reason_zh", "reason_en"]]
    table = table.merge(index[[column, "n"]].rename(columns={"n": "complete"}), on=column, how="left")
    careful = index.loc[index["mark"] == "use_with_care", column]
    stated = (table["mark"] == "stated") & table[column].isin(careful)
    table["mark"] = table["mark"].mask(stated, "use_with_care")
    for measure in ("index", "score", "share"):
        rows = assessed.measure(column, measure)[[column, "estimate", "lower", "upper"]]
        renamed = {"estimate": measure, "lower": f"{measure}_lower", "upper": f"{measure}_upper"}
        table = table.merge(rows.rename(columns=renamed), on=column, how="left")
    ranked = assessed.standing(column)[[column, "rank_low", "rank_high"]]
    table = table.merge(ranked, on=column, how="left")
    told = [_say_ranks(low, high) for low, high in zip(table["rank_low"], table["rank_high"], strict=True)]
    table = table.assign(ranks_zh=told, ranks_en=[one.replace("～", "–") for one in told])
    return table.sort_values(assessed.headline, ascending=False, kind="stable", na_position="last")


def _say_ranks(low: object, high: object) -> str:
    if pd.isna(low):
        return "—"
    return f"{low}" if low == high else f"{low}～{high}"


def _notes(assessed: Assessment, column: str) -> list[Text]:
    if column == "sector":
        return [_explain_counts(assessed)] if assessed.has_index else []
    by, measure = PLACED_BY[column], HEAD[assessed.headline]
    return [
        {
            "zh": f"可能名次：按{measure['zh'].removesuffix('（分）')}两两比较后不能排除的名次，全部{by['zh']}的名次范围同时成立的置信水平为{assessed.level}。表中先后不是名次。",
            "en": f"Ranks: those that comparing all pairs by {measure['en'].removesuffix(' (points)').lower()} does not exclude; all ranges hold at once with {assessed.level} confidence. The order of the table is no ranking.",
        },
    ]


def _explain_counts(assessed: Assessment) -> Text:
    asked = assessed.survey.questionnaire
    overall = asked.items[asked.overall].label
    return {
        "zh": f"区间均为置信区间。完整问卷：模型各题都有评分，用于指数；评分人数：对“{overall.zh}”一题给出评分，用于得分和满意率。",
        "en": f"Intervals are confidence intervals. The first n counts questionnaires with an answer to every item of the model, used for the index; the second, answers to “{overall.en}”, used for score and share.",
    }


def _caption(assessed: Assessment, column: str) -> Text:
    wave, by = assessed.wave_label(assessed.waves[-1]), PLACED_BY[column]
    return {"zh": f"各{by['zh']}的满意度，{wave['zh']}", "en": f"Satisfaction by {by['en']}, {wave['en']}"}
