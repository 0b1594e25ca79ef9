"""What does the circular say first? How many counties have which grade, vetoes, whose grade is open, appeals."""

from qstats.codebook import LANGUAGES, Text
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.county_assessment.wording import list_counties, say_grade, say_points
from qstats.report.formats import join_sentences
from qstats.scheme_registry import BEYOND_SECTIONS

MOST_NAMED = 3


def main_points(assessed: Assessment) -> list[Text]:
    """At most six points."""
    if assessed.stated.empty:
        return [describe_grades(assessed)]
    points = [describe_grades(assessed), describe_vetoes(assessed), describe_openness(assessed)]
    return [*points, describe_losses(assessed), describe_changes(assessed), describe_appeals(assessed)]


def describe_grades(assessed: Assessment) -> Text:
    """Counties by grade."""
    counted = {grade: assessed.counties_of(grade) for grade in assessed.grades}
    refused = assessed.totals.loc[assessed.totals["status"] == "refused", "county_code"].tolist()
    if len(refused) == len(assessed.totals):
        return {
            "zh": f"{assessed.when['zh']}的考核不能评定：各县（市、区）都有指标缺少数据，又没有基本分。",
            "en": f"No county can be graded for {assessed.when['en']}: each lacks data of items that have no base score.",
        }
    zh = [
        f"{say_grade(grade)['zh']}{len(codes)}个（{list_counties(assessed, codes)['zh']}）"
        for grade, codes in counted.items()
        if codes
    ]
    en = [
        f"{say_grade(grade)['en']}: {len(codes)} ({list_counties(assessed, codes)['en']})"
        for grade, codes in counted.items()
        if codes
    ]
    gone: Text = {
        "zh": f"{list_counties(assessed, refused)['zh']}缺少数据，不评等级。" if refused else "",
        "en": f"{list_counties(assessed, refused)['en']} lack data and have no grade." if refused else "",
    }
    count = len(assessed.totals)
    return join_sentences([
        {
            "zh": f"{assessed.place['zh']}{assessed.when['zh']}质量工作考核，{count}个县（市、区）中：{'，'.join(zh)}。",
            "en": f"Assessment of quality work in {assessed.place['en']}, {assessed.when['en']}; of {count} counties: {'; '.join(en)}.",
        },
        gone,
    ])  # fmt: skip


def describe_vetoes(assessed: Assessment) -> Text:
    """Incidents that decided a grade."""
    vetoes = assessed.now.cards.vetoes
    if vetoes.empty:
        return {
            "zh": "考核年度内没有认定的区域性、系统性质量安全事件，没有一票否决。",
            "en": "No regional or systemic incident was confirmed in the year: no grade was decided by a veto.",
        }
    parts = [(str(row["county_code"]), str(row["grade"])) for row in vetoes.to_dict("records")]
    points = {code: assessed.by_county[code] for code, _ in parts}
    zh = [
        f"{assessed.names[code]['zh']}评为{grade}（按得分为{points[code]['grade_by_points'] or '—'}）"
        for code, grade in parts
    ]
    en = [
        f"{assessed.names[code]['en']} is {grade} (by points {points[code]['grade_by_points'] or '—'})"
        for code, grade in parts
    ]
    return {
        "zh": f"因认定的区域性、系统性质量安全事件一票否决：{'；'.join(zh)}。",
        "en": f"Decided by a confirmed regional or systemic incident: {'; '.join(en)}.",
    }


def describe_openness(assessed: Assessment) -> Text:
    """Whose grade sampling errors or a point more or less would change."""
    stated, unsure = assessed.stated, assessed.unsure
    near = stated[
        (stated["grade_if_stricter"] != stated["grade"]) | (stated["grade_if_milder"] != stated["grade"])
    ]
    names, close = list_counties(assessed, unsure), list_counties(assessed, near["county_code"].tolist())
    first: Text = (
        {"zh": f"抽样误差之内，{len(unsure)}个县（市、区）的等级不能确定（{names['zh']}）。",
         "en": f"Within sampling error the grades of {len(unsure)} counties are open ({names['en']})."}
        if unsure
        else {"zh": "抽样误差不改变任何一个县（市、区）的等级。", "en": "Sampling errors leave no grade open."}
    )  # fmt: skip
    second: Text = (
        {"zh": f"等级界线若高或低1分，{close['zh']}的等级会改变。",
         "en": f"With the limits of the bands a point higher or lower the grade would change of: {close['en']}."}
        if len(near)
        else {"zh": "等级界线高或低1分，等级都不变。", "en": "Limits of the bands a point higher or lower change no grade."}
    )  # fmt: skip
    return join_sentences([first, second])


def describe_losses(assessed: Assessment) -> Text:
    """Items in which the counties together lost most."""
    scores = assessed.now.cards.scores
    items = scores[~scores["section"].isin(BEYOND_SECTIONS)].dropna(subset="points")
    lost = (items["most"] - items["points"]).groupby(items["item"]).mean()
    worst = lost.sort_values(ascending=False, kind="stable").head(MOST_NAMED)
    said = {
        one: ("、" if one == "zh" else "; ").join(
            f"{assessed.label(str(code))[one]}{'' if one == 'zh' else ' '}{say_points(points, one)}"
            for code, points in worst.items()
        )
        for one in LANGUAGES
    }
    return {
        "zh": f"平均失分最多的项目：{said['zh']}分。",
        "en": f"Most points were lost, on average, by: {said['en']}.",
    }


def describe_changes(assessed: Assessment) -> Text:
    """Grades beside those of the year before."""
    better: list[str] = []
    worse: list[str] = []
    for code, row in assessed.by_county.items():
        old = assessed.by_county_before.get(code, {}).get("grade")
        if row["grade"] and old and row["grade"] != old:
            rank = assessed.grades.index
            (better if rank(row["grade"]) < rank(old) else worse).append(code)
    if not better and not worse:
        return {"zh": "与上一考核年度相比，没有等级变化。", "en": "No grade differs from the year before."}
    zh = [
        f"{list_counties(assessed, codes)['zh']}{word}"
        for codes, word in ((better, "升级"), (worse, "降级"))
        if codes
    ]
    en = [
        f"{word} {list_counties(assessed, codes)['en']}"
        for codes, word in ((better, "up:"), (worse, "down:"))
        if codes
    ]
    return {
        "zh": f"与上一考核年度相比：{'；'.join(zh)}；等级变化是否超出抽样误差，见各县页面。",
        "en": f"Grades beside the year before: {'; '.join(en)}; whether that is more than sampling error stands on the page of each county.",
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
