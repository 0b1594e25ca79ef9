"""Which charts does the index have? Its course over the years, and the units with the ranks left to each."""

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.competitiveness.measured import CITY
from qstats.periods import Period
from qstats.report.competitiveness.assessment import INDEX, Assessment
from qstats.report.competitiveness.wording import say_change, say_count, say_score
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.scores import plot_scores
from qstats.report.figures.standing import plot_standing

_POINTS: Text = {"zh": "单位：分", "en": "Unit: points"}
NOTHING: Text = {
    "zh": "没有指数，无图可画。",
    "en": "There is no index: there is nothing to draw.",
}
SHORT: dict[str, Text] = {INDEX: {"zh": "指数", "en": "Index"}}


def chart_years(assessed: Assessment) -> Display:
    """The city's index and its parts over the years."""
    codes = [INDEX, *(row.code for row in assessed.definition.pillars)]
    rows = assessed.scores[(assessed.scores["unit"] == CITY) & assessed.scores["code"].isin(codes)]
    if not (rows["status"] == "stated").any():
        return show_text(NOTHING, style="note", instead_of=f"{assessed.prefix}_years")
    names = {code: SHORT.get(code, assessed.definition.label(code)) for code in codes}
    table = rows.assign(**{f"label_{one}": [names[code][one] for code in rows["code"]] for one in LANGUAGES})
    title = _years_title(assessed)
    return show_figure(
        plot_scores, table, codes=codes, periods=[str(year) for year in assessed.years], name=f"{assessed.prefix}_years",
        data=f"{assessed.prefix}_scores", title=title, alt=_years_alternative(assessed, table, title), unit=_POINTS,
        source=_source(assessed),
    )  # fmt: skip


def _years_title(assessed: Assessment) -> Text:
    change = assessed.change
    if not assessed.is_stated or change is None or change["verdict"] == "cannot_be_stated":
        return {
            "zh": f"{assessed.place['zh']}{assessed.short['zh']}与各方面得分",
            "en": f"{assessed.short['en']} of {assessed.place['en']} and its parts",
        }
    told = say_change(change, assessed.level, Period.parse(str(assessed.previous)).label)
    return {
        "zh": f"{assessed.place['zh']}{assessed.short['zh']}{told['zh'].split('（')[0]}",
        "en": f"{assessed.short['en']}, {assessed.place['en']}: {told['en'].split(' (')[0]}",
    }


def _years_alternative(assessed: Assessment, rows: pd.DataFrame, title: Text) -> Text:
    said: dict[str, list[str]] = {one: [] for one in LANGUAGES}
    for row in rows[rows["status"] == "stated"].to_dict("records"):
        for one in LANGUAGES:
            said[one].append(f"{row[f'label_{one}']} {row['period']}: {say_score(row['estimate'], one)}")
    return {
        "zh": f"{title['zh']}。{'；'.join(said['zh'])}。",
        "en": f"{title['en']}. {'; '.join(said['en'])}.",
    }


def chart_units(assessed: Assessment) -> Display:
    """Counties or industries with intervals, rank sets and, apart from them, ranges over choices."""
    rows = assessed.standing.table
    if len(rows) < 2:
        return show_text(NOTHING, style="note", instead_of=f"{assessed.prefix}_standing")
    drawn = rows.assign(range_low=float("nan"), range_high=float("nan"))
    if assessed.robustness is not None:
        low, high = assessed.robustness.ranges.share_range()
        drawn = drawn.assign(range_low=low.astype(float), range_high=high.astype(float))
    title = _units_title(assessed)
    return show_figure(
        plot_standing, drawn, labels=assessed.names, reference=float(assessed.city["estimate"]),
        name=f"{assessed.prefix}_standing", data=f"{assessed.prefix}_units", title=title,
        alt=_units_alternative(assessed, rows, title), unit={"zh": "单位：分；名次", "en": "Unit: points; rank"},
        source=_source(assessed),
    )  # fmt: skip


def _units_title(assessed: Assessment) -> Text:
    if assessed.standing.are_told_apart:
        return {
            "zh": f"{assessed.short['zh']}：{assessed.year.label['zh']}部分{assessed.many['zh']}能分出先后，其余不能",
            "en": f"{assessed.short['en']}, {assessed.year.label['en']}: some {assessed.many['en']} can be told apart, others cannot",
        }
    return {
        "zh": f"{assessed.year.label['zh']}各{assessed.many['zh']}的{assessed.short['zh']}在抽样误差之内不能分出先后",
        "en": f"{assessed.short['en']}, {assessed.year.label['en']}: no {assessed.one['en']} can be told apart from the others within sampling error",
    }


def _units_alternative(assessed: Assessment, rows: pd.DataFrame, title: Text) -> Text:
    said = {
        one: [
            f"{assessed.names[row['unit']][one]} {say_score(row['estimate'], one)} ({row['rank_low']}–{row['rank_high']})"
            for row in rows.to_dict("records")
        ]
        for one in LANGUAGES
    }
    return {
        "zh": f"{title['zh']}。{'；'.join(said['zh'])}。",
        "en": f"{title['en']}. {'; '.join(said['en'])}.",
    }


def _source(assessed: Assessment) -> Text:
    files = say_count(len(assessed.sources()))
    whence = _WHENCE[assessed.definition.id]
    return {
        "zh": f"{whence['zh']}（{files['zh']}个文件）；上下界与权数由本项目设定",
        "en": f"{whence['en']} ({files['en']} files); bounds and weights declared by this project",
    }


_WHENCE: dict[str, Text] = {
    "city_quality": {"zh": "本项目各数据流", "en": "data streams of this project"},
    "manufacturing_quality": {
        "zh": "企业质量统计年报、市级监督抽查",
        "en": "quality returns of enterprises, municipal supervision sampling",
    },
}
