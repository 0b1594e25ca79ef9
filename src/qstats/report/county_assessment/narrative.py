"""What does the circular say first? How many counties have which grade, vetoes, whose grade is open, appeals."""

from collections.abc import Mapping
from typing import Any

from qstats.codebook import LANGUAGES, Text
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.county_assessment.wording import (
    join_labels,
    list_counties,
    list_marked,
    say_base_scores,
    say_grade,
    say_items,
    say_vetoes,
)
from qstats.report.formats import join_sentences
from qstats.scheme_registry import BEYOND_SECTIONS

MOST_NAMED = 3
_MARK: Text = {"zh": "*为一票否决。", "en": "* decided by a veto."}


def main_points(assessed: Assessment) -> list[Text]:
    """At most six points."""
    points = [describe_grades(assessed), describe_vetoes(assessed)]
    if assessed.stated.empty:
        return points
    points += [describe_openness(assessed), describe_losses(assessed), describe_changes(assessed)]
    return [*points, describe_appeals(assessed)]


def describe_grades(assessed: Assessment) -> Text:
    """Counties by grade; which of the grades a veto gave, and how many sampling errors leave open."""
    ungraded, count = assessed.ungraded, len(assessed.totals)
    if len(ungraded) == count:
        return {
            "zh": f"{assessed.when['zh']}的考核不能评定：各县（市、区）都有指标缺少数据，又没有基本分。",
            "en": f"No county can be graded for {assessed.when['en']}: each lacks data of items that have no base score.",
        }
    graded = [(say_grade(one), codes) for one in assessed.grades if (codes := assessed.counties_of(one))]
    zh = [f"{grade['zh']}{len(codes)}个（{list_marked(assessed, codes)['zh']}）" for grade, codes in graded]
    en = [f"{grade['en']}: {len(codes)} ({list_marked(assessed, codes)['en']})" for grade, codes in graded]
    without: Text = {
        "zh": f"缺少数据，不评等级：{list_counties(assessed, ungraded)['zh']}。" if ungraded else "",
        "en": f"No grade, for lack of data: {list_counties(assessed, ungraded)['en']}." if ungraded else "",
    }
    return join_sentences([
        {
            "zh": f"{assessed.place['zh']}{assessed.when['zh']}质量工作考核，{count}个县（市、区）中：{'，'.join(zh)}。",
            "en": f"Assessment of quality work in {assessed.place['en']}, {assessed.when['en']}; of {count} counties: {'; '.join(en)}.",
        },
        _count_open(assessed),
        _MARK if any(row["vetoed"] for row in assessed.by_county.values()) else None,
        without,
    ])  # fmt: skip


def _count_open(assessed: Assessment) -> Text | None:
    if assessed.stated.empty:
        return None
    count = len(assessed.unsure)
    if not count:
        return {"zh": "抽样误差不改变任何一个等级。", "en": "Sampling errors leave no grade open."}
    return {
        "zh": f"其中{count}个等级在抽样误差之内不能确定。",
        "en": f"Within sampling error {count} of these grades {'is' if count == 1 else 'are'} open.",
    }


def describe_vetoes(assessed: Assessment) -> Text:
    """Incidents that decided a grade, each county once."""
    vetoed = [row for row in assessed.by_county.values() if row["vetoed"]]
    if not assessed.scheme.veto:
        return {"zh": "本办法没有一票否决。", "en": "The scheme has no veto."}
    if not vetoed:
        kinds = join_labels([one.label.text for one in assessed.scheme.veto])
        return {
            "zh": f"考核年度内没有认定的一票否决事件（{kinds['zh']}）。",
            "en": f"No grade was decided by a veto: none was confirmed in the year ({kinds['en']}).",
        }
    said = [_say_veto(assessed, row) for row in vetoed]
    return {
        "zh": f"一票否决：{'；'.join(one['zh'] for one in said)}。",
        "en": f"Decided by a veto, for confirmed incidents: {'; '.join(one['en'] for one in said)}.",
    }


def _say_veto(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    name, why = assessed.names[row["county_code"]], say_vetoes(assessed, row["county_code"])
    by_points: Text = {"zh": "缺少数据，没有总分", "en": "no total, for lack of data"}
    if row["grade_by_points"]:
        by_points = {"zh": f"按得分为{row['grade_by_points']}", "en": f"by points {row['grade_by_points']}"}
    return {
        "zh": f"{name['zh']}评为{row['grade']}（{why['zh']}；{by_points['zh']}）",
        "en": f"{name['en']} is {row['grade']} ({why['en']}; {by_points['en']})",
    }


def describe_openness(assessed: Assessment) -> Text:
    """Whose grade sampling errors or a point more or less would change; the first point has their number."""
    stated, unsure = assessed.stated, assessed.unsure
    near = stated[
        (stated["grade_if_stricter"] != stated["grade"]) | (stated["grade_if_milder"] != stated["grade"])
    ]
    names, close = list_counties(assessed, unsure), list_counties(assessed, near["county_code"].tolist())
    first: Text = {
        "zh": f"等级因抽样误差不能确定的：{names['zh']}。",
        "en": f"Grades open within sampling error: {names['en']}.",
    }
    second: Text = (
        {"zh": f"等级界线若高或低1分，{close['zh']}的等级会改变。",
         "en": f"With the limits of the bands a point higher or lower the grade would change of: {close['en']}."}
        if len(near)
        else {"zh": "等级界线高或低1分，等级都不变。", "en": "Limits of the bands a point higher or lower change no grade."}
    )  # fmt: skip
    return join_sentences([first if unsure else None, second])


def describe_losses(assessed: Assessment) -> Text:
    """Items in which the counties together lost most, of those with data; what has none is said apart."""
    scores = assessed.now.cards.scores
    items = scores[~scores["section"].isin(BEYOND_SECTIONS)].dropna(subset="points")
    without = items["status"] == "base_score"
    measured, counties = items[~without], items[without].groupby("item", sort=False).size()
    lost = (measured["most"] - measured["points"]).groupby(measured["item"]).mean()
    worst = lost.sort_values(ascending=False, kind="stable").head(MOST_NAMED)
    said = say_items(assessed, [(str(code), points) for code, points in worst.items()])
    of = len(assessed.names)
    apart = join_labels([
        {
            "zh": f"{label['zh']}（{f'{of}个县（市、区）中{count}个' if count < of else '各县（市、区）'}）",
            "en": f"{label['en']} (in {f'{count} of {of}' if count < of else 'all'} counties)",
        }
        for label, count in ((assessed.label(str(code)), count) for code, count in counties.items())
    ])  # fmt: skip
    return join_sentences([
        {"zh": f"平均失分最多的项目：{said['zh']}。", "en": f"Most points were lost, on average, by: {said['en']}."}
        if len(worst)
        else None,
        say_base_scores(apart) if len(counties) else None,
    ])  # fmt: skip


def describe_changes(assessed: Assessment) -> Text:
    """Grades beside those of the year before; what a veto changed is told apart from what points changed."""
    better: list[str] = []
    worse: list[str] = []
    by_veto: list[Text] = []
    for code, row in assessed.by_county.items():
        old = assessed.by_county_before[code]
        if not row["grade"] or not old["grade"] or row["grade"] == old["grade"]:
            continue
        if row["vetoed"] or old["vetoed"]:
            by_veto.append(_say_move(assessed.names[code], row, old))
        else:
            rank = assessed.grades.index
            (better if rank(row["grade"]) < rank(old["grade"]) else worse).append(code)
    if not better and not worse and not by_veto:
        return {"zh": "与上一考核年度相比，没有等级变化。", "en": "No grade differs from the year before."}
    moved = [
        (codes, *words) for codes, *words in ((better, "升级", "up:"), (worse, "降级", "down:")) if codes
    ]
    zh = [f"{list_counties(assessed, codes)['zh']}{word}" for codes, word, _ in moved]
    en = [f"{word} {list_counties(assessed, codes)['en']}" for codes, _, word in moved]
    by_points: Text = {
        "zh": f"与上一考核年度相比：{'；'.join(zh)}；等级变化是否超出抽样误差，见各县页面。",
        "en": f"Grades beside the year before: {'; '.join(en)}; whether that is more than sampling error stands on the page of each county.",
    }
    vetoed = {one: ("；" if one == "zh" else "; ").join(said[one] for said in by_veto) for one in LANGUAGES}
    return join_sentences([
        by_points if moved else None,
        {
            "zh": f"因一票否决而变、与抽样误差无关：{vetoed['zh']}。",
            "en": f"Changed by a veto, not by sampling error: {vetoed['en']}.",
        } if by_veto else None,
    ])  # fmt: skip


def _say_move(name: Text, row: Mapping[str, Any], old: Mapping[str, Any]) -> Text:
    """From which grade to which, and in which of the years a veto holds."""
    both = row["vetoed"] and old["vetoed"]
    zh, en = (
        ("两年都有", "in both years")
        if both
        else ("本年度", "this year")
        if row["vetoed"]
        else ("上年度", "the year before")
    )
    return {
        "zh": f"{name['zh']}由{old['grade']}变为{row['grade']}（{zh}否决）",
        "en": f"{name['en']} from {old['grade']} to {row['grade']} (veto {en})",
    }


def describe_appeals(assessed: Assessment) -> Text:
    """How many appeals there are, and what became of them."""
    appeals = assessed.now.entered.appeals
    if appeals.empty:
        return {"zh": "没有申诉。", "en": "There were no appeals."}
    counted = {one: int((appeals["decision"] == one).sum()) for one in ("accepted", "rejected", "pending")}
    return {
        "zh": f"收到申诉{len(appeals)}件：采纳{counted['accepted']}件，不予采纳{counted['rejected']}件，待定{counted['pending']}件；待定的不影响得分。",
        "en": f"{len(appeals)} appeals: {counted['accepted']} accepted, {counted['rejected']} rejected, {counted['pending']} pending; what is pending changes no points.",
    }
