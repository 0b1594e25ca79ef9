"""Do the items of a block measure one thing, and not the same as another block?

Cronbach's alpha and Dillon-Goldstein's rho from the correlations of a block; average variance extracted
(AVE) and composite reliability from its loadings; heterotrait-monotrait ratios (HTMT) between blocks.
Usual marks: alpha and reliability from 0.7, AVE from 0.5, HTMT below 0.9. They describe blocks in mode A:
items that form a latent variable need not be alike.

References
----------
Henseler, J., Ringle, C., Sarstedt, M. (2015). doi:10.1007/s11747-014-0403-8
Fornell, C., Larcker, D. (1981). doi:10.1177/002224378101800104
"""

from dataclasses import dataclass

import numpy as np

from qstats.methods.path_models.estimation import PathFit
from qstats.methods.path_models.model import PathModel
from qstats.methods.path_models.moments import Floats, Moments


@dataclass(frozen=True, slots=True)
class Reliability:
    """Figures (J,) of each block of the first sample.

    Attributes
    ----------
    alpha, rho : ndarray
        Cronbach's alpha on standardised items, Dillon-Goldstein's rho; NaN in mode B, 1 for a single item.
    composite, ave : ndarray
        Composite reliability and average variance extracted (mean of squared loadings); NaN in mode B.
    first, second : ndarray
        Largest eigenvalues of the block's correlations; second 0 for a single item.
    """

    alpha: Floats
    rho: Floats
    composite: Floats
    ave: Floats
    first: Floats
    second: Floats


def judge_blocks(model: PathModel, fit: PathFit, moments: Moments) -> Reliability:
    """Reliability of each block in the first sample."""
    correlation = _correlation(moments.covariance[0])
    rows = []
    for at, mode in enumerate(model.modes):
        items = np.flatnonzero(model.block[:, at])
        among = correlation[np.ix_(items, items)]
        loading = fit.loading[0, items]
        values, vectors = np.linalg.eigh(among)
        of_first = np.sqrt(values[-1]) * vectors[:, -1]
        reflective = mode == "A"
        rows.append(
            (
                _alpha(among) if reflective else np.nan,
                _share(of_first) if reflective else np.nan,
                _share(loading) if reflective else np.nan,
                (loading**2).mean() if reflective else np.nan,
                values[-1],
                values[-2] if len(values) > 1 else 0.0,
            )
        )
    return Reliability(*np.array(rows).T)


def htmt(model: PathModel, moments: Moments) -> Floats:
    """Heterotrait-monotrait ratios (J, J) of the first sample; NaN for single items and on the diagonal."""
    correlation = np.abs(_correlation(moments.covariance[0]))
    block = model.block.astype(float)
    size = block.sum(axis=0)
    sums = block.T @ correlation @ block
    with np.errstate(invalid="ignore", divide="ignore"):
        among = np.where(size > 1, np.diag(sums) - size, np.nan)  # a single item has nothing to agree with
        within = among / (size * (size - 1))
        ratio = sums / np.outer(size, size) / np.sqrt(np.outer(within, within))
    np.fill_diagonal(ratio, np.nan)
    return np.where(np.isfinite(ratio), ratio, np.nan)


def goodness_of_fit(model: PathModel, fit: PathFit) -> float:
    """Geometric mean of communality (items of blocks with more than one) and R² (explained variables)."""
    several = model.block[:, model.block.sum(axis=0) > 1].any(axis=1)
    explained = model.paths.any(axis=1)
    return float(np.sqrt((fit.loading[0, several] ** 2).mean() * fit.r_squared[0, explained].mean()))


def _alpha(among: Floats) -> float:
    k = len(among)
    return 1.0 if k == 1 else float(k / (k - 1) * (1 - k / among.sum()))


def _share(loading: Floats) -> float:
    """Variance of the sum that its common part explains."""
    common = loading.sum() ** 2
    return float(common / (common + (1 - loading**2).sum()))


def _correlation(covariance: Floats) -> Floats:
    deviation = np.sqrt(np.diag(covariance))
    return covariance / np.outer(deviation, deviation)
