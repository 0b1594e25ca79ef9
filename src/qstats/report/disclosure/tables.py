"""How is a table shown of which some cells are suppressed? With a mark in their place, and why it stands there."""

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.methods.disclosure import TOTAL, SuppressionAudit
from qstats.report.columns import Column
from qstats.report.disclosure.cross_tables import NOT_STATED, DisclosureRule, ProtectedTable
from qstats.report.display import Display, show_table, show_text
from qstats.report.groups import GROUP_LABELS, group_names
from qstats.report.subject import Subject

SUPPRESSED = "×"
"""Mark of a suppressed number, the same in both languages and in the data files."""

_TOTAL_NAME: Text = {"zh": "合计", "en": "Total"}


def tabulate_batches_by_cell(
    protected: ProtectedTable, rule: DisclosureRule, subject: Subject, *, name: str
) -> Display:
    """Batches of two groups crossed, one row for each of the first, suppressed cells marked."""
    row, column = protected.by
    kinds = {language: _kinds(protected, language) for language in LANGUAGES}
    if protected.refused:
        return show_text(_refusal(rule), style="note", instead_of=name)
    if nowhere := _unstated(protected):
        return show_text(nowhere, instead_of=name)
    wide = (
        mark_suppressed(protected.cells)
        .pivot(index=row, columns=column, values="n")
        .rename(columns=_column_key)
    )
    labels = _names(column, protected.cells[column])
    shown = [*sorted(set(wide.columns) - {TOTAL}), TOTAL]
    return show_table(
        wide[shown].reset_index(),
        name=name,
        caption={
            "zh": f"{subject.period.label['zh']}{subject.place['zh']}{subject.batches['zh']}有结果批次：{kinds['zh']}",
            "en": f"Batches with a result by {kinds['en']}, {subject.batches['en']}, {subject.place['en']}, "
            f"{subject.period.label['en']}",
        },
        columns={
            row: Column(format="code", labels=_names(row, protected.cells[row])),
            **{
                _column_key(code): Column(format="marked_count", label=labels[code])
                for code in sorted(labels, key=lambda code: shown.index(_column_key(code)))
            },
        },
        notes=_notes(protected, rule),
    )


def tabulate_failures_by_cell(protected: ProtectedTable, subject: Subject, *, name: str) -> Display:
    """Cells in which batches failed, most failures first; failures are public, their batches may be suppressed."""
    row, column = protected.by
    kinds = {language: _kinds(protected, language) for language in LANGUAGES}
    if nowhere := _unstated(protected):
        return show_text(nowhere, instead_of=name)
    inner = protected.cells[(protected.cells[[row, column]] != TOTAL).all(axis=1)]
    failing = mark_suppressed(inner[inner["failures"] > 0]).sort_values(
        "failures", ascending=False, kind="stable"
    )
    if protected.refused:
        failing = failing.assign(n=SUPPRESSED)
    return show_table(
        failing[[row, column, "failures", "n"]].reset_index(drop=True),
        name=name,
        caption={
            "zh": f"{subject.period.label['zh']}不合格批次在哪里：{kinds['zh']}",
            "en": f"Where the failed batches are: {kinds['en']}, {subject.period.label['en']}",
        },
        columns={
            row: Column(format="code", labels=_names(row, failing[row])),
            column: Column(format="code", labels=_names(column, failing[column])),
            "failures": "count",
            "n": "marked_count",
        },
        notes=[MARK_NOTE] if (failing["n"] == SUPPRESSED).any() else [],
        max_rows=15,
    )


def describe_audit(audit: SuppressionAudit, protected: ProtectedTable) -> Text:
    """What the audit found, for the reader of a page who asks whether the marks hide anything."""
    sensitive, suppressed = int(protected.sensitive.sum()), int(protected.suppressed.sum())
    if protected.refused or not suppressed:
        return {
            "zh": "本表没有隐去单个数字。" if not protected.refused else "本表不发布，无须核验。",
            "en": "No single number of this table is suppressed."
            if not protected.refused
            else "The table is not published: there is nothing to verify.",
        }
    if not audit.holds:
        return {
            "zh": f"核验未通过：{len(audit.too_narrow)}个隐去的数字可由已发布的数字推得或推得过窄，发布前须处理。",
            "en": f"The audit fails: {len(audit.too_narrow)} suppressed numbers follow from what is published, exactly or "
            "too closely. Resolve this before publication.",
        }
    return {
        "zh": f"隐去{suppressed}格，其中{sensitive}格企业数不足，{suppressed - sensitive}格是为使其不能由合计推算而一并隐去；"
        "经线性规划核验，由已公布的合计推不出任何一个隐去的数字。",
        "en": f"{suppressed} cells are suppressed: {sensitive} for too few enterprises, {suppressed - sensitive} more so that "
        "the totals do not give them away. By linear programming, no suppressed number follows from the published "
        "totals.",
    }


MARK_NOTE: Text = {
    "zh": f"{SUPPRESSED}：批次数隐去，以免显示个别企业的受检情况；不合格批次依法公布，不隐去。",
    "en": f"{SUPPRESSED}: number of batches suppressed, as it would show how single enterprises were sampled; failures are "
    "public by law and are not suppressed.",
}


def _notes(protected: ProtectedTable, rule: DisclosureRule) -> list[Text]:
    if not protected.suppressed.any():
        return []
    return [
        MARK_NOTE,
        {
            "zh": f"一格中受检企业少于{rule.minimum_enterprises}家时隐去，并另隐去必要的格，使其不能由合计推算；0表示没有抽样或没有结果。",
            "en": f"A cell with fewer than {rule.minimum_enterprises} enterprises is suppressed, and others with it so that "
            "the totals do not give it away; 0 means that nothing was sampled or no result is in.",
        },
    ]


def _unstated(protected: ProtectedTable) -> Text | None:
    """Sentence in place of a table whose batches all lack one of the groups."""
    filled = protected.cells[protected.cells["n"].fillna(1) > 0]
    for column in protected.by:
        if set(filled[column]) <= {NOT_STATED, TOTAL}:
            kind = GROUP_LABELS[column]
            return {
                "zh": f"本期批次均未注明{kind['zh']}，不能交叉列表。",
                "en": f"No batch names its {kind['en']}: there is nothing to cross.",
            }
    return None


def _refusal(rule: DisclosureRule) -> Text:
    return {
        "zh": f"县区与类别交叉表不予发布：有的格只有不足{rule.minimum_enterprises}家企业，而各行各列合计已公布，"
        "即使隐去所有的格仍可推算。",
        "en": f"The crossed table is not published: some cells have fewer than {rule.minimum_enterprises} enterprises, and the "
        "published totals would give them away even if every cell were suppressed.",
    }


def _kinds(protected: ProtectedTable, language: str) -> str:
    joiner = "×" if language == "zh" else " and "
    return joiner.join(GROUP_LABELS[name][language] for name in protected.by)


def mark_suppressed(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with the mark in place of the numbers of batches that are suppressed."""
    numbers: list[object] = [
        SUPPRESSED if status == "suppressed" else int(n)
        for n, status in zip(cells["n"], cells["status"], strict=True)
    ]
    return cells.assign(n=pd.Series(numbers, index=cells.index, dtype=object))


def _column_key(code: str) -> str:
    return code or "not_stated"


def _names(column: str, codes: pd.Series) -> dict[str, Text]:
    found = list(dict.fromkeys(codes))
    return {**group_names(column, [code for code in found if code != TOTAL]), TOTAL: _TOTAL_NAME}
