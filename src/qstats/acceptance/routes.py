"""How were projects accepted in the end (GB 50300-2013 §5.0.6), and which did not pass at first?"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from qstats.acceptance.first_time import UNKNOWN
from qstats.periods import Period

ROUTES = ("first_time", "reworked", "tested", "design_recheck", "negotiated", "not_accepted")


def count_routes(projects: pd.DataFrame, window: Period, scales: Sequence[str]) -> pd.DataFrame:
    """Projects first accepted in a period: ``scale``, one column per route, ``unknown, n``."""
    inside = _inside(projects, window)
    scale, route = inside["scale"].fillna(UNKNOWN), inside["route"].fillna("unknown")
    counted = pd.crosstab(scale, route).reindex(
        index=list(scales), columns=[*ROUTES, "unknown"], fill_value=0
    )
    return counted.assign(n=counted.sum(axis=1)).rename_axis("scale").reset_index()


def list_exceptions(projects: pd.DataFrame, window: Period, cutoff: date) -> pd.DataFrame:
    """Projects of a period that did not pass at first, or whose outcome is not known; the open ones first.

    Returns
    -------
    DataFrame
        ``project_id, project_name, county_code, scale, building_type, first_accepted_on, first_outcome,
        route, final_accepted_on, days`` (from the first to the final acceptance, or to the cutoff), ``open``.
    """
    inside = _inside(projects, window)
    listed = inside[inside["first_outcome"].ne("pass")].copy()
    first, final = pd.to_datetime(listed["first_accepted_on"]), pd.to_datetime(listed["final_accepted_on"])
    is_open = final.isna() & listed["first_outcome"].eq("fail")
    until = final.where(~is_open, pd.Timestamp(cutoff))
    days = (until - first).dt.days
    listed = listed.assign(days=days.where(days >= 0), open=is_open)
    columns = [
        "project_id", "project_name", "county_code", "scale", "building_type", "first_accepted_on",
        "first_outcome", "route", "final_accepted_on", "days", "open",
    ]  # fmt: skip
    return listed.sort_values(["open", "days"], ascending=False, kind="stable")[columns].reset_index(
        drop=True
    )


def _inside(projects: pd.DataFrame, window: Period) -> pd.DataFrame:
    days = pd.to_datetime(projects["first_accepted_on"])
    return projects[days.between(pd.Timestamp(window.start), pd.Timestamp(window.end))]
