"""Can this rate be relied on? A documented rule on size, enterprises and width.

A rate is *reliable* when its effective number of batches, its enterprises and the width of its interval all
reach their marks, and *to be used with care* otherwise. After the presentation standards for proportions of
the U.S. National Center for Health Statistics (Vital and Health Statistics 2(175), 2017), with a narrower
width: at 98 % an interval of thirty points says nothing.
"""

import numpy as np
import pandas as pd

LEAST_EFFECTIVE_N = 30
LEAST_ENTERPRISES = 10
WIDEST_INTERVAL = 0.10


def judge_reliability(rates: pd.DataFrame) -> pd.Series:
    """Reliability of each row: ``reliable``, ``use_with_care`` or ``cannot_be_stated``.

    Parameters
    ----------
    rates : DataFrame
        ``status, effective_n, enterprises, lower, upper``; what is not stated cannot be relied on.
    """
    enough = (rates["effective_n"] >= LEAST_EFFECTIVE_N) & (rates["enterprises"] >= LEAST_ENTERPRISES)
    narrow = rates["upper"] - rates["lower"] <= WIDEST_INTERVAL
    judged = np.where(enough & narrow, "reliable", "use_with_care")
    return pd.Series(np.where(rates["status"] == "stated", judged, "cannot_be_stated"), index=rates.index)
