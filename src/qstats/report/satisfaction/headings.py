"""What do the tables on satisfaction have in common? Headings, and the sentence where there is nothing."""

from qstats.codebook import Text
from qstats.report.display import Display, show_text
from qstats.report.satisfaction.assessment import PLACED_BY, Assessment
from qstats.report.satisfaction.caveats import NOTHING_RECEIVED

POINTS = "number"
HEAD: dict[str, Text] = {
    "index": {"zh": "满意度指数（分）", "en": "Index (points)"},
    "score": {"zh": "满意度得分（分）", "en": "Score (points)"},
    "share": {"zh": "满意率", "en": "Share satisfied"},
    "interval": {"zh": "置信区间", "en": "Interval"},
    "change": {"zh": "较上次变化（分）", "en": "Change (points)"},
    "change_interval": {"zh": "变化的区间", "en": "Interval of the change"},
    "respondents": {"zh": "评分人数", "en": "Respondents"},
    "reading": {"zh": "结论", "en": "Verdict"},
}


def say_nothing(assessed: Assessment, name: str, column: str) -> Display:
    """Words in place of a table that has no rows."""
    if not assessed.received:
        return show_text(NOTHING_RECEIVED, style="note", instead_of=name)
    by = PLACED_BY[column]
    return show_text(
        {"zh": f"问卷没有区分{by['zh']}，或只有一个{by['zh']}。", "en": f"The survey tells no {by['en']} apart, or has only one."},
        style="note", instead_of=name,
    )  # fmt: skip
