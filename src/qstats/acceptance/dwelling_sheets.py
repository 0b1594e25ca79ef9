"""How many dwellings were inspected one by one (分户验收), and how many passed at first?

The acceptance rate by dwelling (分户验收率) is inspected over all dwellings, the first-time rate accepted at
the first inspection over inspected. Sheets without usable counts enter neither and are counted. Dwellings of
one project are alike: limits of the process take projects as clusters.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.acceptance.first_time import UNKNOWN
from qstats.methods.clustered_rates import clustered_rates
from qstats.methods.effective_size import intra_cluster_correlation
from qstats.methods.survey.design import make_design
from qstats.periods import Period

_COUNTS = ["dwellings_total", "dwellings_accepted", "dwellings_first_time", "dwellings_after_rework"]


def count_dwellings(
    sheets: pd.DataFrame, windows: Sequence[Period], by: str | None = None, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Dwellings by period and group.

    Returns
    -------
    DataFrame
        ``period, <by>, sheets, unusable`` (sheets without both total and inspected), ``projects, total,
        inspected, inspected_rate, complete_sheets`` (all dwellings inspected), ``first_time, after_rework,
        not_settled`` (neither), ``rework_unknown`` (not accepted at first, on sheets that do not say what
        became of them), ``first_time_of`` (inspected dwellings of sheets that give the first-time count),
        ``first_time_rate, lower, upper`` (process), ``effective_n, status, confidence, method``.
    """
    groups = sheets[by].fillna(UNKNOWN) if by else pd.Series(UNKNOWN, index=sheets.index)
    codes = sorted(groups.unique()) if by else [UNKNOWN]
    correlation = _likeness(sheets)
    rows = []
    for window in windows:
        inside = _accepted_in(sheets, window)
        for code in codes:
            head = {"period": str(window)} | ({by: code} if by else {})
            member = sheets[inside & (groups == code)]
            rows.append(head | _count(member) | _process(member, correlation, confidence))
    return pd.DataFrame(rows)


def list_counted_sheets(sheets: pd.DataFrame, window: Period) -> pd.DataFrame:
    """Sheets whose dwellings ``first_time_of`` of `count_dwellings` counts in a period."""
    return sheets[_accepted_in(sheets, window) & _stated(sheets)]


def _accepted_in(sheets: pd.DataFrame, window: Period) -> pd.Series:
    days = pd.to_datetime(sheets["accepted_on"])
    return days.between(pd.Timestamp(window.start), pd.Timestamp(window.end))


def _stated(sheets: pd.DataFrame) -> pd.Series:
    """Whether a sheet gives all that the first-time rate takes."""
    return sheets[_COUNTS[:3]].notna().all(axis=1)


def list_incomplete_sheets(sheets: pd.DataFrame, window: Period) -> pd.DataFrame:
    """Sheets of a period with dwellings not inspected or not settled, or without usable counts.

    Returns
    -------
    DataFrame
        ``project_id, project_name, county_code, accepted_on``, the counts, ``not_inspected, not_settled``.
    """
    inside = sheets[_accepted_in(sheets, window)]
    counts = inside[_COUNTS].astype(float)
    missing = counts["dwellings_total"] - counts["dwellings_accepted"]
    failed = counts["dwellings_accepted"] - counts["dwellings_first_time"]
    open_ = _not_settled(counts)
    listed = inside.assign(not_inspected=missing, not_settled=open_)
    keep = missing.isna() | (missing > 0) | (open_ > 0) | (open_.isna() & (failed > 0))
    columns = ["project_id", "project_name", "county_code", "accepted_on", *_COUNTS]
    wanted = listed.loc[keep, [*columns, "not_inspected", "not_settled"]]
    return wanted.sort_values("not_inspected", ascending=False, na_position="first", kind="stable")


def count_undated_incomplete(sheets: pd.DataFrame) -> int:
    """Sheets without a day that do not show every dwelling inspected: they may belong to any period."""
    complete = sheets["dwellings_total"].eq(sheets["dwellings_accepted"])
    return int((sheets["accepted_on"].isna() & ~complete.fillna(False).astype(bool)).sum())


def _not_settled(counts: pd.DataFrame) -> pd.Series:
    """Dwellings accepted neither at first nor later; unknown where some failed and no rework is told."""
    failed = counts["dwellings_accepted"] - counts["dwellings_first_time"]
    return (failed - counts["dwellings_after_rework"]).where(failed != 0, 0.0)


def _count(sheets: pd.DataFrame) -> dict[str, object]:
    counts = sheets[_COUNTS].astype(float)
    usable = counts["dwellings_total"].notna() & counts["dwellings_accepted"].notna()
    total, inspected = counts.loc[usable, "dwellings_total"], counts.loc[usable, "dwellings_accepted"]
    of = counts[_stated(sheets)]
    left = _not_settled(of)
    failed = of["dwellings_accepted"] - of["dwellings_first_time"]
    return {
        "sheets": len(sheets),
        "unusable": int((~usable).sum()),
        "projects": int(sheets.loc[usable, "project_id"].nunique()),
        "total": int(total.sum()),
        "inspected": int(inspected.sum()),
        "inspected_rate": inspected.sum() / total.sum() if total.sum() else np.nan,
        "complete_sheets": int((total == inspected).sum()),
        "first_time": int(of["dwellings_first_time"].sum()),
        "first_time_of": int(of["dwellings_accepted"].sum()),
        "after_rework": int(of["dwellings_after_rework"].sum()),
        "not_settled": int(left.sum()),
        "rework_unknown": int(failed[left.isna()].sum()),
    }


def _outcomes(sheets: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """One row per inspected dwelling of a usable sheet: passed at first, and the code of its project."""
    counts = sheets[_COUNTS].astype(float)
    stated = _stated(sheets)
    passed = counts.loc[stated, "dwellings_first_time"].to_numpy(np.int64)
    failed = counts.loc[stated, "dwellings_accepted"].to_numpy(np.int64) - passed
    project = pd.factorize(sheets.loc[stated, "project_id"].fillna(UNKNOWN))[0]
    outcome = np.concatenate([np.ones(passed.sum()), np.zeros(failed.sum())])
    return outcome, np.concatenate([np.repeat(project, passed), np.repeat(project, failed)])


def _likeness(sheets: pd.DataFrame) -> float:
    """Intra-cluster correlation of dwellings within projects, over everything on record."""
    outcome, project = _outcomes(sheets)
    return intra_cluster_correlation(outcome, project).value if len(outcome) else 1.0


def _process(sheets: pd.DataFrame, correlation: float, confidence: float) -> dict[str, object]:
    outcome, project = _outcomes(sheets)
    head = {"confidence": confidence, "method": "korn_graubard"}
    if not len(outcome):
        nothing = dict.fromkeys(("first_time_rate", "lower", "upper", "effective_n"), np.nan)
        return head | nothing | {"status": "cannot_be_stated" if len(sheets) else "no_data"}
    design = make_design(len(outcome), cluster=project)
    found = clustered_rates(
        design, outcome, np.zeros(len(outcome), dtype=np.int64), 1, icc=correlation, confidence=confidence
    )
    return head | {
        "first_time_rate": float(found.estimate[0]),
        "lower": float(found.lower[0]),
        "upper": float(found.upper[0]),
        "effective_n": float(found.effective_n[0]),
        "status": "stated",
    }
