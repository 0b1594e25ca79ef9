"""Which accidents take points, and which incidents decide a grade whatever the points (一票否决)?

Only confirmed incidents count, by the day on which they occurred.
"""

from datetime import date

import pandas as pd

from qstats.scheme_registry import Scheme


def confirmed_in(incidents: pd.DataFrame, window: tuple[date, date]) -> pd.DataFrame:
    """Confirmed incidents of an assessment year."""
    day = pd.to_datetime(incidents["occurred_on"])
    inside = day.between(pd.Timestamp(window[0]), pd.Timestamp(window[1]))
    return incidents[inside & incidents["status"].eq("confirmed")]


def count_deductions(
    scheme: Scheme, incidents: pd.DataFrame, window: tuple[date, date], county: str
) -> list[tuple[str, float, list[int]]]:
    """Points taken from a county by each deduction item: code, points (0 or less), rows of the incidents.

    Together they take no more than the scheme's cap, which the items reach in their order.
    """
    if scheme.deductions is None:
        return []
    own = confirmed_in(incidents, window)
    own, left, taken = own[own["county_code"] == county], scheme.deductions.most, []
    for item in scheme.deductions.items:
        counted = own[own["grade"].isin(item.grades)]
        points = min(item.per_event * len(counted), left)
        left -= points
        taken.append((item.code, 0.0 - points, counted["source_row"].astype(int).tolist()))
    return taken


def find_vetoes(
    scheme: Scheme, incidents: pd.DataFrame, window: tuple[date, date], county: str
) -> list[tuple[str, str, list[int]]]:
    """Vetoes that hold for a county: code, grade that they give, rows of the incidents."""
    own = confirmed_in(incidents, window)
    own = own[own["county_code"] == county]
    found = []
    for veto in scheme.veto:
        rows = own[own["extent"].isin(veto.extents)]["source_row"].astype(int).tolist()
        if rows:
            found.append((veto.code, veto.grade, rows))
    return found
