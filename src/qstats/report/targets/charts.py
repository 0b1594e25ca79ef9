"""Which chart do the targets have? How far each one with a number has come, and what is expected of it."""

from typing import Any

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.progress import plot_progress
from qstats.report.targets.assessment import Assessment, Pair
from qstats.report.targets.wording import say_level, say_status, say_value
from qstats.target_registry import Target
from qstats.targets import Outlook

NO_VALUES: Text = {
    "zh": "没有收到任何登记表，无图可画。",
    "en": "No register was received: there is nothing to draw.",
}


def chart_progress(assessed: Assessment) -> Display:
    """Values of registers in per cent of their levels, those that need attention on top; words without any.

    Rates near 100 % are left out: 94 % of a target of 98 % would look as if it were nearly reached.
    """
    pairs = [
        one for one in assessed.by_urgency
        if one[0].level and one[1].has_value and one[0].source == "registers"
    ]  # fmt: skip
    if not pairs:
        return show_text(NO_VALUES, style="note", instead_of="target_progress")
    rows = pd.DataFrame([_row(*pair) for pair in pairs])
    title = _title(pairs)
    return show_figure(
        plot_progress, rows, name="target_progress", data="targets", title=title, alt=_alternative(pairs, title),
        unit={"zh": "单位：相当于目标值的百分比", "en": "Unit: per cent of the level aimed at"},
        source=_source(assessed),
    )  # fmt: skip


def _row(target: Target, outlook: Outlook) -> dict[str, Any]:
    level = float(target.level or 1)
    shares = [value / level for value in (outlook.value, outlook.expected_lower, outlook.expected_upper)]
    names = {f"label_{one}": f"{target.id} {target.name[one]}" for one in LANGUAGES}
    return names | dict(zip(("share", "lower", "upper"), shares, strict=True)) | {"status": outlook.status}


def _title(pairs: list[Pair]) -> Text:
    """How many of the targets with a number and a value have reached it."""
    reached = sum(target.reached(outlook.value) for target, outlook in pairs)
    n = len(pairs)
    return {
        "zh": f"由登记数判断的{n}项目标中，{reached}项目前不低于目标值，{n - reached}项低于目标值",
        "en": f"Of the {n} targets that registers answer, {reached} stand at or above their level, {n - reached} below",
    }


def _alternative(pairs: list[Pair], title: Text) -> Text:
    parts = {
        one: [
            f"{target.id} {say_value(target, outlook)[one]} ({say_level(target)[one]}, {say_status(outlook)[one]})"
            for target, outlook in pairs
        ]
        for one in LANGUAGES
    }
    return {
        "zh": f"{title['zh']}。{'；'.join(parts['zh'])}。",
        "en": f"{title['en']}. {'; '.join(parts['en'])}.",
    }


def _source(assessed: Assessment) -> Text:
    when = assessed.today.isoformat()
    registered = {target.id for target, _ in assessed.pairs if target.source == "registers"}
    count = len({one for code, ids in assessed.sources.items() if code in registered for one in ids})
    return {
        "zh": f"各部门登记表（{count}个文件），截至{when}",
        "en": f"registers of the bureaus ({count} files), as of {when}",
    }
