"""Which tables does the page of one county show?"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qstats.codebook import Text, text
from qstats.estimation import RepeatedFailures
from qstats.periods import Period
from qstats.report.columns import Column
from qstats.report.county.findings import CountyPage
from qstats.report.county.narrative import describe_failures
from qstats.report.disclosure.tables import MARK_NOTE, mark_suppressed
from qstats.report.display import Display, show_table, show_text
from qstats.report.failures.enterprises import tabulate_repeats
from qstats.report.groups import group_names
from qstats.report.inspection.tables import have_all_passed
from qstats.report.rates import RATE_COLUMNS, mark_reliability

_RATE_COLUMNS = {name: RATE_COLUMNS[name] for name in ("n", "failures", "estimate", "interval")}
_AREA_LABEL: Text = {"zh": "范围", "en": "Area"}
_INTERVALS: Text = {
    "zh": "区间已考虑同一企业的批次彼此相似，是各自单独的区间；与其余地区的判断按各县（市、区）同时比较，要求更严。",
    "en": "Each interval stands by itself and allows for the likeness of batches of one enterprise. Whether the county differs "
    "from the rest is judged for all counties at once, which asks for more.",
}


def tabulate_beside_rest(rates: pd.DataFrame, page: CountyPage) -> Display:
    """The county and the rest of the city, in the period and in the twelve months."""
    frame = page.rows(rates, page.periods)
    return show_table(
        mark_reliability(frame),
        name="county_and_rest",
        caption={
            "zh": f"{page.name['zh']}与全市其余地区：批次合格率",
            "en": f"Batch pass rate, {page.name['en']} and the rest of the city",
        },
        columns={
            "period": "text",
            "area": Column(format="code", label=_AREA_LABEL, labels=_area_names(page)),
            **_RATE_COLUMNS,
        },
        notes=_notes(frame),
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_difference(differences: pd.DataFrame, page: CountyPage) -> Display:
    """The county's rate less that of the rest, with an interval for all counties at once."""
    differences = differences[differences["period"].isin([str(page.period), str(page.year)])]
    return show_table(
        differences.assign(
            mark=differences["status"].replace("refused", "not_compared"),
            reason_zh=_reasons(differences, "zh"),
            reason_en=_reasons(differences, "en"),
        ),
        name="difference_from_rest",
        caption={
            "zh": f"{page.name['zh']}合格率与全市其余地区之差",
            "en": f"Pass rate of {page.name['en']} less that of the rest of the city",
        },
        columns={
            "period": "text",
            "n": "count",
            "difference": Column(
                format="points", label={"zh": "相差（百分点）", "en": "Difference (points)"}
            ),
            "interval": Column(format="interval", lower="lower", upper="upper", unit="points"),
        },
        notes=[
            {
                "zh": f"区间按{page.comparisons}个县（市、区）同时比较加宽（Bonferroni）；区间含0即不能断定有差别。",
                "en": f"Intervals are widened for {page.comparisons} counties compared at once (Bonferroni); where one covers 0, "
                "no difference is established.",
            }
        ],
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_years(years: pd.DataFrame, page: CountyPage) -> Display:
    """The county's rate in each twelve months, newest first."""
    chosen = page.rows(years, page.years)
    county = chosen[chosen["area"] == "county"].iloc[::-1].reset_index(drop=True)
    return show_table(
        mark_reliability(county),
        name="rates_by_year",
        caption={
            "zh": f"{page.name['zh']}各年批次合格率",
            "en": f"Batch pass rate by year, {page.name['en']}",
        },
        columns={"period": "text", **_RATE_COLUMNS},
        notes=_notes(county),
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_classes(classes: pd.DataFrame, page: CountyPage) -> Display:
    """Product classes of the twelve months, most failures first: counts, and a rate where one can be stated.

    What the table of all counties suppresses is suppressed here too
    (:func:`qstats.report.disclosure.withhold_suppressed`).
    """
    names = group_names("product_class", classes["product_class"].tolist())
    hidden = [MARK_NOTE] if (classes["status"] == "suppressed").any() else []
    return show_table(
        mark_suppressed(mark_reliability(classes)),
        name="product_classes",
        caption={
            "zh": f"{page.name['zh']}各类产品，{page.year.label['zh']}",
            "en": f"Product classes, {page.name['en']}, {page.year.label['en']}",
        },
        columns={
            "product_class": Column(format="code", labels=names),
            **_RATE_COLUMNS,
            "n": "marked_count",
        },
        notes=[*hidden, *_notes(classes)],
        status="mark",
    )


def tabulate_items(items: pd.DataFrame, row: Mapping[str, Any], page: CountyPage) -> Display:
    """Failed items of the twelve months, or the sentence that there are none."""
    if items.empty:
        return show_text(describe_failures(row, items, page.in_year))
    return show_table(
        items,
        name="failed_items",
        caption={
            "zh": f"{page.name['zh']}不合格项目，{page.year.label['zh']}",
            "en": f"Failed items, {page.name['en']}, {page.year.label['en']}",
        },
        columns={"item": "text", "batches": "count"},
        notes=[{"zh": "一个批次可有多个不合格项目。", "en": "A batch may fail in several items."}],
        max_rows=15,
    )


_NOT_LISTED: Text = {
    "zh": "本报告不列企业名单（参数disclosure.name_enterprises）。",
    "en": "This report names no enterprise (parameter disclosure.name_enterprises).",
}
_NOBODY_TO_LIST: Text = {"zh": "没有可列的企业。", "en": "There is no enterprise to list."}


def tabulate_repeaters(
    repeated: RepeatedFailures, periods: Sequence[Period], *, name_enterprises: bool
) -> Display:
    """Enterprises that failed repeatedly, where they may be named.

    Unnamed rows are not shown: with the county known, class and day would tell who is meant.
    """
    if repeated.enterprises.empty or not name_enterprises:
        return show_text(
            _NOT_LISTED if len(repeated.enterprises) else _NOBODY_TO_LIST,
            instead_of="repeated_failures",
        )
    return tabulate_repeats(repeated, periods, name_enterprises=True)


def tabulate_needed(needed: pd.DataFrame, page: CountyPage) -> Display:
    """Batches that intervals of given widths would take."""
    if needed.empty:
        return show_text(
            {
                "zh": "全市合格率未发布，无法推算所需批次。",
                "en": "The city's rate is not published: the batches needed cannot be worked out.",
            }
        )
    return show_table(
        needed,
        name="batches_needed",
        caption={
            "zh": f"{page.name['zh']}：合格率要说得多准，需要多少批次",
            "en": f"{page.name['en']}: batches needed for a rate of a given precision",
        },
        columns={
            "width": Column(format="percent", label={"zh": "置信区间的宽度", "en": "Width of the interval"}),
            "needed": Column(format="count", label={"zh": "所需批次", "en": "Batches needed"}),
        },
        notes=[
            {
                "zh": "按全市其余地区的合格率推算，计入本地同一企业重复抽样的影响；第一行（区间不宽于10个百分点）是可靠合格率的要求。",
                "en": "Worked out at the rate of the rest of the city, with as many batches of one enterprise as were sampled here. The first "
                "row (an interval no wider than 10 points) is what a reliable rate takes.",
            }
        ],
    )


def _notes(rates: pd.DataFrame) -> list[Text]:
    return [_INTERVALS, *([text("note", "all_passed")] if have_all_passed(rates) else [])]


def _area_names(page: CountyPage) -> dict[str, Text]:
    return {"county": page.name, "rest": {"zh": "全市其余地区", "en": "Rest of the city"}}


_NOT_COMPARED: Text = {
    "zh": "本期或其余地区没有合格率，无从比较",
    "en": "the county or the rest has no rate in this period",
}


def _reasons(differences: pd.DataFrame, language: str) -> list[str]:
    return [_NOT_COMPARED[language] if code else "" for code in differences["reason"]]
