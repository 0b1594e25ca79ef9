"""How sure is an estimate with calibrated weights?

Calibration removes what the auxiliary variables explain: the variance is that of the residuals of a
regression on them. The plain variance of the weighted values would be far too large.

Source: Deville & Särndal (1992), section 3, doi:10.1080/01621459.1992.10475217.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.calibration import Calibration
from qstats.methods.survey.design import Design, Floats
from qstats.methods.survey.variance import score_covariance


@dataclass(frozen=True, slots=True)
class CalibratedEstimate:
    """An estimate with calibrated weights and its variance."""

    estimate: float
    variance: float


def calibrated_mean(
    design: Design, calibration: Calibration, values: ArrayLike, *, lonely: str = "adjust"
) -> CalibratedEstimate:
    """Mean with calibrated weights, with its variance from residuals.

    Parameters
    ----------
    design : Design
        As drawn; its weights are not looked at, those of the calibration count.
    calibration : Calibration
    values : array_like of float, shape (n,)
    lonely : str
        As in `domain_means`.
    """
    y, total = np.asarray(values, dtype=float), calibration.weight.sum()
    estimate = float(calibration.weight @ y / total)
    variance = calibrated_variance(design, calibration, (y - estimate) / total, lonely=lonely)
    return CalibratedEstimate(estimate, variance)


def calibrated_total(
    design: Design, calibration: Calibration, values: ArrayLike, *, lonely: str = "adjust"
) -> CalibratedEstimate:
    """Total with calibrated weights, with its variance from residuals; see `calibrated_mean`."""
    y = np.asarray(values, dtype=float)
    return CalibratedEstimate(
        float(calibration.weight @ y), calibrated_variance(design, calibration, y, lonely=lonely)
    )


def calibrated_variance(
    design: Design, calibration: Calibration, linearised: Floats, *, lonely: str = "adjust"
) -> float:
    """Variance of the calibrated total of linearised values.

    Parameters
    ----------
    design : Design
    calibration : Calibration
        Trimming counts as part of the value of a unit, not as a part of the calibration.
    linearised : array of float, shape (n,)
    lonely : str
        As in `domain_means`.
    """
    calibrated = calibration.weight / calibration.trimming
    scores = calibrated * residuals(calibration, linearised * calibration.trimming)
    return float(score_covariance(design, scores[:, None], lonely=lonely)[0, 0])


def residuals(calibration: Calibration, values: Floats) -> Floats:
    """What the auxiliary variables leave unexplained, by least squares with the first weights."""
    x = calibration.auxiliary
    weighted = (calibration.base / calibration.unit_variance)[:, None] * x
    slopes = np.linalg.lstsq(weighted.T @ x, weighted.T @ values, rcond=None)[0]
    return np.asarray(values - x @ slopes)
