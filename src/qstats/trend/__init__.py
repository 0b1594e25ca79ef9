"""Is there a trend, a break, an effect of a named event, and what is to be expected?

`series` puts every indicator into one tidy table; `slopes` fits the trend, `bends` asks whether it is a
straight one, `one_mix` whether the mix of samples explains it, `breaks` searches for a sudden change,
`events` measures what followed a named one, and `outlooks` forecasts where that has proved better than last
year's figure. `rules` says when a direction may be called a trend; `assess` applies them to every series.
"""

from qstats.trend.assess import draw_line, draw_lines, tabulate_breaks, tabulate_trends
from qstats.trend.events import Event, cut_at_definitions, find_starts, tabulate_effects
from qstats.trend.one_mix import slopes_at_mixes
from qstats.trend.outlooks import BANDS, Outlook, forecast_series
from qstats.trend.rules import DIRECTIONS, Rules, is_bent
from qstats.trend.series import (
    COLUMNS,
    finish_series,
    series_of_counts,
    series_of_events,
    series_of_published,
    series_of_rates,
    series_of_scores,
    time_of,
    used_rows,
)

__all__ = [
    "BANDS",
    "COLUMNS",
    "DIRECTIONS",
    "Event",
    "Outlook",
    "Rules",
    "cut_at_definitions",
    "draw_line",
    "draw_lines",
    "find_starts",
    "finish_series",
    "forecast_series",
    "is_bent",
    "series_of_counts",
    "series_of_events",
    "series_of_published",
    "series_of_rates",
    "series_of_scores",
    "slopes_at_mixes",
    "tabulate_breaks",
    "tabulate_effects",
    "tabulate_trends",
    "time_of",
    "used_rows",
]
