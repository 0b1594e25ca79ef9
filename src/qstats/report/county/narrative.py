"""What does the first screen of a county's page say? Words first, the figures behind them after.

Nobody may leave the screen with "100 %" for "none found", with a difference that chance can make, or with a
change of the sampling mix for a change of quality.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qstats.codebook import Text, text
from qstats.estimation import RepeatedFailures
from qstats.periods import Period
from qstats.report.county.findings import CountyFindings, CountyPage
from qstats.report.county.verdicts import describe_difference, describe_in_words, describe_year_change
from qstats.report.failures.enterprises import describe_repeats
from qstats.report.failures.items import leading_items
from qstats.report.findings import Finding
from qstats.report.formats import format_percent, known_number
from qstats.report.subject import Subject, name_window


def main_points(
    found: CountyFindings, rates: pd.DataFrame, items: pd.DataFrame, needed: pd.DataFrame, page: CountyPage
) -> list[Text]:
    """The points of the first screen: all of it in words, then period, year, comparison, change, what failed."""
    now, year = page.row(rates, page.period), page.row(rates, page.year)
    points = [describe_in_words(found, page), describe_level(found.now, now, page.subject(page.period))]
    if found.now is not found.year:
        points.append(describe_level(found.year, year, page.in_year, introduced=True))
    points += [describe_difference(found, page), describe_year_change(found, page)]
    if found.now.status == "stated":
        return [*points, describe_failures(year, items, page.in_year)]
    return [*points, *describe_shortage(now, needed, page)]


def describe_level(
    finding: Finding, row: Mapping[str, Any], subject: Subject, *, introduced: bool = False
) -> Text:
    """Rate of the county in a period: what was found, and what it means where all or too few passed.

    ``introduced``: a sentence before it has named the county and what was sampled.
    """
    n, failures = int(row["n"]), int(row["failures"])
    if n == 0:
        return _describe_nothing(subject)
    opening = _open(subject, n, introduced=introduced)
    if finding.status != "stated":
        return _unstated(finding, n, failures, opening)
    care = row["reliability"] == "use_with_care"
    caution = {
        "zh": "样本较少，请谨慎使用。" if care else "",
        "en": " A small sample: use with care." if care else "",
    }
    level = format_percent(known_number(finding.confidence), decimals=0)
    lower, upper = _limit(finding.lower), _limit(finding.upper)
    if failures == 0:
        return {
            "zh": f"{opening['zh']}，全部合格。这不等于合格率就是100%：这些批次只能说明合格率不低于{lower}"
            f"（{level}置信区间{lower}～100%）。{caution['zh']}",
            "en": f"{opening['en']}; all passed. That does not make the pass rate 100%: these batches only show that "
            f"it is at least {lower} ({level} confidence interval {lower} to 100%).{caution['en']}",
        }
    rate = format_percent(known_number(finding.estimate))
    return {
        "zh": f"{opening['zh']}，其中不合格{failures}批次，合格率{rate}（{level}置信区间{lower}～{upper}）。{caution['zh']}",
        "en": f"{opening['en']}; {failures} failed, a pass rate of {rate} ({level} confidence interval {lower} to {upper})."
        f"{caution['en']}",
    }


def _describe_nothing(subject: Subject) -> Text:
    when, who, batches = subject.period.label, subject.place, subject.batches
    return {
        "zh": f"{when['zh']}，没有{who['zh']}{batches['zh']}的检验结果。",
        "en": f"There are no results for {who['en']} ({batches['en']}) in {when['en']}.",
    }


def _open(subject: Subject, n: int, *, introduced: bool) -> Text:
    when, who, batches = subject.period.label, subject.place, subject.batches
    about = {"zh": f"{who['zh']}{batches['zh']}", "en": f" of {batches['en']}"}
    lead = f"{who['en']}, {when['en']}: "
    if introduced:
        about, lead = {"zh": "", "en": ""}, f"{when['en'][:1].upper()}{when['en'][1:]}: "
    return {
        "zh": f"{when['zh']}，{about['zh']}有结果的产品共{n}批次",
        "en": f"{lead}{_batches(n)} with a result{about['en']}",
    }


def _limit(value: float | None) -> str:
    """A limit of an interval: one that touches all or none is printed as such."""
    return format_percent(round(known_number(value), 3)).replace(
        ".0%", "%" if value and value > 0.9995 else ".0%"
    )


def _unstated(finding: Finding, n: int, failures: int, opening: Text) -> Text:
    assert finding.reason is not None
    if finding.status != "cannot_be_stated":
        verdict = text("not_published", finding.status)
        return {
            "zh": f"{opening['zh']}，合格率{verdict['zh']}：{finding.reason['zh']}。",
            "en": f"{opening['en']}. The pass rate {verdict['en']}: {finding.reason['en']}.",
        }
    found = {"zh": "没有发现不合格", "en": "none failed"}
    if failures:
        found = {"zh": f"其中不合格{failures}批次", "en": f"{failures} failed"}
    return {
        "zh": f"{opening['zh']}，{found['zh']}。批次过少，不足以给出合格率，也不能据此判断质量好坏。",
        "en": f"{opening['en']}; {found['en']}. Too few to state a pass rate, or to call quality good or bad.",
    }


def describe_failures(row: Mapping[str, Any], items: pd.DataFrame, subject: Subject) -> Text:
    """How many batches failed in the twelve months, and most often in what."""
    when, failures = subject.period.label, int(row["failures"])
    if int(row["n"]) == 0:
        return _describe_nothing(subject)
    if failures == 0:
        return {
            "zh": f"{when['zh']}没有发现不合格批次。",
            "en": f"No failed batch was found in {when['en']}.",
        }
    if failures == 1 and len(items) == 1:
        item = items["item"].iloc[0]
        return {
            "zh": f"{when['zh']}不合格1批次，不合格项目是{item}。",
            "en": f"1 batch failed in {when['en']}, in {item}.",
        }
    top = [row for row in leading_items(items).itertuples() if row.batches > 1] if len(items) else []
    zh = "、".join(f"{row.item}（{row.batches}批次）" for row in top)
    en = ", ".join(f"{row.item} ({_batches(row.batches)})" for row in top)
    return {
        "zh": f"{when['zh']}不合格{failures}批次，" + (f"出现最多的不合格项目是{zh}。" if zh else "没有特别突出的不合格项目。"),
        "en": f"{_batches(failures)} failed in {when['en']}; " + (f"the items that failed most often: {en}." if en else "no item stands out."),
    }  # fmt: skip


def describe_repeaters(repeated: RepeatedFailures, periods: Sequence[Period]) -> Text:
    """Whether enterprises failed repeatedly, and if so, whether more of them than by chance."""
    if not repeated.enterprises.empty:
        return describe_repeats(repeated, periods)
    window = name_window(periods)
    return {
        "zh": f"{window['zh']}，有结果的{repeated.sampled}家企业中没有一家两次及以上不合格。",
        "en": f"In {window['en']}, none of the {repeated.sampled:,} enterprises with a result failed in two batches or more.",
    }


def describe_shortage(now: Mapping[str, Any], needed: pd.DataFrame, page: CountyPage) -> list[Text]:
    """How many batches a reliable rate of the period takes; nothing where it has as many."""
    if needed.empty or now["reliability"] == "reliable" or now["status"] in ("refused", "no_data"):
        return []
    enough, n = int(needed["needed"].iloc[0]), int(now["n"])
    if n >= enough:
        return []
    when = page.period.label
    return [
        {
            "zh": f"要得到可靠的合格率，一期大约需要{enough}批次；{when['zh']}有{n}批次。",
            "en": f"A reliable rate takes about {enough} batches a period; there were {n} in {when['en']}.",
        }
    ]


def _batches(count: int) -> str:
    return f"{count:,} batch" if count == 1 else f"{count:,} batches"
