"""Which charts does the chapter on satisfaction show? Their message, alternative text and source."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.importance import plot_importance
from qstats.report.figures.points import plot_points
from qstats.report.formats import capital_text, format_number
from qstats.report.satisfaction.assessment import Assessment, latent_label
from qstats.report.satisfaction.caveats import NOTHING_RECEIVED
from qstats.report.satisfaction.narrative import describe_drivers, describe_standing
from qstats.report.satisfaction.wording import NOTHING, say_list, say_value
from qstats.satisfaction.effects import lead_drivers


def _unit(assessed: Assessment, measure: str) -> Text:
    called = text("satisfaction_measure", measure)
    return {"zh": f"{called['zh']}，0～100分", "en": f"{called['en']}, points of 0–100"}


def chart_groups(assessed: Assessment) -> Display:
    """Sectors with their industries, or with the districts where no industry is told apart."""
    if not assessed.received:
        return show_text(NOTHING_RECEIVED, style="note", instead_of="satisfaction_by_group")
    rows, title = _rows(assessed), _title(assessed)
    return show_figure(
        plot_points, rows, name="satisfaction_by_group", data="satisfaction_by_sector", title=title,
        alt=_alternative(rows, title), unit=_unit(assessed, assessed.headline), source=_source(assessed),
    )  # fmt: skip


def chart_districts(assessed: Assessment) -> Display:
    """Districts by the headline measure, in the order of the list of divisions: no ranking.

    A sentence where there are none, or where the chart of the sectors shows them.
    """
    if not assessed.received or "county_code" not in assessed.columns:
        return show_text(
            {"zh": "问卷没有注明地区，或只有一个地区。", "en": "The questionnaires state no district, or only one."},
            style="note", instead_of="satisfaction_by_district_chart",
        )  # fmt: skip
    if "industry" not in assessed.columns and (standing := describe_standing(assessed, "county_code")):
        return show_text(standing, instead_of="satisfaction_by_district_chart")  # drawn with the sectors
    measure = assessed.headline
    rows, whole = _of(assessed, "county_code", measure, head=False), assessed.measure(None, measure).iloc[0]
    title = describe_standing(assessed, "county_code") or _NO_DISTRICTS
    return show_figure(
        plot_points, rows, reference=whole["estimate"] if whole["status"] == "stated" else None,
        reference_label={"zh": "总体", "en": "All"},
        name="satisfaction_by_district_chart", data="satisfaction_by_district",
        title={"zh": title["zh"].rstrip("。"), "en": title["en"].rstrip(".")},
        alt=_alternative(rows, title), unit=_unit(assessed, measure), source=_source(assessed),
    )  # fmt: skip


_NO_DISTRICTS: Text = {
    "zh": "能给出结果的地区不足两个，不作比较。",
    "en": "Fewer than two districts can be stated: none are compared.",
}


def chart_importance(assessed: Assessment) -> Display:
    """Importance and performance of what leads to satisfaction; a sentence without a model."""
    drivers = describe_drivers(assessed) if assessed.received else None
    if drivers is None:
        return show_text(
            {"zh": "没有满意度模型，无从分析影响因素。", "en": "Without an index model nothing can be said of what drives satisfaction."},
            style="note", instead_of="satisfaction_importance",
        )  # fmt: skip
    rows = assess.map_importance(assessed.index, assessed.survey)
    labels = [capital_text(latent_label(assessed, row)) for row in rows.to_dict("records")]
    rows = rows.assign(label_zh=[one["zh"] for one in labels], label_en=[one["en"] for one in labels])
    leaders = lead_drivers(assessed.index, assessed.survey)
    names = say_list([latent_label(assessed, {"latent": code}) for code in leaders])
    tied, all_tied = len(leaders) > 1, len(leaders) == len(rows)
    title: Text = (
        {"zh": "各方面对满意度的影响难分先后", "en": "The influences on satisfaction cannot be told apart"}
        if all_tied
        else {
            "zh": f"对满意度影响最大的是{names['zh']}{'，难分先后' if tied else ''}",
            "en": f"{capital_text(names)['en']} {'matter most and cannot be told apart' if tied else 'matters most'}",
        }
    )
    return show_figure(
        plot_importance, rows, name="satisfaction_importance", data="satisfaction_drivers", title=title,
        alt={one: f"{title[one]}{'。' if one == 'zh' else '. '}{drivers[one]}" for one in LANGUAGES},
        unit=_MAP, source=_source(assessed),
    )  # fmt: skip


_MAP: Text = {
    "zh": "重要性：该方面指数每提高1分，满意度指数平均高多少分；现状：该方面的指数；虚线为平均值",
    "en": "Importance: points of the satisfaction index per point of the variable; performance: its index; dashed: means",
}


def _rows(assessed: Assessment) -> pd.DataFrame:
    """Sectors, each followed by its industries; districts where there is no industry."""
    measure = assessed.headline
    sectors = _of(assessed, "sector", measure, head=True)
    if "industry" not in assessed.columns:
        rest = (
            [_of(assessed, "county_code", measure, head=False)] if "county_code" in assessed.columns else []
        )
        return pd.concat([sectors, *rest], ignore_index=True)
    industries = _of(assessed, "industry", measure, head=False)
    declared = assessed.survey.questionnaire.categories_of("industry")
    of_sector = industries["code"].map(lambda code: declared[code].sector if code in declared else None)
    parts = []
    for row in sectors.itertuples():
        mine = industries[of_sector == row.code].sort_values("estimate", ascending=False, na_position="last")
        parts += [sectors[sectors["code"] == row.code], mine.assign(target=row.target)]
    return pd.concat([*parts, industries[of_sector.isna()]], ignore_index=True)


def _of(assessed: Assessment, column: str, measure: str, *, head: bool) -> pd.DataFrame:
    rows = assessed.measure(column, measure)
    labels = [capital_text(assessed.label_of(column, str(code))) for code in rows[column]]
    levels = {one["sector"]: one["level"] for one in assessed.targets if one["measure"] == measure}
    targets = rows[column].map(levels).astype(float) if column == "sector" else float("nan")
    return rows[["estimate", "lower", "upper", "n", "status"]].assign(
        code=rows[column].astype(str), label_zh=[one["zh"] for one in labels],
        label_en=[one["en"] for one in labels], head=head, target=targets,
    )  # fmt: skip


def _title(assessed: Assessment) -> Text:
    """Each sector's figure and whether it meets the target in the measure that is drawn."""
    levels = {one["sector"]: one["level"] for one in assessed.targets if one["measure"] == assessed.headline}
    parts: list[Text] = []
    for row in assessed.measure("sector", assessed.headline).to_dict("records"):
        name = assessed.label_of("sector", row["sector"])
        if row["status"] != "stated":
            parts.append({"zh": f"{name['zh']}不能给出", "en": f"{name['en']} not stated"})
            continue
        value = {one: say_value(row["estimate"], assessed.headline, one) for one in LANGUAGES}
        judged = _judge(row, levels.get(row["sector"]))
        parts.append(
            {one: f"{name[one]}{'' if one == 'zh' else ' '}{value[one]}{judged[one]}" for one in LANGUAGES}
        )
    if not parts:
        return _unit(assessed, assessed.headline)
    zh, en = "；".join(part["zh"] for part in parts), "; ".join(part["en"] for part in parts)
    return {"zh": zh, "en": en[:1].upper() + en[1:]}


def _judge(row: Mapping[Hashable, Any], level: float | None) -> Text:
    if level is None:
        return NOTHING
    points, verdict = format_number(level, decimals=0), assess.judge_target(pd.Series(row), level)
    return {one: template.format(points) for one, template in _JUDGED[verdict].items()}


_JUDGED: dict[str, Text] = {
    "clearly_met": {"zh": "，达到{}分的目标", "en": ", target of {} met"},
    "met_within_error": {"zh": "，与{}分的目标难分高低", "en": ", not told apart from the target of {}"},
    "missed_within_error": {"zh": "，与{}分的目标难分高低", "en": ", not told apart from the target of {}"},
    "clearly_missed": {"zh": "，未达到{}分的目标", "en": ", target of {} missed"},
    "cannot_be_stated": NOTHING,
}


def _alternative(rows: pd.DataFrame, title: Text) -> Text:
    values = {
        one: ("；" if one == "zh" else "; ").join(
            f"{row[f'label_{one}']} {format_number(row['estimate']) if row['status'] == 'stated' else '—'}"
            for row in rows.to_dict("records")
        )
        for one in LANGUAGES
    }
    head = {"zh": title["zh"].rstrip("。"), "en": title["en"].rstrip(".")}
    if rows.empty:
        return {"zh": f"{head['zh']}。", "en": f"{head['en']}."}
    return {"zh": f"{head['zh']}。{values['zh']}。", "en": f"{head['en']}. {values['en']}."}


def _source(assessed: Assessment) -> Text:
    wave, asked = assessed.wave_label(assessed.waves[-1]), assessed.survey.questionnaire.label.model_dump()
    place = {one: "" if assessed.place[one] in asked[one] else assessed.place[one] for one in LANGUAGES}
    n = len(assessed.now.frame)
    return {
        "zh": f"{place['zh']}{asked['zh']}，{wave['zh']}，有效问卷{n}份",
        "en": ", ".join(one for one in (capital_text(asked)["en"], place["en"], wave["en"], f"{n:,} respondents") if one),
    }  # fmt: skip
