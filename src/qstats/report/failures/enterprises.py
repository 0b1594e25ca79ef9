"""How does the report speak of enterprises that failed repeatedly, and of what became of those that failed?"""

from collections.abc import Sequence

import pandas as pd

from qstats.codebook import Text
from qstats.estimation import RepeatedFailures
from qstats.periods import Period
from qstats.reference import product_class_name
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.formats import capital, format_p_value
from qstats.report.groups import group_names
from qstats.report.subject import name_window

SURE = 0.05

_REASONS: dict[str, Text] = {
    "no_failure": {"zh": "所列时期没有不合格企业", "en": "no enterprise failed in these periods"},
    "not_seen": {"zh": "没有收到这类批次", "en": "no such batches were received"},
    "source_barred": {
        "zh": "部分来源不能据以计算合格率（如只列不合格产品）",
        "en": "some sources carry no rate, such as lists of failures only",
    },
    "too_few_seen": {
        "zh": "再次受检的企业过少，不足以给出比率",
        "en": "too few were seen again to state a rate",
    },
}


def describe_repeats(found: RepeatedFailures, periods: Sequence[Period]) -> Text:
    """How many enterprises failed repeatedly, and whether that is more than chance."""
    window, chance, number = name_window(periods), found.chance, len(found.enterprises)
    counts = {
        "zh": f"{window['zh']}，有结果的{found.sampled}家企业中{found.failed}家有不合格批次，其中{number}家两次及以上不合格。",
        "en": f"{capital(window['en'])}: {found.failed:,} of the {found.sampled:,} enterprises with a result failed, "
        f"{number} of them in two batches or more.",
    }
    if chance is None:
        return {
            "zh": counts["zh"] + "部分来源不能据以计算合格率，不判断是否多于偶然。",
            "en": counts["en"]
            + " Some sources carry no rate: whether that is more than chance is not judged.",
        }
    more, p = chance.p_value <= SURE, format_p_value(chance.p_value)
    verdict = {
        "zh": "多于偶然所致，说明不合格集中于部分企业"
        if more
        else "偶然因素足以解释，不能说明不合格集中于部分企业",
        "en": "that is more than chance gives: failures gather at some enterprises"
        if more
        else "chance can explain that: it does not show that failures gather at some enterprises",
    }
    return {
        "zh": f"{counts['zh']}若各企业合格率相同，预期{chance.expected:.1f}家（{chance.lower}～{chance.upper}家）；"
        f"{verdict['zh']}（p值{p}）。",
        "en": f"{counts['en']} If all enterprises had the same rate, {chance.expected:.1f} would be expected "
        f"({chance.lower} to {chance.upper}); {verdict['en']} (p-value {p}).",
    }


def tabulate_repeats(
    found: RepeatedFailures, periods: Sequence[Period], *, name_enterprises: bool
) -> Display:
    """Enterprises that failed repeatedly; named, or numbered without anything that tells who they are."""
    window = name_window(periods)
    listed = found.enterprises if name_enterprises else _numbered(found.enterprises)
    if listed.empty:
        return show_text(
            {
                "zh": f"{window['zh']}没有两次及以上不合格的企业。",
                "en": f"{capital(window['en'])}: no enterprise failed in two batches or more.",
            },
            instead_of="repeated_failures",
        )
    classes = {code: product_class_name(code) for code in listed["product_class"].dropna().unique()}
    named: dict[str, Column | str] = {
        "county_code": Column(
            format="code", labels=group_names("county_code", _codes(listed, "county_code"))
        ),
        "products": Column(label={"zh": "不合格产品", "en": "Products that failed"}),
    }
    return show_table(
        listed,
        name="repeated_failures",
        caption={
            "zh": f"{window['zh']}两次及以上不合格的企业",
            "en": f"Enterprises that failed in two batches or more, {window['en']}",
        },
        columns={
            "enterprise_name": "text" if name_enterprises else _NUMBER,
            **({"county_code": named["county_code"]} if name_enterprises else {}),
            "product_class": Column(format="code", labels=classes),
            "batches": Column(format="count", label={"zh": "有结果批次", "en": "Batches with a result"}),
            "failures": "count",
            **({"last_failure": _LAST, "products": named["products"]} if name_enterprises else {}),
        },
        notes=[] if name_enterprises else [_UNNAMED_NOTE],
        max_rows=30,
    )


def tabulate_follow_up(again: pd.DataFrame, periods: Sequence[Period]) -> Display:
    """Of the enterprises that failed: seen again, passed then."""
    window = name_window(periods)
    reasons = {
        f"reason_{language}": [_REASONS[code][language] if code else None for code in again["reason"]]
        for language in ("zh", "en")
    }
    return show_table(
        again.assign(**reasons),
        name="follow_up",
        caption={
            "zh": f"{window['zh']}不合格企业其后的受检情况（按企业计）",
            "en": f"What became of the enterprises that failed, {window['en']} (counted by enterprise)",
        },
        columns={
            "seen_by": Column(
                format="code", kind="seen_by", label={"zh": "再次受检方式", "en": "Seen again by"}
            ),
            "failed": Column(format="count", label={"zh": "不合格企业", "en": "Failed"}),
            "seen": Column(format="count", label={"zh": "其后受检", "en": "Seen again"}),
            "passed": Column(format="count", label={"zh": "其中合格", "en": "Passed then"}),
            "estimate": Column(format="percent", label={"zh": "合格比率", "en": "Passed of those seen"}),
            "interval": Column(format="interval"),
        },
        notes=[_FOLLOW_UP_NOTE],
        status="status",
        reason=("reason_zh", "reason_en"),
    )


_LAST = Column(format="date", label={"zh": "最近一次不合格", "en": "Last failure"})
_NUMBER = Column(label={"zh": "企业序号", "en": "Enterprise no."})
_UNNAMED_NOTE: Text = {
    "zh": "企业以序号代替，不列名称、所在县区、产品和日期（参数disclosure.name_enterprises）。",
    "en": "Enterprises are numbered; names, counties, products and dates are not given (parameter "
    "disclosure.name_enterprises).",
}
_FOLLOW_UP_NOTE: Text = {
    "zh": "每家企业只计一次：从所列时期内第一次不合格起，看其后第一个有结果的批次（同日多批次须全部合格）；"
    "至期末尚未再受检的不算合格也不算不合格。区间为Clopper-Pearson区间。",
    "en": "Each enterprise counts once: from its first failure in these periods to the first later batch with a result "
    "(several of one day must all pass). Who was not seen again by the end counts neither as passed nor as failed. "
    "Clopper-Pearson intervals.",
}


def _numbered(enterprises: pd.DataFrame) -> pd.DataFrame:
    """Enterprises without names, places, products and days, which would tell who is meant."""
    kept = enterprises[["product_class", "batches", "failures"]]
    return kept.assign(enterprise_name=[str(number) for number in range(1, len(kept) + 1)])


def _codes(frame: pd.DataFrame, column: str) -> list[str]:
    return frame[column].dropna().unique().tolist() if column in frame else []
