"""Which charts does the chapter on satisfaction show? Their message, alternative text and source."""

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.importance import plot_importance
from qstats.report.figures.points import plot_points
from qstats.report.formats import format_number
from qstats.report.satisfaction.assessment import Assessment, latent_label
from qstats.report.satisfaction.caveats import NOTHING_RECEIVED
from qstats.report.satisfaction.narrative import describe_drivers

_POINTS: Text = {"zh": "单位：分（0–100）", "en": "Unit: points of 0–100"}
_TARGET: Text = {"zh": "绿线：目标", "en": "green mark: target"}


def chart_groups(assessed: Assessment) -> Display:
    """Sectors with their industries, or with the districts where no industry is told apart."""
    if not assessed.received:
        return show_text(NOTHING_RECEIVED, style="note", instead_of="satisfaction_by_group")
    rows = _rows(assessed)
    title = _title(assessed)
    return show_figure(
        plot_points,
        rows,
        target_label=_TARGET,
        name="satisfaction_by_group",
        data="satisfaction_by_sector",
        title=title,
        alt=_alternative(rows, title),
        unit=_POINTS,
        source=_source(assessed),
    )


def chart_districts(assessed: Assessment) -> Display:
    """Districts by score, in the order of the list of divisions: no ranking."""
    if not assessed.received or "county_code" not in assessed.columns:
        return show_text(
            {"zh": "问卷没有注明地区。", "en": "The questionnaires state no district."},
            style="note", instead_of="satisfaction_by_district_chart",
        )  # fmt: skip
    rows = _of(assessed, "county_code", "score", head=False)
    whole = assessed.measure(None, "score").iloc[0]
    apart = rows[
        (rows["status"] == "stated")
        & ((rows["lower"] > whole["estimate"]) | (rows["upper"] < whole["estimate"]))
    ]
    value = format_number(whole["estimate"]) if whole["status"] == "stated" else "—"
    title: Text = {
        "zh": f"各地得分大多与总体（{value}分）难分高低：先后不是名次"
        if len(apart) < len(rows) / 2
        else f"各地得分与总体（{value}分）相比差别较多",
        "en": f"Most districts cannot be told apart from the whole ({value} points): the order is no ranking"
        if len(apart) < len(rows) / 2
        else f"Many districts differ from the whole ({value} points)",
    }
    return show_figure(
        plot_points, rows, name="satisfaction_by_district_chart", data="satisfaction_by_district", title=title,
        alt=_alternative(rows, title), unit=_POINTS, source=_source(assessed),
    )  # fmt: skip


def chart_importance(assessed: Assessment) -> Display:
    """Importance and performance of what leads to satisfaction; a sentence without a model."""
    drivers = describe_drivers(assessed) if assessed.received else None
    if drivers is None:
        return show_text(
            {"zh": "没有满意度模型，无从分析影响因素。", "en": "Without an index model nothing can be said of what drives satisfaction."},
            style="note", instead_of="satisfaction_importance",
        )  # fmt: skip
    rows = assess.map_importance(assessed.index, assessed.survey)
    labels = [latent_label(assessed, row) for row in rows.to_dict("records")]
    rows = rows.assign(label_zh=[one["zh"] for one in labels], label_en=[one["en"] for one in labels])
    most = rows.loc[rows["importance"].idxmax()]
    title: Text = {
        "zh": f"影响最大的是{most['label_zh']}；误差线交叠的，先后不能排定",
        "en": f"{str(most['label_en']).capitalize()} matters most; where intervals overlap, no order is claimed",
    }
    return show_figure(
        plot_importance, rows, name="satisfaction_importance", title=title,
        alt={one: f"{title[one]}{'。' if one == 'zh' else '. '}{drivers[one]}" for one in LANGUAGES},
        unit=_POINTS, source=_source(assessed),
    )  # fmt: skip


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
    labels = [assessed.label_of(column, str(code)) for code in rows[column]]
    levels = {one["sector"]: one["level"] for one in assessed.targets if one["measure"] == measure}
    targets = rows[column].map(levels).astype(float) if column == "sector" else float("nan")
    return rows[["estimate", "lower", "upper", "n", "status"]].assign(
        code=rows[column].astype(str), label_zh=[one["zh"] for one in labels],
        label_en=[one["en"] for one in labels], head=head, target=targets,
    )  # fmt: skip


def _title(assessed: Assessment) -> Text:
    parts = []
    for row in assessed.measure("sector", assessed.headline).to_dict("records"):
        name = assessed.label_of("sector", row["sector"])
        value = format_number(row["estimate"]) if row["status"] == "stated" else None
        parts.append(
            {
                "zh": f"{name['zh']}{value}分" if value else f"{name['zh']}未发布",
                "en": f"{name['en'].lower()} {value}" if value else f"{name['en'].lower()} not published",
            }
        )
    measure = text("satisfaction_measure", assessed.headline)
    return {
        "zh": f"{measure['zh']}：{'，'.join(part['zh'] for part in parts)}",
        "en": f"{measure['en']} in points: {', '.join(part['en'] for part in parts)}",
    }


def _alternative(rows: pd.DataFrame, title: Text) -> Text:
    values = {
        one: "; ".join(
            f"{row[f'label_{one}']} {format_number(row['estimate']) if row['status'] == 'stated' else '—'}"
            for row in rows.to_dict("records")
        )
        for one in LANGUAGES
    }
    return {"zh": f"{title['zh']}。{values['zh']}。", "en": f"{title['en']}. {values['en']}."}


def _source(assessed: Assessment) -> Text:
    wave, n = assessed.wave_label(assessed.waves[-1]), len(assessed.now.frame)
    return {
        "zh": f"{assessed.place['zh']}{assessed.survey.questionnaire.label.zh}，{wave['zh']}，{n}名受访者",
        "en": f"{assessed.survey.questionnaire.label.en.capitalize()}, {assessed.place['en']}, wave {wave['en']}, {n:,} respondents",
    }
