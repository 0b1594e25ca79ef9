"""What does the chapter say of the indicators? The main points first, then the city, the counties, what others published."""

from typing import Any

from qstats import trend as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.event_narrative import describe_break, describe_events, describe_outlooks
from qstats.report.trend.gather import BY_COUNTY, BY_QUARTER, PASS_RATE, SATISFACTION
from qstats.report.trend.headings import NO_COUNTIES, NOTHING
from qstats.report.trend.published_narrative import summarise_published
from qstats.report.trend.wording import describe_trend, name_group

MOST_POINTS = 6
"""Points on the first screen."""


def main_points(assessed: Assessment) -> list[Text]:
    """The points of the first screen: where the indicators go, breaks and events, what is to be expected."""
    if not assessed.received:
        return [NOTHING]
    rows = list(assessed.headlines())
    told = [row for row in rows if row["status"] == "stated"]
    silent = rows and all(row["status"] == "no_data" for row in rows)
    points = [describe_trend(assessed, row) for row in rows] if silent else []
    points += [summarise(assessed)] if len(told) > 1 or (rows and not told and not silent) else []
    points += [describe_trend(assessed, row) for row in told if row["series"] == PASS_RATE or len(told) == 1]
    moved = [row for row in told if row["verdict"] in assess.DIRECTIONS and row["series"] != PASS_RATE]
    points += [_together([describe_trend(assessed, row) for row in moved])] if moved and len(told) > 1 else []
    points += [describe_break(assessed, row) for row in _breaks_found(assessed) if row["series"] == PASS_RATE]
    if any(row["series"] == PASS_RATE for row in told):
        points += describe_events(assessed, only=PASS_RATE)[:1]
        points += describe_outlooks(assessed, only=BY_QUARTER)
        points += describe_counties(assessed) if assessed.counties else []
    return (points or summarise_published(assessed) or _surveys(assessed) or [NOTHING])[:MOST_POINTS]


def _together(sentences: list[Text]) -> Text:
    return {"zh": "".join(one["zh"] for one in sentences), "en": " ".join(one["en"] for one in sentences)}


def _breaks_found(assessed: Assessment) -> list[dict[str, Any]]:
    table = assessed.breaks
    return table[table["found"]].to_dict("records") if len(table) else []


def _surveys(assessed: Assessment) -> list[Text]:
    rows = assessed.trends[assessed.trends["series"] == SATISFACTION].to_dict("records")
    return [describe_trend(assessed, row) for row in rows]


def summarise(assessed: Assessment) -> Text:
    """How many indicators rise, fall or do neither, in one sentence."""
    rows = list(assessed.headlines())
    told = [row for row in rows if row["status"] == "stated"]
    when = assessed.period.label
    if not told:
        return {
            "zh": f"截至{when['zh']}，{assessed.place['zh']}主要质量指标的历史都不足以判断趋势。",
            "en": f"Up to {when['en']}, the history of no main quality indicator of {assessed.place['en']} is long enough to tell a trend.",
        }
    parts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    verbs = {
        "rise": ("上升", "rises"),
        "fall": ("下降", "falls"),
        "no_clear_trend": ("无明显趋势", "shows no clear trend"),
        "withheld": ("暂不判断", "had a break too recently"),
    }
    plural = {
        "rises": "rise",
        "falls": "fall",
        "shows no clear trend": "show no clear trend",
        "had a break too recently": "had a break too recently",
    }
    for verdict, (zh, en) in verbs.items():
        named = [assessed.label(row["series"]) for row in told if row["verdict"] == verdict]
        if named:
            parts["zh"].append(f"{len(named)}项{zh}（{'、'.join(one['zh'] for one in named)}）")
            verb = en if len(named) == 1 else plural[en]
            parts["en"].append(f"{len(named)} {verb} ({', '.join(one['en'] for one in named)})")
    place = assessed.place
    return {
        "zh": f"截至{when['zh']}，{place['zh']}{len(told)}项有足够历史的主要质量指标中，{'，'.join(parts['zh'])}。",
        "en": f"Up to {when['en']}, of the {len(told)} main quality indicators of {place['en']} with enough history, {', '.join(parts['en'])}.",
    }


def describe_indicators(assessed: Assessment) -> list[Text]:
    """Every indicator of the city in one sentence."""
    if not assessed.received:
        return [NOTHING]
    rows = [*assessed.headlines()]
    told = sum(row["status"] == "stated" for row in rows)
    silent = all(row["status"] == "no_data" for row in rows)
    opening = [summarise(assessed)] if told != 1 and not silent else []
    return [*opening, *(describe_trend(assessed, row) for row in rows), *_surveys(assessed)] or [
        _only_published()
    ]


def _only_published() -> Text:
    return {
        "zh": "只收到公布的时间序列，见下。",
        "en": "Only published series were received: see below.",
    }


def describe_counties(assessed: Assessment) -> list[Text]:
    """Counties with a trend, or that none has one."""
    rows = (
        assessed.trends[assessed.trends["series"] == BY_COUNTY].to_dict("records")
        if assessed.received
        else []
    )
    told = [row for row in rows if row["status"] == "stated"]
    if not told:
        return [_no_counties(rows)]
    moved = [row for row in told if row["verdict"] in assess.DIRECTIONS]
    if not moved:
        return [{
            "zh": f"{len(told)}个有足够记录的县（市、区）的批次合格率均无明显趋势。",
            "en": f"None of the {len(told)} counties with enough records shows a clear trend of its batch pass rate.",
        }]  # fmt: skip
    names = {
        language: ("、" if language == "zh" else ", ").join(
            f"{name_group(assessed, row)[language]}{'（' if language == 'zh' else ' ('}{text('trend_verdict', row['verdict'])[language]}{'）' if language == 'zh' else ')'}"
            for row in moved
        )
        for language in LANGUAGES
    }  # fmt: skip
    return [{
        "zh": f"{len(told)}个有足够记录的县（市、区）中，批次合格率有趋势的是{names['zh']}，其余无明显趋势。",
        "en": f"Of {len(told)} counties with enough records, the batch pass rate has a trend in {names['en']}; the others show no clear trend.",
    }]  # fmt: skip


def _no_counties(rows: list[dict[str, Any]]) -> Text:
    if not rows:
        return NO_COUNTIES
    return {
        "zh": f"{len(rows)}个县（市、区）的记录都不足以判断批次合格率的趋势。",
        "en": f"The records of none of {len(rows)} counties are enough to tell a trend of the batch pass rate.",
    }
