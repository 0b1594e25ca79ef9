"""Which figures follow each other in time? One tidy table of all series, whatever they were counted from.

A row is one period of one series: what passed of how many, or how many events of how much exposed, at the
middle of the period in decimal years. A period without figures stays in the table as a gap, and the distance
in time stays what it is. The newest periods whose results are incomplete are provisional: failures come in
later than passes, so they are shown and enter no model. A series is cut where its definition changed: what
lies before is another segment.
"""

from typing import Any

import numpy as np
import pandas as pd

from qstats.periods import Period

COLUMNS = (
    "series", "group", "period", "time", "season", "family", "passed", "n", "counted", "value", "lower",
    "upper", "standardised", "standardised_lower", "standardised_upper", "release", "segment", "unit",
)  # fmt: skip
"""Columns of the table of series, in order."""

PERIODS_PER_YEAR = {"": 1, "H": 2, "Q": 4, "-": 12}


def time_of(period: str) -> float:
    """Middle of a period in decimal years: 2015Q4 is 2015.875."""
    parsed = Period.parse(period)
    return parsed.year + (parsed.number - 0.5) / PERIODS_PER_YEAR[parsed.kind]


def periods_per_year(period: str) -> int:
    """Periods of this length in a year: 12, 4, 2 or 1."""
    return PERIODS_PER_YEAR[Period.parse(period).kind]


def series_of_rates(
    rates: pd.DataFrame, *, series: str, group: str | None = None, complete_from: float
) -> pd.DataFrame:
    """Series of a pass rate, of all or of each group.

    Parameters
    ----------
    rates : DataFrame
        Rows of a rate by period and group: ``period, n, passes, effective_n, completeness, barred, estimate,
        lower, upper`` and, where there is one, the ``standardised`` rate with its limits.
    series : str
        Code of the series.
    group : str, optional
        Column of the groups; rows without a group are left out.
    complete_from : float
        Share of results in from which a period is complete, 0–1.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`. ``n`` is what the batches are worth, since those of one enterprise are alike,
        ``passed`` the same share of it as of the batches, ``counted`` the number of batches. A period of
        which no rate may be published is a gap; one with too few batches to state a rate is none.
    """
    known = rates if group is None else rates[rates[group].notna()]
    usable = (known["n"] > 0) & (known["barred"] == 0) & ~known["reason"].isin(["no_sampling_date"])
    share = (known["passes"] / known["n"].where(usable)).to_numpy(float)
    worth = known["effective_n"].where(usable).to_numpy(float)
    table = pd.DataFrame(
        {
            "series": series,
            "group": "" if group is None else known[group].astype(str).to_numpy(),
            "period": known["period"].to_numpy(),
            "family": "binomial",
            "passed": share * worth,
            "n": worth,
            "counted": known["n"].where(usable).to_numpy(float),
            "value": known["estimate"].to_numpy(float),
            "lower": known["lower"].to_numpy(float),
            "upper": known["upper"].to_numpy(float),
            "complete": (known["completeness"] >= complete_from).to_numpy(),
        }
    )
    for name in ("standardised", "standardised_lower", "standardised_upper"):
        table[name] = known[name].to_numpy(float) if name in known else np.nan
    return finish_series(table)


def series_of_counts(
    counts: pd.DataFrame, *, series: str, n: str, passed: str, value: str, effective: str | None = None
) -> pd.DataFrame:
    """Series of a complete count, such as projects accepted at first.

    Parameters
    ----------
    counts : DataFrame
        One row per period: ``period, lower, upper, complete`` and the columns named.
    n, passed, value : str
        Columns of the number counted, of those that passed, of their share.
    effective : str, optional
        Column of what the number is worth, where those counted are alike in clusters; ``n`` without.
    """
    counted = counts[n].to_numpy(float)
    share = np.divide(
        counts[passed].to_numpy(float), counted, out=np.full(len(counted), np.nan), where=counted > 0
    )
    worth = counted if effective is None else counts[effective].to_numpy(float)
    worth = np.where(counted > 0, worth, np.nan)
    return finish_series(
        counts[["period", "lower", "upper", "complete"]].assign(
            series=series, group="", family="binomial", passed=share * worth, n=worth,
            counted=np.where(counted > 0, counted, np.nan), value=counts[value].to_numpy(float),
        )
    )  # fmt: skip


def series_of_events(events: pd.DataFrame, *, series: str, per: float) -> pd.DataFrame:
    """Series of events per so much exposed, such as complaints.

    Parameters
    ----------
    events : DataFrame
        One row per period: ``period, events, exposure`` (missing: no denominator was declared), ``complete``.
    per : float
        Units of the exposure that the rate is printed for.
    """
    exposure = events["exposure"].to_numpy(float) / per
    count = np.where(exposure > 0, events["events"].to_numpy(float), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = count / exposure
    return finish_series(
        events[["period", "complete"]].assign(
            series=series, group="", family="poisson", passed=count,
            n=np.where(exposure > 0, exposure, np.nan),
            counted=count, value=value, lower=np.nan, upper=np.nan, unit="rate",
        )
    )  # fmt: skip


def series_of_scores(scores: pd.DataFrame, *, series: str) -> pd.DataFrame:
    """Series of a figure that has limits and no counts, such as satisfaction by wave.

    Parameters
    ----------
    scores : DataFrame
        ``period, group, time`` (decimal years), ``n, estimate, lower, upper, status``.
    """
    stated = scores["status"] == "stated"
    return finish_series(
        scores[["period", "group", "time", "lower", "upper"]].assign(
            series=series, season=1, family="figure", passed=np.nan, unit="points",
            n=scores["n"].where(stated).to_numpy(float),
            counted=scores["n"].where(stated).to_numpy(float),
            value=scores["estimate"].where(stated).to_numpy(float), complete=True,
        )
    )  # fmt: skip


def series_of_published(published: pd.DataFrame) -> pd.DataFrame:
    """Series that others published; each stretch between two breaks of the definition is a group of its own.

    Parameters
    ----------
    published : DataFrame
        ``series, period_start, period_end, value, unit, n, events, segment``, as ``docs/tables.md`` has them.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`; ``group`` is the segment where a series has several, ``time`` the middle of the
        days. A proportion that comes with the number that it rests on is a count, everything else a figure.
    """
    rows = published.sort_values(["series", "segment", "period_start"], kind="stable").reset_index(drop=True)
    start, end = pd.to_datetime(rows["period_start"]), pd.to_datetime(rows["period_end"])
    n, value = rows["n"].to_numpy(float), rows["value"].to_numpy(float)
    counted = rows["unit"].eq("proportion").to_numpy() & (n > 0) & np.isfinite(value)
    # Where some periods come without the number behind them, the whole stretch does.
    counted = pd.Series(counted).groupby([rows["series"], rows["segment"]]).transform("all").to_numpy()
    events = np.where(rows["events"].notna(), rows["events"].to_numpy(float), value * n)
    days = list(zip(start, end, strict=True))
    several = rows.groupby("series")["segment"].transform("nunique") > 1
    return finish_series(
        pd.DataFrame({
            "series": rows["series"], "group": rows["segment"].astype(str).where(several, ""),
            "period": [_period_text(*one) for one in days], "time": [_middle(*one) for one in days],
            "season": [_season_of(*one) for one in days], "family": np.where(counted, "binomial", "figure"),
            "passed": np.where(counted, events, np.nan), "n": np.where(counted, n, np.nan), "counted": n,
            "value": value, "lower": np.nan, "upper": np.nan, "complete": True, "segment": rows["segment"],
            "unit": rows["unit"],
        })
    )  # fmt: skip


def finish_series(table: pd.DataFrame) -> pd.DataFrame:
    """Rows in order of time, with ``release``: only the newest periods can be provisional."""
    if "time" not in table:
        table = table.assign(
            time=[time_of(period) for period in table["period"]],
            season=[periods_per_year(period) for period in table["period"]],
        )
    for name, empty in (
        ("segment", 0),
        ("unit", "proportion"),
        ("standardised", np.nan),
        ("standardised_lower", np.nan),
        ("standardised_upper", np.nan),
    ):
        table = table if name in table else table.assign(**{name: empty})
    ordered = table.sort_values(["series", "group", "time"], kind="stable").reset_index(drop=True)
    complete = ordered["complete"] & (ordered["passed"].notna() | ordered["value"].notna())
    newest = complete[::-1].groupby([ordered["series"], ordered["group"]]).cummax()[::-1]
    return ordered.assign(release=np.where(newest, "final", "provisional"))[list(COLUMNS)]


def _period_text(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Written form of the period that a pair of days is: 2015Q4; the days themselves where it is none."""
    for kind, per_year in PERIODS_PER_YEAR.items():
        period = Period(start.year, kind, (start.month - 1) * per_year // 12 + 1)
        if (period.start, period.end) == (start.date(), end.date()):
            return str(period)
    return f"{start:%Y-%m-%d}/{end:%Y-%m-%d}"


def _middle(start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Middle of some days in decimal years."""
    days = (end - start).days + 1
    begins = pd.Timestamp(start.year, 1, 1)
    return float(start.year + ((start - begins).days + days / 2) / 365.25)


def _season_of(start: pd.Timestamp, end: pd.Timestamp) -> int:
    days = (end - start).days + 1
    return min(PERIODS_PER_YEAR.values(), key=lambda count: abs(count - 365.25 / days))


def used_rows(table: pd.DataFrame, series: str, group: str = "") -> pd.DataFrame:
    """Rows of one series that models take: complete ones with a figure, of the newest definition."""
    own = table[(table["series"] == series) & (table["group"] == group)]
    known = own["passed"].notna() | (own["family"].eq("figure") & own["value"].notna())
    kept = own[known & own["release"].eq("final")]
    return kept[kept["segment"] == kept["segment"].max()] if len(kept) else kept


def describe_used(rows: pd.DataFrame) -> dict[str, Any]:
    """How long a series is: ``periods, first, last, years, counted, failures``."""
    if rows.empty:
        return {"periods": 0, "first": "", "last": "", "years": 0.0, "counted": np.nan, "failures": np.nan}
    counted = rows["counted"].sum(min_count=len(rows))  # a sum of some of them would be no number of all
    share = (rows["passed"] / rows["n"]).to_numpy(float)
    binomial = rows["family"].eq("binomial").all()
    failed = float((rows["counted"].to_numpy(float) * (1 - share)).sum()) if binomial else float("nan")
    return {
        "periods": len(rows),
        "first": rows["period"].iloc[0],
        "last": rows["period"].iloc[-1],
        "years": float(rows["time"].iloc[-1] - rows["time"].iloc[0] + 1 / rows["season"].iloc[0]),
        "counted": float(counted),
        "failures": round(failed) if np.isfinite(failed) else np.nan,
    }
