"""How many events, per so much exposed, had the strata been as elsewhere?

Limits of a count by Byar's approximation and by the exact Poisson distribution; directly standardised rates
with Dobson's limits; indirectly standardised ratios and rates. For complaints and injuries, which are counted
against a population; shares of inspected batches are standardised by `qstats.methods.standardisation`.

Source: Breslow & Day (1987), IARC Scientific Publications 82; Dobson et al. (1991),
doi:10.1002/sim.4780100317; Garwood (1936), doi:10.1093/biomet/28.3-4.437.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, ndtri

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]

FEWEST_EVENTS = 10
"""Below it Byar's approximation is not used and a directly standardised rate is not stated."""


def byar_limits(count: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits of a Poisson mean by Byar's approximation; NaN below where it would be negative.

    Parameters
    ----------
    count : array_like
        Events, at least 0; need not be whole. Of 0 the lower limit is 0.

    Raises
    ------
    ValueError
        A count that is negative or unknown.
    """
    events, z = _checked(count, "a count of events"), ndtri((1 + confidence) / 2)
    safe, more = np.where(events > 0, events, 1.0), events + 1
    root = 1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))
    lower = np.where(root > 0, safe * root**3, np.nan)
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(events == 0, 0.0, lower), upper


def exact_poisson_limits(count: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits of a Poisson mean, exact: each tail holds at most half of ``1 - confidence``.

    Raises
    ------
    ValueError
        A count that is negative or unknown.
    """
    events, tail = _checked(count, "a count of events"), (1 - confidence) / 2
    lower = np.where(events > 0, gammaincinv(np.where(events > 0, events, 1.0), tail), 0.0)
    return lower, gammaincinv(events + 1, 1 - tail)


def count_limits(count: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits of a Poisson mean: exact below ten events, Byar's from there on."""
    few = np.asarray(count, dtype=float) < FEWEST_EVENTS
    exact, byar = (limits(count, confidence=confidence) for limits in (exact_poisson_limits, byar_limits))
    return np.where(few, exact[0], byar[0]), np.where(few, exact[1], byar[1])


def directly_standardised_rate(
    count: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    confidence: float = 0.95,
    count_variance: ArrayLike | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Rate that the standard population would have at each stratum's own rate, with Dobson's limits.

    Parameters
    ----------
    count, population : array_like, shape (..., strata)
        Events and those exposed to them; populations above 0.
    standard : array_like, shape (strata,)
        Standard population of each stratum.
    count_variance : array_like, optional, shape of ``count``
        Variance of each count where one source causes several events: the sum over sources of the square of
        their events. The counts themselves when left out (Poisson).

    Returns
    -------
    rate, lower, upper : array of float, shape (...)
        Per head of the population; NaN with fewer than `FEWEST_EVENTS` events in all strata.

    Raises
    ------
    ValueError
        Negative or unknown input, or a stratum without population.
    """
    events, exposed, weight = (
        _checked(part, name)
        for part, name in (
            (count, "a count of events"),
            (population, "a population"),
            (standard, "a standard"),
        )
    )
    if not np.all(exposed > 0):
        raise ValueError("every stratum needs a population above 0")
    variance = events if count_variance is None else _checked(count_variance, "a variance of counts")
    share = weight / weight.sum() / exposed
    total = np.sum(events, axis=-1)
    rate = np.where(total < FEWEST_EVENTS, np.nan, np.sum(share * events, axis=-1))
    std_error = np.sqrt(np.sum(share**2 * variance, axis=-1))
    return rate, *dobson_limits(rate, std_error, total, confidence=confidence)


def dobson_limits(
    rate: ArrayLike, std_error: ArrayLike, count: ArrayLike, *, confidence: float = 0.95
) -> Limits:
    """Limits of a weighted sum of Poisson counts: those of the total count, moved and scaled to the sum.

    Parameters
    ----------
    rate, std_error : array_like
        The weighted sum and its standard error.
    count : array_like
        All events; with none the limits are NaN.
    """
    events = _checked(count, "a count of events")
    scale = np.asarray(std_error, dtype=float) / np.sqrt(np.where(events > 0, events, np.nan))
    lower, upper = byar_limits(events, confidence=confidence)
    centre = np.asarray(rate, dtype=float)
    return centre + scale * (lower - events), centre + scale * (upper - events)


def expected_count(
    population: ArrayLike, reference_count: ArrayLike, reference_population: ArrayLike
) -> Floats:
    """Events that the reference rates of the strata give in this population, shape (...).

    Parameters
    ----------
    population : array_like, shape (..., strata)
    reference_count, reference_population : array_like, shape (strata,)

    Raises
    ------
    ValueError
        Negative or unknown input, or a stratum without reference population.
    """
    exposed = _checked(population, "a population")
    events, reference = (_checked(part, "a reference") for part in (reference_count, reference_population))
    if not np.all(reference > 0):
        raise ValueError("every stratum needs a reference population above 0")
    return np.asarray(np.sum(exposed * events / reference, axis=-1))


def indirectly_standardised_ratio(
    observed: ArrayLike, expected: ArrayLike, *, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Observed events as a multiple of the expected ones, with limits; times the reference rate it is a rate.

    Parameters
    ----------
    observed : array_like
        Events; limits are exact below ten and Byar's from there on.
    expected : array_like
        As of `expected_count`, above 0.

    Raises
    ------
    ValueError
        A negative or unknown count, or nothing expected.
    """
    events, base = _checked(observed, "a count of events"), _checked(expected, "an expected count")
    if not np.all(base > 0):
        raise ValueError("a ratio needs an expected count above 0")
    lower, upper = count_limits(events, confidence=confidence)
    return events / base, lower / base, upper / base


def _checked(value: ArrayLike, name: str) -> Floats:
    numbers = np.asarray(value, dtype=float)
    if not np.all(numbers >= 0):
        raise ValueError(f"{name} must be known and not negative")
    return numbers
