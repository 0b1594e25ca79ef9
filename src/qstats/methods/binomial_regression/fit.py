"""How does a rate depend on time, season or a group, if its counts scatter more than chance?

Logistic regression of passes among batches, and log-linear regression of events per exposure, by Newton's
method. The dispersion φ is Pearson's chi-squared over its degrees of freedom; where counts are sparse (few
failures in a month) Fletcher's version of it varies less. Standard errors are those of quasi-likelihood, √φ
times the model's, and limits and tests take t and F, because φ is estimated.

All passed in a cell: its coefficient is infinite. This is found and said (``separated``), the coefficient is
±inf without a standard error, and the others keep theirs.

Source: McCullagh & Nelder (1989), chapters 4 and 9, doi:10.1007/978-1-4899-3242-6; Fletcher (2012),
doi:10.1093/biomet/asr083.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, t

from qstats.methods.binomial_regression.families import (
    BINOMIAL,
    POISSON,
    Family,
    Floats,
    check_counts,
    column_rank,
)
from qstats.methods.binomial_regression.separation import find_separation

Rows = NDArray[np.bool_]
DISPERSIONS = ("pearson", "fletcher", "none")
MOST_STEPS, STEP_WITHIN, TOO_FAR = 60, 1e-10, 25.0


@dataclass(frozen=True, slots=True)
class RateFit:
    """A fitted rate.

    Attributes
    ----------
    family : Family
    count, size : array, shape (n,)
        Passes and batches, or events and exposure; rows of size 0 are gaps.
    design : array, shape (n, p)
    offset : array, shape (n,)
        What is added to the linear predictor as known.
    coefficients : array, shape (p,)
        On the logit (binomial) or the log scale (Poisson); ±inf where they run away.
    inverse_information : array, shape (p, p)
        Covariance if φ were 1; NaN in rows and columns of coefficients that run away.
    dispersion : float
        φ as found, also below 1; 1 where none was asked for; NaN without degrees of freedom.
    freedom : int
        Rows with a size less the coefficients that they fix.
    scaled : bool
        Whether φ was estimated: then limits take t, else the normal law.
    deviance, pearson, log_likelihood : float
    fitted : array, shape (n,)
        Fitted rates.
    separated : bool
        Whether a coefficient runs away.
    last : array, shape (p,)
        Where the iteration stood: the coefficients, or large numbers for those that run away.
    """

    family: Family
    count: Floats
    size: Floats
    design: Floats
    offset: Floats
    coefficients: Floats
    inverse_information: Floats
    dispersion: float
    freedom: int
    scaled: bool
    deviance: float
    pearson: float
    log_likelihood: float
    fitted: Floats
    separated: bool
    last: Floats

    @property
    def covariance(self) -> Floats:
        """Covariance of the coefficients: φ times the inverse information."""
        return self.dispersion * self.inverse_information

    @property
    def std_error(self) -> Floats:
        """Standard errors; NaN where the coefficient runs away."""
        return np.sqrt(np.diag(self.covariance))

    def quantile(self, level: float) -> float:
        """Quantile of t where φ was estimated, of the normal law where not."""
        if not self.scaled:
            return float(norm.ppf(level))
        return float(t.ppf(level, self.freedom)) if self.freedom > 0 else np.nan

    @property
    def p_values(self) -> Floats:
        """Two-sided Wald tests that a coefficient is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = np.abs(self.coefficients / self.std_error)
        return np.asarray(2 * (t.sf(statistic, self.freedom) if self.scaled else norm.sf(statistic)))


def fit_binomial(
    passed: ArrayLike, n: ArrayLike, design: ArrayLike, *, dispersion: str = "pearson"
) -> RateFit:
    """Logistic regression of counts of passes.

    Parameters
    ----------
    passed, n : array_like, shape (m,)
        ``0 <= passed <= n``; a period without batches is a row with n = 0.
    design : array_like, shape (m, p)
        A column of ones for the intercept included, see `trend_design`.
    dispersion : {"pearson", "fletcher", "none"}

    Raises
    ------
    ValueError
        Impossible counts, columns that depend on each other, an unknown dispersion.
    """
    return fit_rates(BINOMIAL, passed, n, design, dispersion=dispersion)


def fit_poisson(
    events: ArrayLike, exposure: ArrayLike, design: ArrayLike, *, dispersion: str = "pearson"
) -> RateFit:
    """Log-linear regression of events per unit of exposure; its logarithm is the offset.

    Parameters
    ----------
    events, exposure : array_like, shape (m,)
        A period that was not exposed is a row with exposure 0 and no events.
    design, dispersion
        As in `fit_binomial`.

    Raises
    ------
    ValueError
        As in `fit_binomial`.
    """
    return fit_rates(POISSON, events, exposure, design, dispersion=dispersion)


def fit_rates(
    family: Family, count: ArrayLike, size: ArrayLike, design: ArrayLike,
    *, dispersion: str = "pearson", offset: ArrayLike | None = None,
) -> RateFit:  # fmt: skip
    """Either regression by its family, with part of the linear predictor known where there is an offset."""
    y, m, x = (np.asarray(values, dtype=float) for values in (count, size, design))
    if dispersion not in DISPERSIONS:
        raise ValueError(f"dispersion {dispersion!r} is none of {', '.join(DISPERSIONS)}")
    check_counts(family, y, m, x)
    known = np.zeros(len(y)) if offset is None else np.asarray(offset, dtype=float)
    last, settled = maximise(family, y, m, x, known)
    rate = family.rate(x @ last + known)
    weight = m * family.variance(rate)
    coefficients, rows = (last, m > 0) if settled else _without_runaways(family, y, m, x, last)
    separated = not np.isfinite(coefficients).all()
    inside = x[rows]
    inverse = _inverse(inside, weight[rows], ~np.isfinite(coefficients))
    freedom = int(rows.sum()) - column_rank(inside) if rows.any() else 0
    residual = (y - m * rate)[rows]
    pearson = float((residual**2 / weight[rows]).sum())
    phi = _dispersion(family, dispersion, pearson, freedom, residual / m[rows], rate[rows])
    deviance = float(family.deviance_parts(y, m, x @ last + known).sum())
    return RateFit(
        family, y, m, x, known, coefficients, inverse, phi, freedom, dispersion != "none", deviance, pearson,
        family.log_likelihood(y, m, x @ last + known), rate, separated, last,
    )  # fmt: skip


def maximise(
    family: Family, y: Floats, m: Floats, x: Floats, offset: Floats, start: Floats | None = None
) -> tuple[Floats, bool]:
    """Coefficients of highest likelihood by Newton's method, and whether they settled.

    A step that lowers the likelihood is halved. Linear predictors beyond what counts can show do not settle.
    """
    beta = _start(family, y, m, x, offset) if start is None else start
    top = _objective(family, y, m, x @ beta + offset)
    if not np.isfinite(top):
        beta = _start(family, y, m, x, offset)
        top = _objective(family, y, m, x @ beta + offset)
    for _ in range(MOST_STEPS):
        rate = family.rate(x @ beta + offset)
        information = x.T @ ((m * family.variance(rate))[:, None] * x)
        step = _solve(information, x.T @ (y - m * rate))
        while (now := _objective(family, y, m, x @ (beta + step) + offset)) < top - 1e-9 * (1 + abs(top)):
            step = step / 2
        beta, top = beta + step, now
        if np.all(np.abs(step) <= STEP_WITHIN * (1 + np.abs(beta))):
            return beta, True
        if np.abs((x @ beta + offset)[m > 0]).max(initial=0) > TOO_FAR and family is BINOMIAL:
            return beta, False
    return beta, False


def _solve(information: Floats, score: Floats) -> Floats:
    """Newton's step, also where the information has all but gone along a direction."""
    scale = 1 / np.sqrt(np.maximum(np.diag(information), 1e-300))
    scaled = information * np.outer(scale, scale)
    try:
        return np.asarray(scale * np.linalg.solve(scaled, scale * score))
    except np.linalg.LinAlgError:
        return np.asarray(scale * np.linalg.lstsq(scaled, scale * score)[0])


def _objective(family: Family, y: Floats, m: Floats, linear: Floats) -> float:
    with np.errstate(over="ignore"):  # a step too far is halved
        return float((y * linear - m * family.cumulant(linear)).sum())


def _start(family: Family, y: Floats, m: Floats, x: Floats, offset: Floats) -> Floats:
    """Least squares on the links of counts, drawn a little towards the whole so that all are finite."""
    whole = y.sum() / m.sum()
    share = (y + whole) / (m + 1) if family is BINOMIAL else (y + 0.5) / np.maximum(m, 1e-300)
    keep = (m > 0) & (share > 0) & (share < 1 if family is BINOMIAL else True)
    root = np.sqrt(m[keep] * family.variance(share[keep]))
    target = family.link(share[keep]) - offset[keep]
    return np.asarray(np.linalg.lstsq(root[:, None] * x[keep], root * target)[0])


def _without_runaways(family: Family, y: Floats, m: Floats, x: Floats, last: Floats) -> tuple[Floats, Rows]:
    """Coefficients with the infinite ones as such, and the rows that the others rest on."""
    separation = find_separation(family, y, m, x)
    if not separation.found:
        raise ValueError(f"the fit did not settle in {MOST_STEPS} steps")
    return np.where(separation.limits == 0, last, separation.limits), (m > 0) & ~separation.rows


def _inverse(x: Floats, weight: Floats, runs: Rows) -> Floats:
    information = x.T @ (weight[:, None] * x)
    scale = 1 / np.sqrt(np.maximum(np.diag(information), 1e-300))
    inverse = np.linalg.pinv(information * np.outer(scale, scale), hermitian=True) * np.outer(scale, scale)
    inverse[runs, :], inverse[:, runs] = np.nan, np.nan
    return np.asarray(inverse)


def _dispersion(
    family: Family, kind: str, pearson: float, freedom: int, residual: Floats, rate: Floats
) -> float:
    if kind == "none":
        return 1.0
    if freedom < 1:
        return np.nan
    phi = pearson / freedom
    if kind == "pearson":
        return phi
    return phi / (1 + float(np.mean(family.skewing(rate) * residual / family.variance(rate))))
