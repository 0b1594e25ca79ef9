"""What does the chapter say of series that others published? How many, which way, and why not more can be said."""

from collections.abc import Mapping, Sequence
from typing import Any

from qstats import trend as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.formats import capital
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.periods import count_periods
from qstats.report.trend.rank_wording import say_coarse
from qstats.report.trend.wording import describe_trend, name_series

MOST_NAMED = 6
"""Series that a summary names one by one."""

MOST_TOLD = 3
"""Series without a direction for one reason that are told one by one."""

LEANING = ("leans_up", "leans_down")
Row = Mapping[str, Any]


def describe_published(assessed: Assessment) -> list[Text]:
    """Published series with a direction one by one, those without one together by their reason."""
    rows = assessed.published.to_dict("records") if assessed.received else []
    if not rows:
        return [{"zh": "没有收到公布的时间序列。", "en": "No published series was received."}]
    told = [row for row in rows if row["status"] == "stated"]
    moved = [
        describe_trend(assessed, row)
        for verdict in (*assess.DIRECTIONS, *LEANING)
        for row in told
        if row["verdict"] == verdict
    ]
    return [_count(rows), *moved, *_describe_others(assessed, told), *_refer(assessed)]


def summarise_published(assessed: Assessment) -> list[Text]:
    """The same in one sentence for each kind, as main points."""
    rows = assessed.published.to_dict("records") if assessed.received else []
    if not rows:
        return []
    told = [row for row in rows if row["status"] == "stated"]
    points = [_count(rows)]
    for verdict in (*assess.DIRECTIONS, *LEANING):
        own = [row for row in told if row["verdict"] == verdict]
        if own:
            named, how = _name_some(assessed, own), text("trend_verdict", verdict)
            points.append({
                "zh": f"{how['zh']}的有{len(own)}段：{named['zh']}。",
                "en": f"{capital(how['en'])} ({len(own)}): {named['en']}.",
            })  # fmt: skip
    return [*points, *_explain_others(told), *_say_all_coarse(assessed, told)]


def _count(rows: Sequence[Row]) -> Text:
    """How many series there are, and how many have a direction or are too short."""
    told = [row for row in rows if row["status"] == "stated"]
    moved = sum(row["verdict"] in assess.DIRECTIONS for row in told)
    leaning = sum(row["verdict"] in LEANING for row in told)
    counted = {
        ("有趋势", "with a trend"): moved,
        ("多为上升或下降而没有样本数", "that mostly rose or fell, without the number behind them"): leaning,
        ("无明显趋势", "without a clear trend"): len(told) - moved - leaning,
        ("期数过少、无从判断", "too short to tell"): len(rows) - len(told),
    }
    zh = [f"{count}段{words[0]}" for words, count in counted.items() if count]
    en = [f"{count} {words[1]}" for words, count in counted.items() if count]
    names, every = len({row["series"] for row in rows}), len(rows)
    cut = f", cut into {every} where a definition changed" if every > names else ""
    longest = max(int(row["periods"]) for row in rows) if not told else 0
    return {
        "zh": f"公布的时间序列{names}个{f'，按口径分为{every}段' if every > names else ''}：{'，'.join(zh)}{f'（最长的{longest}期）' if longest else ''}。",
        "en": f"{names} published series{cut}: {', '.join(en)}{f' (the longest has {count_periods(longest)})' if longest else ''}.",
    }


def _describe_others(assessed: Assessment, told: Sequence[Row]) -> list[Text]:
    said: list[Text] = []
    for reason, own in _by_reason(told).items():
        if len(own) <= MOST_TOLD or reason not in _RANKED:
            said += [describe_trend(assessed, row) for row in own]
            continue
        why, named = text("trend_reason", reason), _name_some(assessed, own, most=len(own))
        coarse = _shared(say_coarse(assessed, row) for row in own)
        said.append({
            "zh": f"{len(own)}段无明显趋势，{why['zh']}{coarse['zh']}：{named['zh']}。",
            "en": f"{len(own)} without a clear trend, {why['en']}{coarse['en']}: {named['en']}.",
        })  # fmt: skip
    return said


_RANKED = ("ranks_unclear", "many_ranks", "sen_touches_none")


def _by_reason(told: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in told:
        if row["verdict"] == "no_clear_trend":
            found.setdefault(str(row["reason"]), []).append(row)
    return found


def _explain_others(told: Sequence[Row]) -> list[Text]:
    """Why those without a direction have none, each reason with its count, in one sentence."""
    reasons = {reason: len(own) for reason, own in _by_reason(told).items()}
    if not reasons:
        return []
    zh = "；".join(f"{text('trend_reason', one)['zh']}（{count}段）" for one, count in reasons.items())
    en = "; ".join(f"{text('trend_reason', one)['en']} ({count})" for one, count in reasons.items())
    return [{"zh": f"无明显趋势的原因：{zh}。", "en": f"Why there is no clear trend: {en}."}]


def _say_all_coarse(assessed: Assessment, told: Sequence[Row]) -> list[Text]:
    coarse = [words for row in told if (words := say_coarse(assessed, row))["zh"]]
    if not coarse:
        return []
    words, count = coarse[0], len(coarse)
    return [{
        "zh": f"{count}段的{words['zh'].removeprefix('；')}。",
        "en": f"{count} of them are {words['en'].removeprefix('; ')}.",
    }]  # fmt: skip


def _shared(words: Any) -> Text:
    """Words that hold for all; none where they differ."""
    listed = list(words)
    return listed[0] if all(one == listed[0] for one in listed) else {"zh": "", "en": ""}


def _name_some(assessed: Assessment, rows: Sequence[Row], *, most: int = MOST_NAMED) -> Text:
    names = [name_series(assessed, row) for row in rows[:most]]
    left = len(rows) - len(names)
    rest = {"zh": f"等{len(rows)}段" if left else "", "en": f" and {left} more" if left else ""}
    return {
        one: ("、" if one == "zh" else "; ").join(name[one] for name in names) + rest[one]
        for one in LANGUAGES
    }


def _refer(assessed: Assessment) -> list[Text]:
    if assessed.stretches.empty:
        return []
    return [{
        "zh": "发布机构、口径、口径的变化和取整见下表；口径变化前后不连、不比。",
        "en": "Who published them, on which basis, what changed and how they are rounded stands in the table below; figures are not compared across a change.",
    }]  # fmt: skip
