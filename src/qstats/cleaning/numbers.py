"""How much is it? Amounts with thousands separators and units, to plain numbers."""

import math
import re
from collections.abc import Callable
from functools import lru_cache

from qstats.cleaning.distinct import Cleaned, Hit

_AMOUNT = re.compile(
    r"^([-+]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(亿元?|百万元|万元?|千元|元)?$"
)
_FACTORS = {"亿": 1e8, "亿元": 1e8, "百万元": 1e6, "万": 1e4, "万元": 1e4, "千元": 1e3, "元": 1.0}


@lru_cache
def amount_rule(unit: str | None) -> Callable[[str], Cleaned]:
    """Rule that turns an amount into yuan (or a plain number where ``unit`` is None).

    A unit in the cell overrides the column's and is counted (``number.unit``); what is no number or
    negative is blanked (``number.unreadable``). A comma stands between thousands only: ``12,5`` may be a
    decimal comma and is not guessed at.
    """

    @lru_cache(maxsize=1 << 16)
    def read_amount(text: str) -> Cleaned:
        match = _AMOUNT.match(text)
        if not match or text.startswith("-"):
            return Cleaned(None, (Hit("number.unreadable", text, None),))
        factor = _FACTORS.get(match[2] or unit or "", 1.0)
        amount = float(re.sub("[,，]", "", match[1])) * factor
        if not math.isfinite(amount):
            return Cleaned(None, (Hit("number.unreadable", text, None),))
        value = repr(round(amount, 2))
        return Cleaned(value, (Hit("number.unit", text, value),) if match[2] else ())

    return read_amount
