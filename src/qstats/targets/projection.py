"""How many will it be at the deadline? Awards to come, entries that run out, and whether they are renewed.

The stock of a day ahead is what lasts until then, what runs out and is renewed, and what is added. How many
are added is forecast from the months on record (`forecast_total`); the share that is renewed comes from the
entries that ran out before (`forecast_stock`, Jeffreys prior). A cumulative number and the number of a year
have nothing that runs out.
"""

from datetime import date

import numpy as np
import pandas as pd

from qstats.methods.forecasts import CountForecast, few_events_total, forecast_stock, forecast_total
from qstats.methods.forecasts.structure import Season
from qstats.targets.outlook import DAYS_IN_YEAR, FEWEST_MONTHS
from qstats.targets.register_spans import NEVER, span_entries
from qstats.targets.registers import count_stock, lists_valid_only, sum_quantity, tabulate_history

DRAWS = 4000
MONTHS_USED = 60
"""Months of awards that a projection rests on, the newest ones."""
SEASON_FROM = 24
"""Months from which awards may have a season: two of each."""
MONTHS_SURE = 24
"""Months used of a register that lists valid entries only: older awards have run out and are not on it."""
MONTHS_TOLD = 0.9
"""Share of the awards whose month has to be known: those of a year (2013年度) lie in no month."""


def tells_months(
    registers: pd.DataFrame, codes: tuple[str, ...], grades: tuple[str, ...], today: date
) -> bool:
    """Whether nearly all awards that a projection would rest on lie in a known month.

    Parameters
    ----------
    registers : DataFrame
        Entries awarded by ``today``.
    codes, grades : tuple of str
        As in `project_stock`.
    today : date
    """
    spans = span_entries(registers, codes, grades or None)
    since = pd.Timestamp(today) - pd.DateOffset(months=MONTHS_USED)
    recent = spans[spans["belongs"] & (spans["awarded_by"] > since) & (spans["awarded_from"] > NEVER)]
    first, last = (recent[name].dt.to_period("M") for name in ("awarded_from", "awarded_by"))
    return recent.empty or bool((first == last).mean() >= MONTHS_TOLD)


def project_stock(
    registers: pd.DataFrame, codes: tuple[str, ...], grades: tuple[str, ...], today: date, deadline: date
) -> CountForecast | None:
    """Things valid on the deadline; None where the history is too short.

    Parameters
    ----------
    registers : DataFrame
        Entries awarded by ``today``; a thing is what counts once.
    codes, grades : tuple of str
        Registers, and grades that count (all of them if empty).
    today, deadline : date
        The deadline lies ahead.
    """
    months = tabulate_history(registers, codes, today, "month", grades=grades or None)
    added = project_total(_sure_months(months, registers, codes, today)["entered"], today, deadline)
    if added is None:
        return None
    now, lasting = (
        count_stock(registers, codes, day, grades=grades or None).value for day in (today, deadline)
    )
    return forecast_stock(
        lasting, ending=max(now - lasting, 0), renewed=int(months["renewals"].sum()),
        lapsed=int(months["expired"].sum()), added=added,
    )  # fmt: skip


def project_quantity(
    registers: pd.DataFrame, codes: tuple[str, ...], today: date, deadline: date, *, seed: int = 0
) -> np.ndarray | None:
    """Draws of the quantity valid on the deadline; None where the history is too short.

    What lasts is certain. As many things as `project_stock` expects beyond it have quantities drawn from
    those on record: new things are taken to be as large as the earlier ones.
    """
    expected = project_stock(registers, codes, (), today, deadline)
    sizes = registers.loc[registers["register"].isin(codes), "quantity"].dropna().to_numpy(float)
    if expected is None or not len(sizes):
        return None
    lasting = sum_quantity(registers, codes, deadline)
    generator = np.random.default_rng(seed)
    counts = generator.choice(expected.counts, size=DRAWS, p=expected.probability) - lasting.things
    drawn = [generator.choice(sizes, size=max(int(more), 0)).sum() for more in counts]
    return lasting.value + np.array(drawn)


def project_total(events: pd.Series, today: date, until: date) -> CountForecast | None:
    """Events from tomorrow to a day, from those of the months so far; None where the months are too few.

    The running month is on record in part only, so that it does not count.
    """
    counts = events.to_numpy(float)
    whole = counts[:-1] if (pd.Timestamp(today) + pd.Timedelta(days=1)).day != 1 else counts
    whole = whole[-MONTHS_USED:]
    ahead = (until - today).days / (DAYS_IN_YEAR / 12)
    if len(whole) < FEWEST_MONTHS:
        return few_events_total(int(whole.sum()), len(whole), ahead) if len(whole) else None
    season: Season = 12 if len(whole) >= SEASON_FROM else None
    return forecast_total(whole, periods_left=ahead, season=season, per_year=12)


def _sure_months(
    months: pd.DataFrame, registers: pd.DataFrame, codes: tuple[str, ...], today: date
) -> pd.DataFrame:
    """Months whose awards are all on record."""
    return months.tail(MONTHS_SURE) if lists_valid_only(registers, codes, today) else months
