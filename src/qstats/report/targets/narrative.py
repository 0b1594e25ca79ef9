"""What does the first screen say of the targets? How they stand, then what is missed or off course."""

from itertools import groupby

from qstats.codebook import Text, text
from qstats.report.formats import join_sentences
from qstats.report.targets.assessment import Assessment, Pair
from qstats.report.targets.paragraphs import describe_value, describe_verdict
from qstats.report.targets.wording import say_level, say_status

MOST_NAMED = 3
"""Targets that the first screen names one by one."""


def main_points(assessed: Assessment) -> list[Text]:
    """Counts by status first; then the most pressing targets, and what else could not be judged."""
    pressing = [one for one in assessed.by_urgency if one[1].status in ("missed", "off_course", "at_risk")]
    points = [
        describe_standing(assessed),
        *(_point(one, assessed.confidence) for one in pressing[:MOST_NAMED]),
    ]
    rest = [_describe_others(pressing[MOST_NAMED:])] if len(pressing) > MOST_NAMED else []
    gaps = _describe_gaps(assessed)
    return [*points, *rest, *([join_sentences(gaps)] if gaps else [])]


def describe_standing(assessed: Assessment) -> Text:
    """How many targets have which status, those that need attention first."""
    labels = [say_status(outlook) for _, outlook in assessed.by_urgency]
    order = list(dict.fromkeys(label["en"] for label in labels))
    labels.sort(key=lambda label: order.index(label["en"]))
    counted = [(label, len(list(same))) for label, same in groupby(labels)]
    parts: Text = {
        "zh": "、".join(f"{label['zh']}{n}项" for label, n in counted),
        "en": ", ".join(f"{n} {_in_a_list(label)}" for label, n in counted),
    }
    total = len(assessed.pairs)
    when = assessed.today
    return {
        "zh": f"截至{when.year}年{when.month}月{when.day}日，政策的{total}项目标和任务中：{parts['zh']}。",
        "en": f"The {total} targets and duties of the policy as of {when.isoformat()}: {parts['en']}.",
    }


def _in_a_list(label: Text) -> str:
    """A status behind a number: 10 without data."""
    return "without data" if label == text("target_status", "no_data") else label["en"].lower()


def _point(pair: Pair, confidence: float) -> Text:
    target, outlook = pair
    level = say_level(target)
    head: Text = {
        "zh": f"{target.name['zh']}（{target.id}，目标{level['zh']}）：",
        "en": f"{target.name['en']} ({target.id}, target {level['en']}):",
    }
    return join_sentences(
        [head, describe_value(target, outlook, confidence), describe_verdict(target, outlook)]
    )


def _describe_others(pairs: list[Pair]) -> Text:
    """The pressing targets that are not named one by one."""
    parts = [
        (label, [pair[0].id for pair in same])
        for label, same in groupby(pairs, key=lambda pair: say_status(pair[1]))
    ]
    return {
        "zh": "此外，" + "；".join(f"{label['zh']}：{'、'.join(ids)}" for label, ids in parts) + "。",
        "en": "Besides, "
        + "; ".join(f"{label['en'].lower()}: {', '.join(ids)}" for label, ids in parts)
        + ".",
    }


def _describe_gaps(assessed: Assessment) -> list[Text]:
    """How many targets wait for data, or cannot be judged by their wording."""
    missing, refused = assessed.count("no_data"), assessed.count("refused")
    points: list[Text] = []
    if missing:
        ids = [target.id for target, outlook in assessed.pairs if outlook.status == "no_data"]
        points.append(
            {
                "zh": f"{missing}项未收到数据（{'、'.join(ids)}），所需材料逐项列在下文。",
                "en": f"No data were received for {missing} ({', '.join(ids)}); what each of them needs is listed below.",
            }
        )
    if refused:
        ids = [target.id for target, outlook in assessed.pairs if outlook.status == "refused"]
        points.append(
            {
                "zh": f"{refused}项不予比较（{'、'.join(ids)}）：“先进水平”“前列”“显著提升”没有数值，也没有收到同口径数据。",
                "en": f"{refused} are not compared ({', '.join(ids)}): “advanced level”, “among the first” and “markedly” have no number, and no figures on the same basis were received.",
            }
        )
    return points
