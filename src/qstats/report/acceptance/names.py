"""What are projects of a scale, denominators, counties and spans of years called?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qstats.codebook import Text, text
from qstats.periods import Period
from qstats.reference import county_name

EVERY = "all"
"""Code of all projects together, where a target or a register tells no scale apart."""
NAMES: dict[str, Text] = {
    EVERY: {"zh": "全部工程", "en": "projects"},
    "large_medium": {"zh": "大中型工程", "en": "large and medium projects"},
    "other": {"zh": "其他工程", "en": "other projects"},
    "": {"zh": "规模未注明的工程", "en": "projects of unstated scale"},
}
"""Projects of a scale, as a sentence names them."""

EXPOSED: dict[str, Text] = {
    "dwellings_delivered": {"zh": "交付住宅户数", "en": "Dwellings delivered"},
    "projects": {"zh": "工程项数", "en": "Projects"},
}
"""What complaints are counted per, as a heading."""


@dataclass(frozen=True)
class Span:
    """Days from the first to the last of several periods, with their name."""

    start: date
    end: date
    label: Text

    @classmethod
    def over(cls, windows: Sequence[Period]) -> "Span":
        """The span of periods."""
        start, end = min(one.start for one in windows), max(one.end for one in windows)
        if start.year == end.year:
            return cls(start, end, max(windows, key=lambda one: one.end - one.start).label)
        last = Period(end.year, "", 1) if end.month == 12 else Period(end.year, "-", end.month)
        first = {"zh": f"{start.year}年至", "en": f"{start.year} to "}
        return cls(
            start, end, {"zh": f"{first['zh']}{last.label['zh']}", "en": f"{first['en']}{last.label['en']}"}
        )


def scale_of(target: Mapping[str, Any]) -> str:
    """Code of the projects that a target is about."""
    return str(target.get("scale") or EVERY)


def denominator_name(denominator: str) -> Text:
    """What a rate is counted per: 每千户交付住宅."""
    return text("denominator", denominator)


def county_label(code: str) -> Text:
    """Name of a county, or that none is stated."""
    return county_name(code) if code else {"zh": "未注明", "en": "not stated"}


def level_text(level: float) -> str:
    """A declared share as it was declared: 98%, 98.5%."""
    return f"{100 * level:.10g}%"
