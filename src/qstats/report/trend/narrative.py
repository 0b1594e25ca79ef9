"""What does the chapter say of the indicators? The main points first, then the city, the counties, what others published."""

from typing import Any

from qstats import trend as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.event_narrative import describe_break, describe_events, describe_outlooks
from qstats.report.trend.gather import BY_COUNTY, BY_QUARTER, PASS_RATE, SATISFACTION
from qstats.report.trend.headings import NO_COUNTIES, NOTHING
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
        points += describe_counties(assessed)
    return (points or _published(assessed) or _surveys(assessed) or [NOTHING])[:MOST_POINTS]


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
        "zh": "没有收到抽查、验收或投诉的逐期记录，只有公布的时间序列，见下。",
        "en": "No records of sampling, acceptance or complaints were received that follow each other in time, only published series: see below.",
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
            f"{name_group(row)[language]}{'（' if language == 'zh' else ' ('}{text('trend_verdict', row['verdict'])[language]}{'）' if language == 'zh' else ')'}"
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


def describe_published(assessed: Assessment) -> list[Text]:
    """Every published series in one sentence, or that none was received."""
    told = _published(assessed)
    return told or [{"zh": "没有收到公布的时间序列。", "en": "No published series was received."}]


def _published(assessed: Assessment) -> list[Text]:
    """What published series show, first a count of them; those that are too short are only counted."""
    rows = assessed.published.to_dict("records") if assessed.received else []
    told = [row for row in rows if row["status"] == "stated"]
    order = {"rise": 0, "fall": 0, "leans_up": 1, "leans_down": 1}
    told = sorted(told, key=lambda row: order.get(row["verdict"], 2))
    names = len({row["series"] for row in rows})
    points = [_count_published(told, names, len(rows) - len(told))] if rows else []
    return points + [describe_trend(assessed, row) for row in told]


def _count_published(told: list[dict[str, Any]], names: int, short: int) -> Text:
    moved = sum(row["verdict"] in assess.DIRECTIONS for row in told)
    leaning = sum(str(row["verdict"]).startswith("leans") for row in told)
    counted = {
        ("有趋势", "with a trend"): moved,
        ("多为上升或下降而没有样本数", "that mostly rose or fell, without the number behind them"): leaning,
        ("无明显趋势", "without a clear trend"): len(told) - moved - leaning,
        ("期数过少、无从判断", "too short to tell"): short,
    }
    zh, en = (
        [
            f"{count}段{words[0]}" if at == 0 else f"{count} {words[1]}"
            for words, count in counted.items()
            if count
        ]
        for at in (0, 1)
    )
    every = len(told) + short
    return {
        "zh": f"公布的时间序列{names}个，按口径分为{every}段：{'，'.join(zh)}。",
        "en": f"{names} published series, cut into {every} where a definition changed: {', '.join(en)}.",
    }
