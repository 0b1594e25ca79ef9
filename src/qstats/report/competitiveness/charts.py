"""Which charts does the index have? Its course over the years, and the counties with the ranks left to each."""

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
        return show_text(NOTHING, style="note", instead_of="index_years")
    names = {code: SHORT.get(code, assessed.definition.label(code)) for code in codes}
    table = rows.assign(**{f"label_{one}": [names[code][one] for code in rows["code"]] for one in LANGUAGES})
    title = _years_title(assessed)
    return show_figure(
        plot_scores, table, codes=codes, periods=[str(year) for year in assessed.years], name="index_years",
        data="index_scores", title=title, alt=_years_alternative(assessed, table, title), unit=_POINTS,
        source=_source(assessed),
    )  # fmt: skip


def _years_title(assessed: Assessment) -> Text:
    change = assessed.change
    if not assessed.is_stated or change is None or change["verdict"] == "cannot_be_stated":
        return {
            "zh": f"{assessed.place['zh']}指数与各方面得分",
            "en": f"Index of {assessed.place['en']} and its parts",
        }
    told = say_change(change, assessed.level, Period.parse(str(assessed.previous)).label)
    return {
        "zh": f"{assessed.place['zh']}指数{told['zh'].split('（')[0]}",
        "en": f"Index of {assessed.place['en']}: {told['en'].split(' (')[0]}",
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


def chart_counties(assessed: Assessment) -> Display:
    """Counties with intervals, rank sets and, apart from them, ranges over choices."""
    rows = assessed.standing.table
    if len(rows) < 2:
        return show_text(NOTHING, style="note", instead_of="index_standing")
    drawn = rows.assign(range_low=float("nan"), range_high=float("nan"))
    if assessed.robustness is not None:
        low, high = assessed.robustness.ranges.share_range()
        drawn = drawn.assign(range_low=low.astype(float), range_high=high.astype(float))
    title = _counties_title(assessed)
    return show_figure(
        plot_standing, drawn, labels=assessed.names, reference=float(assessed.city["estimate"]),
        name="index_standing", data="index_counties", title=title,
        alt=_counties_alternative(assessed, rows, title), unit={"zh": "单位：分；名次", "en": "Unit: points; rank"},
        source=_source(assessed),
    )  # fmt: skip


def _counties_title(assessed: Assessment) -> Text:
    if assessed.standing.are_told_apart:
        return {
            "zh": f"{assessed.year.label['zh']}部分县（市、区）能分出先后，多数不能",
            "en": f"Some counties can be told apart, {assessed.year.label['en']}; most cannot",
        }
    return {
        "zh": f"{assessed.year.label['zh']}各县（市、区）的指数在抽样误差之内不能分出先后",
        "en": f"No county's index can be told apart from the others within sampling error, {assessed.year.label['en']}",
    }


def _counties_alternative(assessed: Assessment, rows: pd.DataFrame, title: Text) -> Text:
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
    return {
        "zh": f"本项目各数据流（{files['zh']}个文件）；上下界与权数由本项目设定",
        "en": f"data streams of this project ({files['en']} files); bounds and weights declared by this project",
    }
