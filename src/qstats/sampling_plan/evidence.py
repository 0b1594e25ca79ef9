"""What do so many batches prove, and how many would be needed?

A rate is demonstrated where batches with so few failures would be rare if it were not reached. Batches of
one enterprise are alike, so a clustered sample counts as its effective number; what would be needed is given
in batches as this sample has them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from qstats.methods.acceptance_sampling import (
    contradiction_p_value,
    demonstrated_rate,
    demonstration_size,
    detected_level,
    smallest_detectable,
    tolerated_failures,
)


def demonstrate(
    rates: Sequence[float] = (0.95, 0.98, 0.99),
    confidence: float = 0.95,
    failures: Sequence[int] = (0, 1, 2, 3),
    design_effect: float = 1.0,
) -> pd.DataFrame:
    """Batches that would demonstrate each rate without, with one, two … failures.

    Parameters
    ----------
    rates : sequence of float
        Pass rates, 0-1.
    confidence : float
        One-sided level, 0-1.
    failures : sequence of int
    design_effect : float
        Batches that count as one independent batch (n divided by effective n), 1 or more.

    Returns
    -------
    DataFrame
        ``rate, failures, confidence, independent`` (batches if all were independent), ``needed`` (batches
        of a sample clustered like this one).
    """
    pairs = pd.MultiIndex.from_product([rates, failures], names=["rate", "failures"])
    table = pairs.to_frame(index=False)
    rate, allowed = table["rate"].to_numpy(), table["failures"].to_numpy()
    return table.assign(
        confidence=confidence,
        independent=demonstration_size(rate, confidence=confidence, failures=allowed),
        needed=demonstration_size(rate, confidence=confidence, failures=allowed, design_effect=design_effect),
    )


def find_demonstrated(
    n: float, failures: float, *, effective_n: float | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Rate that a sample demonstrates, as if its batches were independent and by its effective number.

    Returns
    -------
    DataFrame
        Rows ``independent`` and ``effective`` of column ``counted``; ``n, failures`` (on that scale),
        ``demonstrated`` (one-sided lower limit, 0-1), ``confidence``. One row where no effective number
        is known.
    """
    scales = {"independent": 1.0}
    if effective_n is not None and np.isfinite(effective_n) and n > 0:
        scales["effective"] = min(effective_n / n, 1.0)
    return pd.DataFrame(
        [
            {
                "counted": name,
                "n": n * scale,
                "failures": failures * scale,
                "demonstrated": float(demonstrated_rate(n * scale, failures * scale, confidence=confidence)),
                "confidence": confidence,
            }
            for name, scale in scales.items()
        ]
    )


def judge_declared_level(
    n: ArrayLike,
    failures: ArrayLike,
    declared_level: ArrayLike,
    *,
    risk: float = 0.05,
    lot_size: int | None = None,
    power: float = 0.90,
) -> pd.DataFrame:
    """Whether samples contradict the quality level that was declared (声称质量水平).

    From first principles, not from the tables of GB/T 2828.4 or GB/T 2828.11: a declaration is contradicted
    where so many failures, if it were true, had a probability of at most ``risk``.

    Parameters
    ----------
    n, failures : array_like
        Batches or items inspected and failed; effective counts for clustered samples.
    declared_level : array_like
        Declared fraction nonconforming, 0-1.
    risk : float
        Largest probability of contradicting a true declaration.
    lot_size : int, optional
        Items in the lot that the declaration is about.
    power : float
        Probability for ``detected_level``.

    Returns
    -------
    DataFrame
        One row per sample: ``n, failures, declared_level, tolerated`` (most failures that do not
        contradict), ``p_value, verdict`` (``contradicted``, ``not_contradicted``, or
        ``cannot_be_contradicted`` where no outcome of so small a sample could), ``detected_level`` (true
        level that would be contradicted with probability ``power``; of a process), ``risk, power``.
        Not contradicted is not proved.
    """
    n, failures, declared = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(value, dtype=float)) for value in (n, failures, declared_level))
    )
    p_value = contradiction_p_value(n, failures, declared, lot_size=lot_size)
    tolerated = tolerated_failures(n, declared, risk=risk, lot_size=lot_size)
    verdict = np.where(p_value <= risk, "contradicted", "not_contradicted")
    return pd.DataFrame(
        {
            "n": n,
            "failures": failures,
            "declared_level": declared,
            "tolerated": tolerated,
            "p_value": p_value,
            "verdict": np.where(tolerated + 1 > n, "cannot_be_contradicted", verdict),
            "detected_level": detected_level(n, tolerated, power=power),
            "risk": risk,
            "power": power,
        }
    )


def draw_contradiction(
    n: float, declared_level: float, *, risk: float = 0.05, points: int = 201
) -> pd.DataFrame:
    """Probability that a sample contradicts a declared level at each true rate: its operating characteristic.

    Parameters
    ----------
    n : float
        Batches or effective batches.
    declared_level : float
        Declared fraction nonconforming, 0-1.
    risk : float
        Largest probability of contradicting a true declaration.
    points : int
        Points of the curve.

    Returns
    -------
    DataFrame
        ``rate`` (true pass rate, rising to 1; it begins where a contradiction is all but certain) and
        ``contradicted`` (probability). Empty where no outcome of so small a sample contradicts.
    """
    tolerated = float(tolerated_failures(n, declared_level, risk=risk))
    if tolerated + 1 > n:
        return pd.DataFrame({"rate": [], "contradicted": []}, dtype=float)
    worst = float(detected_level(n, tolerated, power=0.999))
    rate = np.linspace(1 - worst, 1, points)
    return pd.DataFrame({"rate": rate, "contradicted": contradiction_p_value(n, tolerated + 1, 1 - rate)})


def smallest_detectable_change(
    n1: float, n2: float, p: float, *, confidence: float = 0.95, power: float = 0.80
) -> pd.DataFrame:
    """Smallest change from rate ``p`` that a comparison of two periods would state.

    Parameters
    ----------
    n1, n2 : float
        Effective batches of the earlier and the later period; broken ones are rounded down.
    p : float
        Pass rate of the earlier period, 0-1.
    confidence : float
        Two-sided level of the interval of the difference (MOVER over Clopper-Pearson limits).
    power : float
        Probability with which the change is to be stated.

    Returns
    -------
    DataFrame
        Rows ``fall`` and ``rise`` of column ``direction``; ``rate`` (true rate that is told from ``p``) and
        ``change`` (``rate - p``), not a number where even the utmost change would be missed.
    """
    fallen, risen = smallest_detectable(p, n1, n2, confidence=confidence, power=power)
    frame = pd.DataFrame({"direction": ["fall", "rise"], "rate": [fallen, risen]})
    return frame.assign(change=frame["rate"] - p, p=p, n1=n1, n2=n2, confidence=confidence, power=power)
