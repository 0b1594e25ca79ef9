"""What do the tables on construction works have in common? Headings, and words where there is nothing."""

from collections.abc import Iterable

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.acceptance.names import EVERY, county_label
from qstats.report.columns import Column
from qstats.report.display import Display, show_text

HEAD: dict[str, Text] = {
    "scale": {"zh": "工程规模", "en": "Scale"},
    "period": {"zh": "时期", "en": "Period"},
    "n": {"zh": "有结论的工程（项）", "en": "Projects with an outcome"},
    "passes": {"zh": "一次验收合格", "en": "Passed at first"},
    "failures": {"zh": "未一次合格", "en": "Failed at first"},
    "unknown": {"zh": "无结论", "en": "Outcome unknown"},
    "rate": {"zh": "一次验收合格率", "en": "First-time rate"},
    "bound": {"zh": "施工质量水平单侧下限", "en": "Lower bound of the process"},
    "process": {"zh": "施工质量水平的置信区间", "en": "Interval of the process"},
    "by_dwellings": {"zh": "按住宅户数计", "en": "By dwellings"},
    "county": {"zh": "县（市、区）", "en": "County"},
    "median": {"zh": "中位时间（天）", "en": "Median (days)"},
    "open": {"zh": "未了结", "en": "Open"},
    "first_outcome": {"zh": "首次结论", "en": "First outcome"},
    "verdict": {"zh": "结论", "en": "Verdict"},
}
COUNTED: Text = {
    "zh": "合格率是全部工程的计数，不是抽样估计；下限或区间把各工程看作施工质量水平的独立样本，只用于推断一般水平，不用于判断当期目标。",
    "en": "Rates are complete counts, not sample estimates. Bounds and intervals take each project as an independent trial of the building process: they speak of that process and do not decide whether the target of the period is met.",
}


NO_REGISTER: Text = {
    "zh": "没有工程竣工验收台账，见上。",
    "en": "There is no register of completion acceptance, see above.",
}


def count(label: Text) -> Column:
    """A column of counts."""
    return Column(format="count", label=label)


def percent(label: Text) -> Column:
    """A column of shares in per cent."""
    return Column(format="percent", label=label)


def limits(lower: str, upper: str, label: Text, unit: str = "percent") -> Column:
    """A column of intervals."""
    return Column(format="interval", lower=lower, upper=upper, unit=unit, label=label)


def bilingual(label: Text) -> Column:
    """A column of words."""
    return Column(format="bilingual", label=label)


def only_if_any(rows: pd.DataFrame, name: str, column: Column, shown: str | None = None) -> dict[str, Column]:
    """The column (or another one), or nothing where each row has a zero: what never occurs needs no place."""
    return {shown or name: column} if (rows[name] > 0).any() else {}


def in_both(rows: pd.DataFrame, name: str, texts: Iterable[Text]) -> pd.DataFrame:
    """Rows with words in both languages as ``<name>_zh`` and ``<name>_en``."""
    listed = list(texts)
    return rows.assign(**{f"{name}_{one}": [entry[one] for entry in listed] for one in LANGUAGES})


def scale_labels(codes: Iterable[str]) -> list[Text]:
    """Scales, as a table names them."""
    others: dict[str, Text] = {
        EVERY: {"zh": "全部", "en": "All"},
        "": {"zh": "未注明", "en": "Not stated"},
    }
    return [others.get(code) or text("scale", code) for code in codes]


def county_labels(codes: Iterable[str]) -> dict[str, Text]:
    """Names of counties by code."""
    return {str(code): county_label(str(code)) for code in codes}


def say(sentence: Text, name: str) -> Display:
    """Words in place of a table or chart."""
    return show_text(sentence, style="note", instead_of=name)


def leave_out(name: str) -> Display:
    """Nothing in place of a table or chart: the opening of the section says what is missing."""
    return show_text([], instead_of=name)
