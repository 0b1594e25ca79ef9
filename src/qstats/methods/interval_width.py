"""How many observations does an interval of a given width take?

The smallest number of independent observations at which the Clopper-Pearson interval of a proportion is no
wider than asked, at a rate that is expected beforehand. Observations that are alike in clusters count for
less: multiply by their design effect.
"""

from qstats.methods.binomial_intervals import korn_graubard_interval

MOST = 10_000_000


def size_for_width(rate: float, width: float, *, confidence: float = 0.95) -> int:
    """Smallest sample at which the interval of a proportion is no wider than ``width``.

    Parameters
    ----------
    rate : float
        Expected proportion, 0–1.
    width : float
        Distance of the two limits, above 0 and below 1.
    confidence : float
        Two-sided level.

    Raises
    ------
    ValueError
        ``rate`` outside 0–1 or ``width`` outside 0–1 (ends excluded); more than ten million needed.

    References
    ----------
    Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    if not 0 <= rate <= 1 or not 0 < width < 1:
        raise ValueError(f"a rate lies between 0 and 1 and a width inside: not {rate} and {width}")
    low, high = 0, 1
    while _width(rate, high, confidence) > width:
        low, high = high, 2 * high
        if high > MOST:
            raise ValueError(f"a width of {width} takes more than {MOST:,} observations")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _width(rate, middle, confidence) <= width else (middle, high)
    return high


def _width(rate: float, n: int, confidence: float) -> float:
    lower, upper = korn_graubard_interval(rate, n, confidence=confidence)
    return float(upper - lower)
