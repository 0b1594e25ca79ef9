"""From when to when may each entry of a register be valid, and when is it for certain?

An entry awarded on a day is valid from that day, through ``valid_until``, and no longer on ``withdrawn_on``.
No expiry stated means that none is known to come. An award stated by month or year is certain from its last
day on and possible from its first; one without any day is possible always. Where an end is stated but not its
day, the entry is certain on no day.
"""

from collections.abc import Collection, Sequence

import pandas as pd

from qstats.codebook import labels
from qstats.errors import QstatsError

ALWAYS, NEVER = pd.Timestamp("2200-01-01"), pd.Timestamp("1900-01-01")
"""Days beyond every day of a register, on both sides."""

ONE_DAY = pd.Timedelta(days=1)


def span_entries(
    registers: pd.DataFrame, codes: str | Collection[str], grades: Collection[str] | None = None
) -> pd.DataFrame:
    """Entries of some registers with their spans of validity.

    Parameters
    ----------
    registers : DataFrame
        The table ``registers``.
    codes : str or collection of str
    grades : collection of str, optional
        Grades that are asked for; all where not given.

    Returns
    -------
    DataFrame
        ``entry_id, thing_id, holder_id, quantity``, the ids as numbers too (``entry_no …``, -1 where there is
        none), so that many days are counted fast; ``awarded_from`` and ``awarded_by`` (first and last day
        on which it can have been awarded), ``valid_for_certain`` and ``valid_at_most`` (last day of validity,
        the least and the most that the record allows), ``withdrawn`` (what ends it), ``belongs`` and
        ``may_belong`` (to the grades: an entry of unknown grade may).

    Raises
    ------
    QstatsError
        A code that is no register, a grade that is none.
    """
    wanted = _known([codes] if isinstance(codes, str) else list(codes), "register")
    rows = registers[registers["register"].isin(wanted)]
    awarded, until, withdrawn = (
        pd.to_datetime(rows[name]) for name in ("awarded_on", "valid_until", "withdrawn_on")
    )
    first = first_days(rows)
    last = pd.concat([until, withdrawn - ONE_DAY], axis=1).min(axis=1).fillna(ALWAYS)
    belongs = pd.Series(True, rows.index)
    if grades is not None:
        belongs = rows["grade"].isin(_known(list(grades), "register_grade"))
    numbers = {f"{what}_no": pd.factorize(rows[f"{what}_id"])[0] for what in ("entry", "thing", "holder")}
    return rows[["entry_id", "thing_id", "holder_id", "quantity"]].assign(
        **numbers,
        awarded_from=first.fillna(NEVER), awarded_by=awarded.fillna(ALWAYS),
        valid_at_most=last, valid_for_certain=last.where(rows["ending"] != "undated", NEVER),
        withdrawn=withdrawn.notna() & (withdrawn - ONE_DAY == last),
        belongs=belongs, may_belong=belongs | rows["grade"].isna(),
    )  # fmt: skip


def first_days(rows: pd.DataFrame) -> pd.Series:
    """First day on which each entry can have been awarded: of the month or year where no day is stated."""
    awarded = pd.to_datetime(rows["awarded_on"])
    first = awarded.where(rows["award_stated"] != "year", awarded.dt.to_period("Y").dt.start_time)
    return first.where(rows["award_stated"] != "month", awarded.dt.to_period("M").dt.start_time)


def merge_spans(spans: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Unbroken times of each thing in the stock, for certain.

    Returns
    -------
    stays : DataFrame
        ``first, last`` (days), ``withdrawn`` (what ends it).
    renewals : Series
        Days of awards of a thing that was valid still, or until the day before.
    """
    valid = spans[spans["awarded_by"] <= spans["valid_for_certain"]]
    valid = valid.sort_values(["thing_id", "awarded_by", "valid_for_certain"]).reset_index(drop=True)
    reached = valid.groupby("thing_id")["valid_for_certain"].cummax()
    before = reached.groupby(valid["thing_id"]).shift()
    begins = before.isna() | (valid["awarded_by"] > before + ONE_DAY)
    latest = valid.groupby(begins.cumsum())["valid_for_certain"].idxmax()
    ends = valid.loc[latest.to_numpy(int)]
    stays = pd.DataFrame(
        {
            "first": valid.loc[begins, "awarded_by"].to_numpy(),
            "last": ends["valid_for_certain"].to_numpy(), "withdrawn": ends["withdrawn"].to_numpy(bool),
        }
    )  # fmt: skip
    return stays, valid.loc[~begins, "awarded_by"]


def _known(codes: Sequence[str], kind: str) -> list[str]:
    if unknown := [code for code in codes if code not in labels(kind)]:
        raise QstatsError(f"{kind} {unknown[0]!r} is none of {', '.join(labels(kind))}")
    return list(codes)
