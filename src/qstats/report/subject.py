"""What is a chapter about? Place, period and batches, as captions and sentences name them."""

from collections.abc import Sequence
from dataclasses import dataclass

from qstats.codebook import Text, text
from qstats.estimation import Scope
from qstats.periods import Period


@dataclass(frozen=True, slots=True)
class Subject:
    """What every sentence of a chapter is about: the place, the period, the batches."""

    place: Text
    period: Period
    scope: Scope

    @property
    def batches(self) -> Text:
        """Name of the batches by level and programme."""
        level, programme = text("level", self.scope.level), text("programme", self.scope.programme)
        return {"zh": level["zh"] + programme["zh"], "en": f"{level['en'].lower()} {programme['en'].lower()}"}

    @property
    def source(self) -> Text:
        """Line under a chart: which batches it shows, and by which date."""
        return {
            "zh": f"{self.place['zh']}{self.batches['zh']}，按抽样日期（无抽样日期的按公布日期）归期",
            "en": f"{self.batches['en'].capitalize()}, {self.place['en']}, by date of sampling "
            "(of announcement where there is none)",
        }


def name_window(periods: Sequence[Period]) -> Text:
    """Name of consecutive periods: from the first to the last, or the only one."""
    first, last = periods[0].label, periods[-1].label
    if len(periods) == 1:
        return first
    return {"zh": f"{first['zh']}至{last['zh']}", "en": f"{first['en']} to {last['en']}"}
