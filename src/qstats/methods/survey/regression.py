"""How does the chance of passing depend on several things at once?

Logistic regression by weighted (pseudo) maximum likelihood, with standard errors of the design. Data that a
combination of the predictors divides into passes and failures have no finite fit; they are recognised by
linear programming and refused, since the iterations would otherwise end at some large number with a mere
warning.

Source: Binder (1983), doi:10.2307/1402588; separation: Albert & Anderson (1984), doi:10.1093/biomet/71.1.1,
and Konis (2007), *Linear programming algorithms for detecting separated data*, University of Oxford.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.special import expit, stdtr

from qstats.methods.survey.design import Design, Floats
from qstats.methods.survey.variance import score_covariance

MOST_STEPS, STEP_WITHIN = 50, 1e-10


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """Coefficients on the logit scale, in the order of the predictors.

    Attributes
    ----------
    coefficient, std_error, statistic, p_value : array of float, shape (p,)
        Two-sided Student tests of 0.
    covariance : array of float, shape (p, p)
    df : int
        Degrees of freedom of the design, less the coefficients besides one.
    """

    coefficient: Floats
    std_error: Floats
    statistic: Floats
    p_value: Floats
    covariance: Floats
    df: int


def fit_logistic(
    design: Design, response: ArrayLike, predictors: ArrayLike, *, lonely: str = "adjust"
) -> LogisticFit:
    """Design-based logistic regression.

    Parameters
    ----------
    design : Design
    response : array_like, shape (n,)
        0 or 1.
    predictors : array_like of float, shape (n, p)
        A column of ones for the intercept included.
    lonely : str
        As in `domain_means`.

    Raises
    ------
    ValueError
        Responses other than 0 and 1, predictors that depend on each other, or separated data.
    """
    y, x = np.asarray(response, dtype=float), np.asarray(predictors, dtype=float)
    _check(design, y, x)
    coefficient = _maximise(design.weight / design.weight.mean(), y, x)
    fitted = expit(x @ coefficient)
    information = x.T @ ((design.weight * fitted * (1 - fitted))[:, None] * x)
    scores = (design.weight * (y - fitted))[:, None] * np.linalg.solve(information, x.T).T
    covariance = score_covariance(design, scores, lonely=lonely)
    std_error = np.sqrt(np.diag(covariance))
    df = design.degrees_of_freedom + 1 - x.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = coefficient / std_error
    p_value = 2 * stdtr(df, -np.abs(statistic)) if df > 0 else np.full(x.shape[1], np.nan)
    return LogisticFit(coefficient, std_error, statistic, p_value, covariance, df)


def is_separated(response: ArrayLike, predictors: ArrayLike) -> bool:
    """Whether some combination of the predictors never disagrees with the response, so that no fit is finite.

    Parameters
    ----------
    response : array_like of 0 and 1, shape (n,)
    predictors : array_like of float, shape (n, p)
    """
    y, x = np.asarray(response, dtype=float), np.asarray(predictors, dtype=float)
    towards = np.unique((2 * y - 1)[:, None] * x / np.abs(x).max(axis=0), axis=0)
    best = linprog(-towards.sum(axis=0), A_ub=-towards, b_ub=np.zeros(len(towards)), bounds=(-1, 1))
    return bool(-best.fun > 1e-7)


def _check(design: Design, y: Floats, x: Floats) -> None:
    if x.ndim != 2 or len(x) != len(y) or len(y) != len(design.weight):
        raise ValueError(f"response and predictors must be given for each of {len(design.weight)} units")
    if not np.isin(y, (0, 1)).all() or not np.isfinite(x).all():
        raise ValueError("responses are 0 or 1, and predictors are finite")
    inside = design.weight > 0
    if np.linalg.matrix_rank(x[inside]) < x.shape[1]:
        raise ValueError("predictors depend on each other")
    if is_separated(y[inside], x[inside]):
        raise ValueError("the predictors separate passes from failures: no finite coefficients exist")


def _maximise(weight: Floats, y: Floats, x: Floats) -> Floats:
    """Newton's method; a step that lowers the likelihood is halved."""
    beta, top = np.zeros(x.shape[1]), -np.inf
    step = np.zeros(x.shape[1])
    for _ in range(MOST_STEPS):
        while (now := _log_likelihood(weight, y, x @ (beta + step))) < top - 1e-9 * abs(top):
            step = step / 2
        beta, top = beta + step, now
        fitted = expit(x @ beta)
        information = x.T @ ((weight * fitted * (1 - fitted))[:, None] * x)
        step = np.linalg.solve(information, x.T @ (weight * (y - fitted)))
        if np.all(np.abs(step) <= STEP_WITHIN * (1 + np.abs(beta))):
            return np.asarray(beta + step)
    raise ValueError(f"the logistic fit did not settle in {MOST_STEPS} steps")


def _log_likelihood(weight: Floats, y: Floats, linear: Floats) -> float:
    return float(weight @ (y * linear - np.logaddexp(0, linear)))
