"""What do the tables on satisfaction have in common? Headings, and the sentence where there is nothing."""

from qstats.codebook import Text
from qstats.report.display import Display, show_text
from qstats.report.satisfaction.assessment import PLACED_BY, Assessment
from qstats.report.satisfaction.caveats import NOTHING_RECEIVED

POINTS = "number"
HEAD: dict[str, Text] = {
    "index": {"zh": "指数（分）", "en": "Index (points)"},
    "score": {"zh": "得分（分）", "en": "Score (points)"},
    "share": {"zh": "满意率", "en": "Satisfied"},
    "change": {"zh": "变化（分）", "en": "Change (points)"},
    "respondents": {"zh": "评分人数", "en": "n"},
    "complete": {"zh": "完整问卷", "en": "n"},
    "ranks": {"zh": "可能名次", "en": "Ranks"},
    "reading": {"zh": "结论", "en": "Verdict"},
}


def interval_heading(assessed: Assessment) -> Text:
    """Heading of a column of intervals."""
    return {"zh": f"{assessed.level}置信区间", "en": f"{assessed.level} interval"}


def leave_out(name: str) -> Display:
    """Nothing in place of a table or chart: why there is none was said at the head of the section."""
    return show_text([], instead_of=name)


def say_nothing(assessed: Assessment, name: str, column: str) -> Display:
    """Words in place of a table that has no rows."""
    if not assessed.received:
        return show_text(NOTHING_RECEIVED, style="note", instead_of=name)
    by = PLACED_BY[column]
    return show_text(
        {"zh": f"问卷没有区分{by['zh']}，或只有一个{by['zh']}。", "en": f"The survey tells no {by['en']} apart, or has only one."},
        style="note", instead_of=name,
    )  # fmt: skip
