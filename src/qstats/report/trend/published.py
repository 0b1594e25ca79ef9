"""What is known of figures that others published? Who published them, on which basis, and what changed when."""

import pandas as pd

FACTS = (
    "series", "group", "measure", "unit", "rounded_to", "issuer", "basis_zh", "basis_en", "break_note_zh",
    "break_note_en",
)  # fmt: skip


def list_stretches(published: pd.DataFrame) -> pd.DataFrame:
    """One row for each stretch of a published series between two breaks of its definition.

    Parameters
    ----------
    published : DataFrame
        Rows of ``published_series``.

    Returns
    -------
    DataFrame
        Columns of `FACTS`: ``group`` as `qstats.trend.series_of_published` has it, ``rounded_to`` the largest
        step, issuers and bases each listed once, ``break_note_…`` what changed at the beginning of the stretch.
    """
    rows = published.sort_values(["series", "segment", "period_start"], kind="stable")
    several = rows.groupby("series")["segment"].transform("nunique") > 1
    rows = rows.assign(group=rows["segment"].astype(str).where(several, ""))
    listed = [
        {
            "series": name, "group": group, "measure": part["measure"].iloc[0], "unit": part["unit"].iloc[0],
            "rounded_to": part["rounded_to"].max(), "issuer": _each_once(part["issuer"], "；"),
            "basis_zh": _each_once(part["basis_zh"], "；"), "basis_en": _each_once(part["basis_en"], "; "),
            "break_note_zh": _each_once(part["break_note_zh"], "；"),
            "break_note_en": _each_once(part["break_note_en"], "; "),
        }
        for (name, group), part in rows.groupby(["series", "group"], sort=False)
    ]  # fmt: skip
    return pd.DataFrame(listed, columns=list(FACTS))


def _each_once(texts: pd.Series, mark: str) -> str:
    return mark.join(dict.fromkeys(str(one) for one in texts.dropna() if str(one)))
