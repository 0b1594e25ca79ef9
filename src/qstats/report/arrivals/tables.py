"""Which tables does the cleaning chapter show? Files, rows, rules and single cases, with captions and notes."""

import re

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.questionnaires import read_questionnaires
from qstats.report.columns import Column
from qstats.report.disclosure import SUPPRESSED
from qstats.report.display import Display, show_table


def tabulate_suppliers(suppliers: pd.DataFrame) -> Display:
    """What each supplier sent and what became of its rows."""
    return show_table(
        suppliers,
        name="rows_by_supplier",
        caption={
            "zh": "各报送单位的文件与行数（读入＝保留＋剔除＋归并）",
            "en": "Files and rows by supplier (rows in = kept + rejected + merged)",
        },
        columns={
            "supplier": "text", "files": "count", "rows_in": "count", "rows_kept": "count",
            "rows_rejected": "count", "rows_merged": "count",
        },
    )  # fmt: skip


def tabulate_sources(sources: pd.DataFrame) -> Display:
    """Every file with its layout, what it lists, and whether a rate may rest on it."""
    sources = sources.sort_values(["problem_zh", "refusal", "file"], na_position="last", kind="stable")
    frame = sources.assign(
        **{
            f"judgement_{language}": [
                _judge(problem, refusal, found, kept, language)
                for problem, refusal, found, kept in zip(
                    sources[f"problem_{language}"],
                    sources["refusal"],
                    sources["batches_found"],
                    sources["rows_kept"],
                    strict=True,
                )
            ]
            for language in LANGUAGES
        }
    )
    return show_table(
        frame,
        name="sources",
        caption={"zh": "来源文件及能否据以发布合格率", "en": "Source files, and whether a rate may rest on them"},
        columns={
            "file": "text", "lists": "code:lists", "batches_declared": "count", "batches_found": "count",
            "rows_in": "count", "rows_kept": "count", "rows_rejected": "count", "rows_merged": "count",
            "judgement": "bilingual",
        },
        notes=[text("note", "sources")],
    )  # fmt: skip


def tabulate_windows(windows: pd.DataFrame) -> Display:
    """Query windows of platforms: how many rows each returned, and what that says about its completeness."""
    frame = windows.assign(
        **{
            f"judgement_{language}": [
                text("source_refusal_short", finding)[language]
                if isinstance(finding, str)
                else text("window", "open")[language]
                for finding in windows["finding"]
            ]
            for language in LANGUAGES
        }
    )
    return show_table(
        frame,
        name="query_windows",
        caption={
            "zh": "各查询窗口返回的记录（归并前）",
            "en": "Rows returned by each query window (before merging)",
        },
        columns={
            "file": "text",
            "listing": "text",
            "rows": "count",
            "passes": "count",
            "failures": "count",
            "judgement": "bilingual",
        },
        notes=[text("note", "windows")],
    )


def tabulate_rules(rules: pd.DataFrame) -> Display:
    """How often each cleaning rule applied, and what it did."""
    return show_table(
        rules,
        name="cleaning_rules",
        caption={"zh": "清洗规则及次数", "en": "Cleaning rules and how often they applied"},
        columns={
            "rule": Column(format="code", kind="rule"),
            "action": "code:action",
            "cases": "count",
            "files": "count",
        },
        notes=[text("note", "rules")],
    )


def tabulate_rejections(rejected: pd.DataFrame) -> Display:
    """Rows that did not become batches: one line for each supplier, its reasons with their counts."""
    lines = [
        {"supplier": supplier, "rows_rejected": int(group["cases"].sum()), **_list_reasons(group)}
        for supplier, group in rejected.groupby("supplier", sort=False)
    ]
    return show_table(
        pd.DataFrame(lines, columns=["supplier", "rows_rejected", "reason_zh", "reason_en"]),
        name="rejected_by_supplier",
        caption={"zh": "各报送单位被剔除的行及原因", "en": "Rows rejected, by supplier and reason"},
        columns={"supplier": "text", "rows_rejected": "count", "reason": "bilingual"},
    )


def _list_reasons(group: pd.DataFrame) -> dict[str, str]:
    return {
        f"reason_{language}": ("、" if language == "zh" else ", ").join(
            f"{text('rule', row.rule)[language]} {row.cases}" for row in group.itertuples()
        )
        for language in LANGUAGES
    }


IDENTIFYING = (
    "enterprise_name", "enterprise_code", "sampled_unit", "address", "document_no", "basis", "holder", "name",
    "project_name",
)  # fmt: skip
"""Fields whose values tell which enterprise it is; a line without a field is quoted whole, names and all."""
PERSONAL = ("legal_person", "respondent_id")
"""Fields that tell who somebody is: never published."""
_TELLING = re.compile(r"[\u3400-\u9fff]|\d{9}")
"""A name, or a number as long as a code, whatever the column that it was found in."""

_UNNAMED: Text = {
    "zh": f"{SUPPRESSED}：写有或可能写有企业、人员、文书的内容不公布（参数disclosure.name_enterprises）；文件和行号可以查到原文，全部内容见内部文件issues.csv。",
    "en": f"{SUPPRESSED}: what names, or may name, an enterprise, a person or a decision is not published (parameter disclosure.name_enterprises); file and line lead to it, and the restricted file issues.csv has it.",
}


def tabulate_cases(issues: pd.DataFrame, *, most: int, name_enterprises: bool) -> Display:
    """Single cases that change meaning, file by file; the newest files first."""
    return show_table(
        _without_names(issues, name_enterprises=name_enterprises).head(most),
        name="issues",
        caption={
            "zh": f"逐条记录的问题（共{len(issues)}条，数据文件最多列{most}条）",
            "en": f"Issues case by case ({len(issues):,} in all; the data file lists up to {most:,})",
        },
        columns={
            "file": "text", "source_row": "count", "rule": "code:rule",
            "field": Column(format="code", kind="columns", labels=_labels_of_questions()), "old_value": "text",
            "new_value": "text", "action": "code:action",
        },
        notes=[] if name_enterprises else [_UNNAMED],
        max_rows=25,
    )  # fmt: skip


def _without_names(issues: pd.DataFrame, *, name_enterprises: bool) -> pd.DataFrame:
    """Only what was understood is quoted, and what cannot be a name: a name may stand in any column."""
    if name_enterprises:
        hidden = {one: issues["field"].isin(PERSONAL) for one in ("old_value", "new_value")}
    else:
        telling = issues["field"].isin((*IDENTIFYING, *PERSONAL)) | issues["field"].isna()
        old, new = (
            issues[one].str.contains(_TELLING).fillna(value=False) for one in ("old_value", "new_value")
        )
        new &= issues["field"] != "batch_id"
        understood = issues["new_value"].notna() & ~new
        hidden = {"old_value": telling | (old & ~understood), "new_value": telling | new}
    return issues.assign(
        **{one: issues[one].mask(which & issues[one].notna(), SUPPRESSED) for one, which in hidden.items()}
    )


def _labels_of_questions() -> dict[str, Text]:
    """Questions and profile columns of the declared questionnaires: fields that the codebook cannot know."""
    labels: dict[str, Text] = {}
    for questionnaire in read_questionnaires().values():
        labels |= {code: item.label.model_dump() for code, item in questionnaire.items.items()}
        labels |= {code: column.label.model_dump() for code, column in questionnaire.profile.items()}
    return labels


def tabulate_coverage(coverage: pd.DataFrame) -> Display:
    """Batches by year, programme and level: where the data has gaps."""
    return show_table(
        coverage,
        name="coverage_by_year",
        caption={"zh": "各年各类批次数", "en": "Batches by year, programme and level"},
        columns={
            "year": "text", "programme": "code:programme", "level": "code:level", "batches": "count",
            "passes": "count", "failures": "count",
        },
        notes=[text("note", "coverage")],
    )  # fmt: skip


def _judge(problem: object, refusal: object, found: int, kept: int, language: str) -> str:
    if isinstance(problem, str):
        return problem
    if found == 0:
        return text("window", "other_table" if kept else "no_batches")[language]
    key = text("source_refusal_short", refusal) if isinstance(refusal, str) else text("window", "admissible")
    return key[language]
