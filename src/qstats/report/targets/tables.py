"""Which tables show how the targets stand? All of them with their course, the values behind, how words are read."""

from collections.abc import Sequence

import pandas as pd

from qstats import targets as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.figures.insets import draw_mark, draw_sparkline
from qstats.report.formats import format_count
from qstats.report.insets import Inset
from qstats.report.targets.assessment import Assessment, Pair
from qstats.report.targets.wording import (
    NOTHING,
    say_deadline,
    say_level,
    say_number,
    say_probability,
    say_reason,
    say_status,
    say_value,
)
from qstats.target_registry import Target

HEAD: dict[str, Text] = {
    "target_id": {"zh": "编号", "en": "No."},
    "name": {"zh": "目标或任务", "en": "Target or duty"},
    "level": {"zh": "目标值", "en": "Level"},
    "deadline": {"zh": "期限", "en": "Deadline"},
    "value": {"zh": "最新值", "en": "Latest value"},
    "n": {"zh": "依据数", "en": "n"},
    "basis": {"zh": "依据", "en": "Basis"},
    "probability": {"zh": "达到的概率", "en": "Probability"},
    "status": {"zh": "状态", "en": "Status"},
    "course": {"zh": "走势", "en": "Course"},
    "department": {"zh": "责任部门", "en": "Department"},
}
_EXPORTED = [
    "area",
    "kind",
    "commitment",
    "word",
    "comparison",
    "unit",
    "since",
    "deadline",
    "source",
    "cited",
]


def tabulate_all(assessed: Assessment) -> Display:
    """Every target, those that need attention first: level, newest value, probability, status, course."""
    pairs = assessed.by_urgency
    when = assessed.today.isoformat()
    return show_table(
        _frame(pairs),
        name="targets",
        caption={
            "zh": f"{assessed.place['zh']}质量强市目标进度（截至{when}；需要关注的在前）",
            "en": f"Progress towards the targets of {assessed.place['en']} as of {when}, those that need attention first",
        },
        columns={
            "title": Column(format="bilingual", label=HEAD["name"]),
            "level_said": Column(format="bilingual", label=HEAD["level"]),
            "value_said": Column(format="bilingual", label=HEAD["value"]),
            "n_said": Column(format="bilingual", label=HEAD["n"]),
            "probability_said": Column(format="bilingual", label=HEAD["probability"]),
            "status_mark": Column(format="inset", label=HEAD["status"]),
            "course": Column(format="inset", label=HEAD["course"]),
        },
        insets={
            "status_mark": [_mark(outlook) for _, outlook in pairs],
            "course": [_course(*pair) for pair in pairs],
        },
        notes=[_READINGS, _COURSES, _SIZES],
    )  # fmt: skip


_READINGS: Text = {
    "zh": "括号内为抽样估计的置信区间；没有括号的是全数统计。概率按各目标的口径：登记数为到期计数，一次验收合格率等为期末统计值，满意度为实际水平。已判断（达到、未达到）的不给概率。",
    "en": "Brackets hold confidence intervals of sample estimates; figures without are complete counts. Probabilities are in the reading of each target: the count at the deadline for registers, the value reported at the end for acceptance rates, the true value for satisfaction. What is judged (met, missed) has none.",
}
_COURSES: Text = {
    "zh": "走势：按时间先后的数值，圆点为最新值，虚线为目标值；每行纵轴各自伸缩，不从零起。",
    "en": "Course: values in order of time, the dot is the newest, the dashed line the level; each row has its own scale, which does not start at zero.",
}
_SIZES: Text = {
    "zh": "“依据数”：样本或分母（答卷、工程、住户、企业等；T16为农业生产面积，万亩）；单纯计数没有分母。",
    "en": "n: the sample or denominator (respondents, projects, dwellings, enterprises …; of T16 the agricultural area in 10,000 mu); plain counts have none.",
}


def _frame(pairs: Sequence[Pair]) -> pd.DataFrame:
    """One row per target with everything that a reader of the file needs."""
    told = pd.DataFrame([{name: getattr(target, name) for name in _EXPORTED} for target, _ in pairs])
    words = {
        f"{name}_{one}": [said[one] for said in texts]
        for name, texts in _say_all(pairs).items()
        for one in LANGUAGES
    }
    figures = assess.tabulate_outlooks([outlook for _, outlook in pairs])
    return pd.concat([figures, told, pd.DataFrame(words)], axis=1)


def _say_all(pairs: Sequence[Pair]) -> dict[str, list[Text]]:
    return {
        "name": [target.name for target, _ in pairs],
        "title": [{one: f"{target.id} {target.name[one]}" for one in LANGUAGES} for target, _ in pairs],
        "level_said": [say_level(target) for target, _ in pairs],
        "value_said": [say_value(target, outlook) for target, outlook in pairs],
        "n_said": [_say_n(outlook) for _, outlook in pairs],
        "probability_said": [_in_both(say_probability(outlook.probability)) for _, outlook in pairs],
        "status_said": [say_status(outlook) for _, outlook in pairs],
        "reason": [say_reason(outlook) for _, outlook in pairs],
        "department": [target.department for target, _ in pairs],
        "reading": [target.reading for target, _ in pairs],
    }


def _say_n(outlook: assess.Outlook) -> Text:
    if not outlook.n:
        return {"zh": "—", "en": "—"}
    return {one: format_count(outlook.n, one) for one in LANGUAGES}


def _in_both(said: str) -> Text:
    return dict.fromkeys(LANGUAGES, said)


def _mark(outlook: assess.Outlook) -> Inset:
    return Inset(draw_mark(outlook.status), NOTHING, say_status(outlook))


def _course(target: Target, outlook: assess.Outlook) -> Inset:
    values = outlook.history["value"].astype(float).tolist()
    if len(values) < 2:
        return Inset("", NOTHING, NOTHING)
    read = {one: _read_out(target, values, one) for one in LANGUAGES}
    return Inset(draw_sparkline(values, target.level), read, NOTHING)


def _read_out(target: Target, values: list[float], language: str) -> str:
    """The course for a reader who cannot see it."""
    said = [say_number(target, value, language) for value in values]
    return "，".join(said) if language == "zh" else ", ".join(said)


def tabulate_courses(assessed: Assessment) -> Display:
    """Values behind the courses, as data; the page says where they are."""
    table = assess.tabulate_histories([outlook for _, outlook in assessed.pairs])
    if table.empty:
        nothing = {
            "zh": "没有任何目标的数值，因此没有走势。",
            "en": "No target has a value, so that there is no course.",
        }
        return show_text(nothing, style="note", instead_of="target_courses")
    names = {target.id: target.name for target, _ in assessed.pairs}
    return show_table(
        table.assign(**{f"name_{one}": [names[code][one] for code in table["target_id"]] for one in LANGUAGES}),
        name="target_courses",
        caption={"zh": "走势所用的各期数值（节选，全部见数据文件）", "en": "Values behind the courses (an excerpt; all of them are in the data files)"},
        columns={
            "target_id": Column(format="text", label=HEAD["target_id"]),
            "name": Column(format="bilingual", label=HEAD["name"]),
            "period": Column(format="text", label={"zh": "时期", "en": "Period"}),
            "day": Column(format="date", label={"zh": "日期", "en": "Day"}),
            "value": Column(format="coefficient", label={"zh": "数值", "en": "Value"}),
        },
        max_rows=12,
    )  # fmt: skip


def tabulate_readings(assessed: Assessment) -> Display:
    """How ambiguous wording is read: declared by this project, open to correction."""
    rows = [
        {"target_id": target.id}
        | {f"name_{one}": target.name[one] for one in LANGUAGES}
        | {f"deadline_{one}": capital_of(say_deadline(target)[one]) for one in LANGUAGES}
        | {f"commitment_{one}": _say_commitment(target, one) for one in LANGUAGES}
        | {f"reading_{one}": target.reading[one] for one in LANGUAGES}
        for target, _ in assessed.pairs
        if target.reading["zh"]
    ]
    return show_table(
        pd.DataFrame(rows),
        name="target_readings",
        caption={
            "zh": "目标措辞的解读（由本项目申明，可由主管部门更正）",
            "en": "How the wording of targets is read (declared by this project, open to correction by the bureau)",
        },
        columns={
            "target_id": Column(format="text", label=HEAD["target_id"]),
            "name": Column(format="bilingual", label=HEAD["name"]),
            "deadline": Column(format="bilingual", label=HEAD["deadline"]),
            "commitment": Column(format="bilingual", label={"zh": "用词", "en": "Commitment"}),
            "reading": Column(format="bilingual", label={"zh": "解读", "en": "Reading"}),
        },
        notes=[_CITED],
    )  # fmt: skip


_CITED: Text = {
    "zh": "目标出自聊城市《关于实施质量强市战略建设质量聊城的意见》（2013年12月12日）。“用词”按原文的约束词分类；我们不知道原文用词的，注明不详。",
    "en": "The targets are those of the city's opinions on a strategy of quality, 12 December 2013. “Commitment” is the class of the word that binds in the original; where we do not know the word, it says so.",
}


def _say_commitment(target: Target, language: str) -> str:
    label = text("commitment", target.commitment)[language]
    return f"{label}：{target.word}" if target.word and language == "zh" else label


def capital_of(words: str) -> str:
    """Words that open a cell."""
    return words[:1].upper() + words[1:]
