"""What stands beside the value and the verdict on a target? Earlier years, open records, needs, what others say."""

from datetime import date

import numpy as np

from qstats.codebook import LANGUAGES, Text
from qstats.report.formats import join_sentences
from qstats.report.targets.wording import say_chance, say_day, say_distance, say_number
from qstats.target_registry import Published, Target
from qstats.targets import Outlook

NEEDS_SAID = ("no_data", "refused")


def describe_asides(target: Target, outlook: Outlook, today: date) -> Text:
    """Sentences of their own, one behind the other; what others published after the day is not in them."""
    return join_sentences([
        _describe_earlier_years(target, outlook), _describe_true_value(target, outlook),
        _describe_open_records(target, outlook), _describe_reading(target, outlook), _describe_needs(target, outlook),
        _describe_published(target, today),
    ])  # fmt: skip


def _describe_earlier_years(target: Target, outlook: Outlook) -> Text | None:
    """The years before, of a number that is to be reached in each year."""
    if target.kind != "flow" or target.since is None:
        return None
    rows = [
        (row.day.year, row.value) for row in outlook.history.iloc[:-1].itertuples() if row.day >= target.since
    ]
    if not rows:
        return None
    verdicts = [("已达到", "met") if target.reached(value) else ("未达到", "missed") for _, value in rows]
    told = list(zip(rows, verdicts, strict=True))
    parts = {
        "zh": "；".join(
            f"{year}年{say_number(target, value, 'zh')}，{word[0]}" for (year, value), word in told
        ),
        "en": "; ".join(
            f"{year}: {say_number(target, value, 'en')}, {word[1]}" for (year, value), word in told
        ),
    }
    return {"zh": f"此前各年：{parts['zh']}。", "en": f"The years before: {parts['en']}."}


def _describe_true_value(target: Target, outlook: Outlook) -> Text | None:
    """What a count that is judged says of the level behind it: a sentence of its own."""
    if outlook.status not in ("met", "missed") or not 0 < outlook.probability_true < 1:
        return None
    chance = say_chance(outlook.probability_true)
    if target.comparison == "falls":
        return {
            "zh": f"这是计数；一般水平每年都下降的概率{chance['zh']}。",
            "en": f"So say the counts; that the underlying rate fell at every step has a probability {chance['en']}.",
        }
    return {
        "zh": f"这是计数；一般施工质量水平不低于目标的概率{chance['zh']}。",
        "en": f"So says the count; that the building process behind it reaches the level has a probability {chance['en']}.",
    }


def _describe_open_records(target: Target, outlook: Outlook) -> Text | None:
    if not np.isfinite(outlook.possible):
        return None
    more = {one: say_distance(target, outlook.possible - outlook.value, one) for one in LANGUAGES}
    return {
        "zh": f"另有{more['zh']}因日期、等级或单位不全，不能确定是否计入。",
        "en": f"Incomplete entries (day, grade or holder) leave open whether {more['en']} more count.",
    }


def _describe_reading(target: Target, outlook: Outlook) -> Text | None:
    """Why wording stands in the way of a comparison, in plain words."""
    return target.reading if outlook.reason == "no_same_basis" else None


def _describe_needs(target: Target, outlook: Outlook) -> Text | None:
    if outlook.status not in NEEDS_SAID:
        return None
    return {"zh": f"需要：{target.needs['zh']}。", "en": f"Needed: {target.needs['en']}."}


def _describe_published(target: Target, today: date) -> Text | None:
    """What others published, with what it may be taken for."""
    said = [
        _say_published(target, one) for one in (target.baseline, target.published) if one and one.on <= today
    ]
    return join_sentences(said) if said else None


def _say_published(target: Target, published: Published) -> Text:
    what, day = published.what, say_day(published.on)
    if published.value is None or published.use == "count_only":
        return {
            "zh": f"他方公布：{what['zh']}（{published.source}）。",
            "en": f"Published by others: {what['en']}.",
        }
    value = {one: say_number(target, published.value, one) for one in LANGUAGES}
    year = f"{published.on.year}" if published.use == "baseline" else None
    return {
        "zh": f"他方公布：{value['zh']}（{what['zh']}；{published.source}）。",
        "en": f"Published by others: {value['en']} ({what['en']}{'' if year else '; ' + day['en']}).",
    }
