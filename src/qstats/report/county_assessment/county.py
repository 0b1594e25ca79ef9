"""What does the page of one county say? Its total, where points were won and lost, what changed, who compares."""

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.methods.differences import mover_difference
from qstats.report.columns import Column
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.county_assessment.tables import POINTS_BEFORE_APPEALS, spread
from qstats.report.county_assessment.wording import (
    list_counties,
    say_base_scores,
    say_counting,
    say_grade,
    say_grades,
    say_incidents,
    say_items,
    say_points,
    say_total,
    say_value,
    say_vetoes,
    say_without_total,
)
from qstats.report.display import Display, show_figure, show_table, show_text
from qstats.report.figures.scorecards import plot_card
from qstats.report.formats import format_interval, format_signed, join_sentences
from qstats.scheme_registry import BEYOND_SECTIONS

MOST_NAMED = 3


def describe_total(assessed: Assessment, county: str) -> Text:
    """Total, grade and how sure it is."""
    row, name = assessed.by_county[county], assessed.names[county]
    if row["status"] != "stated":
        why = say_without_total(assessed, row)
        refused: Text = {
            "zh": f"{name['zh']}{assessed.when['zh']}{why['zh']}。",
            "en": f"{name['en']}, {assessed.when['en']}: {why['en']}.",
        }
        return join_sentences([refused, say_incidents(assessed, county) if row["vetoed"] else None])
    grade, open_ = say_grade(row["grade"]), say_grades(row["best_grade"], row["worst_grade"])
    total = {one: say_total(assessed, row["points"], one) for one in LANGUAGES}
    limits = {
        one: format_interval(row["lower"], row["upper"], one, unit="number", below=assessed.limits)
        for one in LANGUAGES
    }
    head: Text = {
        "zh": f"{name['zh']}{assessed.when['zh']}考核得{total['zh']}分（抽样误差范围{limits['zh']}），等级为{grade['zh']}。",
        "en": f"{name['en']}, {assessed.when['en']}: {total['en']} points ({limits['en']} by sampling error), grade {grade['en']}.",
    }
    if row["vetoed"]:
        vetoes = say_vetoes(assessed, county)
        return join_sentences([head, {
            "zh": f"一票否决（{vetoes['zh']}）；按得分为{row['grade_by_points']}。",
            "en": f"The grade was decided by veto ({vetoes['en']}); by points it is {row['grade_by_points']}.",
        }, say_incidents(assessed, county)])  # fmt: skip
    if row["best_grade"] != row["worst_grade"]:
        return join_sentences([head, {
            "zh": f"抽样误差之内，等级在{open_['zh']}之间不能确定。",
            "en": f"Within sampling error the grade is open: {open_['en']}.",
        }])  # fmt: skip
    return join_sentences(
        [head, {"zh": "抽样误差不改变等级。", "en": "Sampling errors do not change the grade."}]
    )


def describe_strengths(assessed: Assessment, county: str) -> Text:
    """Items with the largest share of their points, of those with data."""
    card = _with_data(_items(assessed, county))
    best = card.assign(share=card["points"] / card["most"]).sort_values(
        "share", ascending=False, kind="stable"
    )
    said = _list_items(assessed, best[best["share"] >= 0.9].head(MOST_NAMED), "points")
    if not said["zh"]:
        return {"zh": "没有得分率达到90%的项目。", "en": "No item earned nine tenths of its points."}
    return {
        "zh": f"得分率达到90%的项目：{said['zh']}。",
        "en": f"Items with at least nine tenths of their points: {said['en']}.",
    }


def describe_losses(assessed: Assessment, county: str) -> Text:
    """Items that lost most points, of those with data; what has none is said apart."""
    items = _items(assessed, county)
    card = _with_data(items)
    worst = card.assign(lost=card["most"] - card["points"]).sort_values(
        "lost", ascending=False, kind="stable"
    )
    said = _list_items(assessed, worst[worst["lost"] > 0.05].head(MOST_NAMED), "lost")
    lost: Text = {"zh": "有数据的项目都得满分。", "en": "No item with data lost a point."}
    if said["zh"]:
        lost = {"zh": f"失分最多的项目：{said['zh']}。", "en": f"Most points were lost by: {said['en']}."}
    base = items[items["status"] == "base_score"]
    given = say_base_scores(_list_items(assessed, base, "points"))
    return join_sentences([lost, None if base.empty else given])


def describe_change(assessed: Assessment, county: str) -> Text:
    """Change of the total on the year before, a clear one or none."""
    change = compare_years(assessed, county)
    if change is None:
        return {
            "zh": "上一考核年度没有得分，不作比较。",
            "en": "The year before has no total: nothing is compared.",
        }
    estimate, lower, upper = change
    limits = {one: format_interval(lower, upper, one, unit="signed") for one in LANGUAGES}
    if lower > 0 or upper < 0:
        word = ("提高", "up") if lower > 0 else ("降低", "down")
        size = {one: say_points(abs(estimate), one) for one in LANGUAGES}
        return {
            "zh": f"比上一考核年度{word[0]}{size['zh']}分（抽样误差范围{limits['zh']}分）。",
            "en": f"{word[1].capitalize()} {size['en']} points on the year before ({limits['en']} by sampling error).",
        }
    return {
        "zh": f"与上一考核年度相比变化不显著（相差{format_signed(estimate, 'zh')}分，抽样误差范围{limits['zh']}分）。",
        "en": f"No clear change on the year before ({format_signed(estimate, 'en')} points, {limits['en']} by sampling error).",
    }


def compare_years(assessed: Assessment, county: str) -> tuple[float, float, float] | None:
    """Change of the total with its limits; None where a year has no total."""
    now, before = assessed.by_county[county], assessed.by_county_before[county]
    if now["status"] != "stated" or before["status"] != "stated":
        return None
    pairs = [(float(now[name]), float(before[name])) for name in ("points", "lower", "upper")]
    change, lower, upper = mover_difference(*pairs)
    return float(change), float(lower), float(upper)


def describe_comparable(assessed: Assessment, county: str) -> Text:
    """Counties of the same kind with the nearest totals."""
    near = assessed.comparable(county)
    if not near:
        return {"zh": "没有可比的县（市、区）。", "en": "There is no comparable county."}
    names = list_counties(assessed, near)
    return {
        "zh": f"同类中得分最接近的是{names['zh']}，逐项对照见表。",
        "en": f"Of its kind the nearest totals have {names['en']}; the table sets them side by side.",
    }


def main_points(assessed: Assessment, county: str) -> list[Text]:
    """Total, change, strengths, lost points."""
    if assessed.by_county[county]["status"] != "stated":
        return [describe_total(assessed, county), describe_losses(assessed, county)]
    return [
        describe_total(assessed, county), describe_change(assessed, county), describe_strengths(assessed, county),
        describe_losses(assessed, county),
    ]  # fmt: skip


def tabulate_card(assessed: Assessment, county: str) -> Display:
    """Every item of the county: value, points, what was lost, the year before, and how many rows are behind it."""
    card = assessed.card(county)
    before = assessed.card(county, assessed.before).set_index("item")["points"]
    traces = assessed.now.cards.traces
    behind = traces[traces["county_code"] == county].groupby("item").size()
    rows = [
        row.to_dict()
        | {"lost": _lost(row), "before": before.get(row["item"], np.nan), "rows": int(behind.get(row["item"], 0))}
        | spread({
            "section_name": assessed.section_label(str(row["section"])), "name": assessed.label(str(row["item"])),
            "value_said": say_value(row), "status_said": text("score_status", str(row["status"])),
        })
        for _, row in card.iterrows()
    ]  # fmt: skip
    return show_table(
        pd.DataFrame(rows),
        name="assessment_card",
        caption={
            "zh": f"{assessed.names[county]['zh']}{assessed.when['zh']}记分表",
            "en": f"Scorecard of {assessed.names[county]['en']}, {assessed.when['en']}",
        },
        columns={
            "section_name": Column(format="bilingual", label={"zh": "部分", "en": "Section"}),
            "name": Column(format="bilingual", label={"zh": "项目", "en": "Item"}),
            "value_said": Column(format="bilingual", label={"zh": "数值（置信区间）", "en": "Value (confidence interval)"}),
            "status_said": Column(format="bilingual", label={"zh": "计分", "en": "Scored by"}),
            "most": Column(format="number", label={"zh": "分值", "en": "Out of"}),
            "points": Column(format="number", label={"zh": "得分", "en": "Points"}),
            "lost": Column(format="number", label={"zh": "失分", "en": "Lost"}),
            "before": Column(format="number", label={"zh": "上年", "en": "Year before"}),
            "rows": Column(format="count", label={"zh": "来源行数", "en": "Rows behind"}),
        },
        notes=say_counting(assessed),
        file_labels=POINTS_BEFORE_APPEALS,
    )  # fmt: skip


def chart_card(assessed: Assessment, county: str) -> Display:
    """Points earned item by item, beside those that could be earned."""
    card = _items(assessed, county)
    if card.empty:
        nothing: Text = {
            "zh": "没有可以计分的项目。",
            "en": "No item can be scored: there is nothing to draw.",
        }
        return show_text(nothing, style="note", instead_of="assessment_points")
    labels = [assessed.label(str(item)) for item in card["item"]]
    rows = card.assign(**{f"name_{one}": [label[one] for label in labels] for one in LANGUAGES})
    earned, most = rows["points"].sum(), rows["most"].sum()
    title: Text = {
        "zh": f"{assessed.names[county]['zh']}各项共得{say_points(earned, 'zh')}分，满分{most:g}分（未计加分、扣分）",
        "en": f"{assessed.names[county]['en']}: {say_points(earned, 'en')} of {most:g} points, before bonus and deductions",
    }
    said = {
        one: [
            f"{row[f'name_{one}']} {say_points(row['points'], one)}/{row['most']:g}"
            for row in rows.to_dict("records")
        ]
        for one in LANGUAGES
    }
    return show_figure(
        plot_card, rows, name="assessment_points", data="assessment_card", title=title,
        alt={"zh": f"{title['zh']}。{'；'.join(said['zh'])}。", "en": f"{title['en']}. {'; '.join(said['en'])}."},
        unit={"zh": "单位：分；浅色为分值，深色为得分", "en": "Unit: points; pale: to be earned, dark: earned"},
        source={
            "zh": f"{assessed.scheme.label.zh}；加分和扣分不在图内",
            "en": f"{assessed.scheme.label.en}; bonus and deductions are not drawn",
        },
    )  # fmt: skip


def _lost(row: pd.Series) -> float:
    """Points short of those of the item; a base score says nothing of what was lost."""
    nothing = row["section"] in BEYOND_SECTIONS or row["status"] == "base_score"
    return np.nan if nothing else float(row["most"] - row["points"])


def tabulate_comparable(assessed: Assessment, county: str) -> Display:
    """Points of each item beside comparable counties."""
    near = assessed.comparable(county)
    codes = [county, *near]
    cards = {code: assessed.card(code).set_index("item") for code in codes}
    own = cards[county]
    rows = [
        {"most": own.loc[item, "most"], "item": item}
        | {f"points_{at}": cards[code].loc[item, "points"] for at, code in enumerate(codes)}
        | spread({"name": assessed.label(str(item))})
        for item in own.index
    ]
    return show_table(
        pd.DataFrame(rows),
        name="assessment_comparable",
        caption={"zh": "与同类县（市、区）逐项对照（得分）", "en": "Beside comparable counties, item by item (points)"},
        columns={
            "name": Column(format="bilingual", label={"zh": "项目", "en": "Item"}),
            "most": Column(format="number", label={"zh": "分值", "en": "Out of"}),
            **{
                f"points_{at}": Column(format="number", label=assessed.names[code])
                for at, code in enumerate(codes)
            },
        },
    )  # fmt: skip


def _items(assessed: Assessment, county: str) -> pd.DataFrame:
    card = assessed.card(county)
    return card[~card["section"].isin(BEYOND_SECTIONS)].dropna(subset="points")


def _with_data(card: pd.DataFrame) -> pd.DataFrame:
    return card[card["status"] != "base_score"]


def _list_items(assessed: Assessment, rows: pd.DataFrame, column: str) -> Text:
    return say_items(assessed, zip(rows["item"], rows[column], strict=True))
