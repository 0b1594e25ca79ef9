"""How does a table travel inside a notebook? As plain values, unrounded."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from qstats.report.formats import is_missing


def pack_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as plain values: columns, their kinds and rows (missing cells are None, dates ISO text)."""
    kinds = [_kind(frame.iloc[:, number]) for number in range(frame.shape[1])]
    rows = [
        [_plain(value, kind) for value, kind in zip(row, kinds, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    return {"columns": [str(column) for column in frame.columns], "kinds": kinds, "rows": rows}


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    if pd.api.types.is_float_dtype(column):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column) or _only_dates(column):
        return "date"
    return "text"


def _only_dates(column: pd.Series) -> bool:
    present = [value for value in column if not is_missing(value)]
    return bool(present) and all(isinstance(value, date) for value in present)


def _plain(value: Any, kind: str) -> Any:
    if is_missing(value):
        return None
    if kind == "date":
        return str(value)[:10]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, bool | int | float) else str(value)
