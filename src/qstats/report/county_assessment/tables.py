"""Which tables show the assessment? Totals with grades, points by section, appeals, incidents that count."""

from typing import Any

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.county_assessment.assessment import WITHOUT_DATA, Assessment
from qstats.report.county_assessment.wording import say_counting, say_grade, say_grades, say_without_total
from qstats.report.display import Display, show_table, show_text

_COUNTY = Column(format="bilingual", label={"zh": "县（市、区）", "en": "County"})
_POINTS = Column(format="number", label={"zh": "得分", "en": "Points"})

POINTS_BEFORE_APPEALS: dict[str, Text] = {
    "points_before_appeals": {"zh": "申诉前得分", "en": "Points before appeals"},
}
_IN_FILE_ONLY: dict[str, Text] = POINTS_BEFORE_APPEALS | {
    "county_code": {"zh": "县（市、区）代码", "en": "Code of the county"},
    "lower": {"zh": "得分下限（抽样误差）", "en": "Lower limit of the points by sampling error"},
    "upper": {"zh": "得分上限（抽样误差）", "en": "Upper limit of the points by sampling error"},
    "grade": {"zh": "等级", "en": "Grade"},
    "grade_by_points": {"zh": "按得分的等级（不计否决）", "en": "Grade by points, without vetoes"},
    "vetoed": {"zh": "一票否决", "en": "Decided by a veto"},
    "best_grade": {"zh": "误差之内的最高等级", "en": "Best grade within sampling error"},
    "worst_grade": {"zh": "误差之内的最低等级", "en": "Worst grade within sampling error"},
    "above_limit": {"zh": "超出本等级界线的分数", "en": "Points above the limit of the grade"},
    "grade_if_stricter": {"zh": "界线高1分时的等级", "en": "Grade with limits a point higher"},
    "grade_if_milder": {"zh": "界线低1分时的等级", "en": "Grade with limits a point lower"},
    "grade_before_appeals": {"zh": "申诉前等级", "en": "Grade before appeals"},
    "missing": {"zh": "缺少数据的项目", "en": "Items without data"},
    "status": {"zh": "是否给出总分", "en": "Whether a total is stated"},
}


def spread(texts: dict[str, Text]) -> dict[str, str]:
    """Columns of bilingual texts."""
    return {f"{name}_{one}": words[one] for name, words in texts.items() for one in LANGUAGES}


def tabulate_totals(assessed: Assessment) -> Display:
    """Total, limits, grade and what would change it, of each county."""
    rows = [_total_row(assessed, row) for row in assessed.by_county.values()]
    return show_table(
        pd.DataFrame(rows),
        name="assessment_totals",
        caption={
            "zh": f"{assessed.when['zh']}考核得分与等级（{assessed.scheme.label.zh}；满分{assessed.scheme.total:g}分）",
            "en": f"Points and grades, {assessed.when['en']} ({assessed.scheme.label.en}; out of {assessed.scheme.total:g})",
        },
        columns={
            "name": _COUNTY,
            "points": _total(assessed, {"zh": "得分", "en": "Points"}),
            "interval": Column(format="interval", unit="number", below=assessed.limits, label={"zh": "抽样误差范围", "en": "Limits by sampling error"}),
            "grade_said": Column(format="bilingual", label={"zh": "等级", "en": "Grade"}),
            "open_said": Column(format="bilingual", label={"zh": "误差之内的等级", "en": "Grades within error"}),
            "shifted_said": Column(format="bilingual", label={"zh": "界线±1分时", "en": "Limits ± 1 point"}),
            "to_next": Column(format="number", above=(0,), label={"zh": "距上一等级", "en": "To next grade"}),
            "before": _total(assessed, {"zh": "上年得分", "en": "Year before"}),
            "grade_before_said": Column(format="bilingual", label={"zh": "上年等级", "en": "Grade before"}),
        },
        status="status",
        reason=("reason_zh", "reason_en"),
        notes=[_how_to_read(assessed)],
        file_labels=_IN_FILE_ONLY,
    )  # fmt: skip


def _total(assessed: Assessment, label: Text) -> Column:
    return Column(format="number", below=assessed.limits, label=label)


def _how_to_read(assessed: Assessment) -> Text:
    bands = "，".join(f"{band.grade}≥{band.lower:g}" for band in assessed.scheme.bands[:-1])
    english = ", ".join(f"{band.grade} from {band.lower:g}" for band in assessed.scheme.bands[:-1])
    return {
        "zh": f"等级：{bands}，其余为{assessed.grades[-1]}，不四舍五入，临近界线的多列小数。抽样误差范围（{assessed.level}）只含监督抽查和满意度；验收、登记和佐证是完整计数。*为一票否决，得分再高也不能解除；得分再高也没有更高等级的，不列相差的分数。",
        "en": f"Grades: {english}, else {assessed.grades[-1]}; totals are not rounded before, and those just short of a limit have more decimals. Limits ({assessed.level}) hold sampling errors of supervision sampling and of the survey; acceptance, registers and evidence are complete counts. * decided by a veto, which no points lift; where points lead to no higher grade, no distance to one is given.",
    }


def _total_row(assessed: Assessment, row: dict[str, Any]) -> dict[str, Any]:
    county = str(row["county_code"])
    before = assessed.by_county_before[county]
    no_reason: Text = {"zh": "", "en": ""}
    return row | {"before": before["points"]} | spread({
        "name": assessed.names[county], "grade_said": _marked(row), "grade_before_said": _marked(before),
        "open_said": say_grades(row["best_grade"], row["worst_grade"]),
        "shifted_said": say_grades(row["grade_if_milder"], row["grade_if_stricter"]),
        "reason": no_reason if row["status"] == "stated" else say_without_total(assessed, row),
    })  # fmt: skip


def _marked(row: dict[str, Any]) -> Text:
    """Grade with the mark of a veto."""
    said = say_grade(row["grade"])
    return {one: said[one] + ("*" if row["vetoed"] else "") for one in LANGUAGES}


def tabulate_sections(assessed: Assessment) -> Display:
    """Points of each county by section."""
    scores = assessed.now.cards.scores
    sections = list(dict.fromkeys(scores["section"]))
    wide = scores.pivot_table(
        index="county_code", columns="section", values="points", aggfunc="sum", sort=False
    )
    order = [code for code in assessed.totals["county_code"] if code in wide.index]
    table = wide.loc[order].reset_index()
    named = table.assign(
        **{f"name_{one}": [assessed.names[code][one] for code in table["county_code"]] for one in LANGUAGES}
    )
    most = {section.code: section.points for section in assessed.scheme.sections}
    return show_table(
        named,
        name="assessment_sections",
        caption={"zh": f"{assessed.when['zh']}各部分得分", "en": f"Points by section, {assessed.when['en']}"},
        columns={"name": _COUNTY} | {
            section: Column(format="number", label={
                one: assessed.section_label(section)[one] + (f" ({most[section]:g})" if section in most else "")
                for one in LANGUAGES
            })
            for section in sections
        },
    )  # fmt: skip


def tabulate_items(assessed: Assessment) -> Display:
    """Items of the scheme: points, formula, and how the counties did."""
    scores = assessed.now.cards.scores
    rows = []
    for section in assessed.scheme.sections:
        for item in section.items:
            of_item = scores[scores["item"] == item.code]
            own = of_item["points"]
            rows.append(
                {
                    "counties": int((~of_item["status"].isin([*WITHOUT_DATA, "no_evidence"])).sum()),
                    "most": item.points,
                    "mean": own.mean(),
                    "least": own.min(),
                    "best": own.max(),
                    "item": item.code,
                }
                | spread(
                    {"section": section.label.text, "name": item.label.text, "formula": _say_formula(item)}
                )
            )
    return show_table(
        pd.DataFrame(rows),
        name="assessment_items",
        caption={"zh": "考核项目、计分办法与各县（市、区）得分", "en": "Items, how they are scored, and the counties' points"},
        columns={
            "section": Column(format="bilingual", label={"zh": "部分", "en": "Section"}),
            "name": Column(format="bilingual", label={"zh": "项目", "en": "Item"}),
            "formula": Column(format="bilingual", label={"zh": "计分办法", "en": "How it is scored"}),
            "most": Column(format="number", label={"zh": "分值", "en": "Points"}),
            "counties": Column(format="count", label={"zh": "有数据的县（市、区）", "en": "Counties with data"}),
            "mean": Column(format="number", label={"zh": "平均得分", "en": "Mean"}),
            "least": Column(format="number", label={"zh": "最低", "en": "Lowest"}),
            "best": Column(format="number", label={"zh": "最高", "en": "Highest"}),
        },
        notes=[assessed.scheme.declared.text, *say_counting(assessed)],
    )  # fmt: skip


def _say_formula(item: object) -> Text:
    formula, base = getattr(item, "formula", ""), getattr(item, "base", None)
    if formula == "evidence":
        return {"zh": "佐证材料，考核组评分", "en": "by evidence, points entered by assessors"}
    if formula == "steps":
        steps = getattr(item, "steps", ())
        said = "，".join(f"{value:g}起{points:g}分" for value, points in steps)
        english = ", ".join(f"{points:g} from {value:g}" for value, points in steps)
        return {"zh": said, "en": english}
    zero, full = float(getattr(item, "zero", 0)), float(getattr(item, "full", 0))
    low, high = (f"{100 * one:g}%" if full <= 1 else f"{one:g}" for one in (zero, full))
    tail = (
        {"zh": f"；无数据或不适用得{base:g}分", "en": f"; {base:g} without data"}
        if base is not None
        else {"zh": "", "en": ""}
    )
    return {
        "zh": f"{low}得0分，{high}得满分，之间按比例{tail['zh']}",
        "en": f"none at {low}, all at {high}, in proportion{tail['en']}",
    }


def tabulate_appeals(assessed: Assessment) -> Display:
    """Appeals with their decisions."""
    appeals = assessed.now.entered.appeals
    if appeals.empty:
        return show_text(
            {"zh": "没有申诉。", "en": "There were no appeals."},
            style="note",
            instead_of="assessment_appeals",
        )
    rows = [
        row | spread({
            "name": assessed.names.get(row["county_code"], dict.fromkeys(LANGUAGES, row["county_code"])),
            "item_name": assessed.label(row["item"]), "decision_said": text("evidence_status", row["decision"]),
        })
        for row in appeals.to_dict("records")
    ]  # fmt: skip
    return show_table(
        pd.DataFrame(rows),
        name="assessment_appeals",
        caption={"zh": "申诉与决定（理由按原文）", "en": "Appeals and decisions (reasons as written)"},
        columns={
            "name": _COUNTY,
            "item_name": Column(format="bilingual", label={"zh": "项目", "en": "Item"}),
            "stated_on": Column(format="date", label={"zh": "申诉日期", "en": "Appealed on"}),
            "author": Column(label={"zh": "申诉人", "en": "By"}),
            "reason": Column(label={"zh": "理由", "en": "Reason"}),
            "decision_said": Column(format="bilingual", label={"zh": "决定", "en": "Decision"}),
            "decided_by": Column(label={"zh": "决定人", "en": "Decided by"}),
            "decided_points": _POINTS,
        },
    )  # fmt: skip
