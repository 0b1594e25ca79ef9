"""Which outer weights, scores and paths does a path model have? Partial least squares, many samples at once.

Wold's iteration in the form of Lohmöller: outer weights give latent variables, an inner scheme gives each
of them a proxy from its neighbours, and the proxies give new weights. All of it is arithmetic on the
covariance matrix of the items, so respondent weights enter through that matrix, and resamples are solved
side by side.

References
----------
Wold, H. (1982). Soft modeling. In: Systems under indirect observation, part 2. Lohmöller, J.-B. (1989).
Latent variable path modeling with partial least squares. doi:10.1007/978-3-642-52512-4 Tenenhaus, M. et
al. (2005). PLS path modeling. doi:10.1016/j.csda.2004.03.005
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qstats.methods.path_models.model import PathModel
from qstats.methods.path_models.moments import Floats, Moments

TOLERANCE = 1e-14
MOST_ITERATIONS = 500
LEAST_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True)
class PathFit:
    """A path model fitted to B samples.

    Attributes
    ----------
    weight : ndarray, shape (B, p)
        Outer weights on the items (standardised where the model is scaled); latent variables have variance 1.
    loading : ndarray, shape (B, p)
        Correlation of each item with its latent variable.
    latent_covariance : ndarray, shape (B, J, J)
        Correlations of the latent variables.
    paths : ndarray, shape (B, J, J)
        ``paths[b, k, j]``: coefficient of j in the regression of k; 0 where there is no path.
    r_squared : ndarray, shape (B, J)
        0 for latent variables that nothing explains.
    spread : ndarray, shape (B, p)
        Standard deviation that each item was divided by; 1 where the model is not scaled.
    converged : ndarray of bool, shape (B,)
    """

    weight: Floats
    loading: Floats
    latent_covariance: Floats
    paths: Floats
    r_squared: Floats
    spread: Floats
    converged: NDArray[np.bool_]


def fit_paths(model: PathModel, moments: Moments) -> PathFit:
    """Fit a path model to each sample of ``moments``.

    Latent variables are turned so that they correlate positively with most items of their block.

    Raises
    ------
    ValueError
        As many items as the model has are not there; an item of the first sample that does not vary;
        items that form a block and of which one follows from the others. A *resample* with such an item
        counts as not converged.
    """
    if moments.covariance.shape[1] != len(model.block):
        raise ValueError(f"the model has {len(model.block)} items, the data {moments.covariance.shape[1]}")
    variance = np.einsum("bii->bi", moments.covariance)
    usable = (variance > LEAST_VARIANCE).all(axis=1)
    if not usable[0]:
        constant = np.flatnonzero(variance[0] <= LEAST_VARIANCE)[0]
        raise ValueError(f"item {constant} does not vary: every answer is the same")
    safe = np.where(usable[:, None], variance, 1.0)
    spread = np.sqrt(safe) if model.scaled else np.ones_like(variance)
    matrix = moments.covariance / (spread[:, :, None] * spread[:, None, :])
    matrix = np.where(usable[:, None, None], matrix, matrix[0])
    _check_formed_blocks(model, matrix[0])
    outer, converged = _iterate(model, matrix)
    return _settle(model, matrix, outer, spread, converged & usable)


def _check_formed_blocks(model: PathModel, matrix: Floats) -> None:
    for at, mode in enumerate(model.modes):
        items = np.flatnonzero(model.block[:, at])
        if mode == "B" and np.linalg.cond(matrix[np.ix_(items, items)]) > 1e12:
            raise ValueError(f"{model.latents[at]}: an item follows from the others, mode B has no weights")


def _iterate(model: PathModel, matrix: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Outer weights (B, p, J) of all samples; those that have settled are left alone."""
    outer = _to_unit_variance(np.repeat(model.block[None].astype(float), len(matrix), axis=0), matrix)
    open_ = np.ones(len(matrix), bool)
    for _ in range(MOST_ITERATIONS):
        old, part = outer[open_], matrix[open_]
        cross = part @ old
        latent = np.swapaxes(old, 1, 2) @ cross
        new = _to_unit_variance(_outer(model, part, cross @ _inner(model, latent)), part)
        outer[open_] = new
        moved = ((np.abs(new) - np.abs(old)) ** 2).sum(axis=(1, 2)) > TOLERANCE
        open_[np.flatnonzero(open_)[~moved]] = False
        if not open_.any():
            break
    return outer, ~open_


def _inner(model: PathModel, latent: Floats) -> Floats:
    """Inner weights (B, J, J): column k holds the share of each neighbour in the proxy of k."""
    tied = model.paths | model.paths.T
    if model.scheme == "centroid":
        return np.sign(latent) * tied
    inner = latent * tied
    if model.scheme == "path":
        for k, sources in enumerate(model.paths):
            if sources.any():
                inner[:, sources, k] = _regress(latent, sources, k)
    return inner


def _regress(latent: Floats, sources: NDArray[np.bool_], target: int) -> Floats:
    among = latent[:, sources][:, :, sources]
    return np.asarray(np.linalg.solve(among, latent[:, sources, target][..., None])[..., 0])


def _outer(model: PathModel, matrix: Floats, with_proxy: Floats) -> Floats:
    """New outer weights from the covariances (B, p, J) of items with the proxies."""
    new = with_proxy * model.block
    for at, mode in enumerate(model.modes):
        if mode == "B":
            items = model.block[:, at]
            among = matrix[:, items][:, :, items]
            new[:, items, at] = np.linalg.solve(among, new[:, items, at][..., None])[..., 0]
    return new


def _to_unit_variance(outer: Floats, matrix: Floats) -> Floats:
    variance = np.einsum("bpj,bpq,bqj->bj", outer, matrix, outer, optimize=True)
    return np.asarray(outer / np.sqrt(np.maximum(variance, LEAST_VARIANCE))[:, None, :])


def _settle(
    model: PathModel, matrix: Floats, outer: Floats, spread: Floats, converged: NDArray[np.bool_]
) -> PathFit:
    """Everything that follows from the outer weights."""
    deviation = np.sqrt(np.einsum("bpp->bp", matrix))
    with_latent = matrix @ outer / deviation[:, :, None]
    within = (with_latent * model.block).sum(axis=1)
    positive = (np.sign(with_latent) * model.block).sum(axis=1)
    turned = np.where((positive < 0) | ((positive == 0) & (within < 0)), -1.0, 1.0)
    outer, with_latent = outer * turned[:, None, :], with_latent * turned[:, None, :]
    latent = np.swapaxes(outer, 1, 2) @ matrix @ outer
    paths = np.zeros_like(latent)
    for k, sources in enumerate(model.paths):
        if sources.any():
            paths[:, k, sources] = _regress(latent, sources, k)
    return PathFit(
        weight=(outer * model.block).sum(axis=2),
        loading=(with_latent * model.block).sum(axis=2),
        latent_covariance=latent,
        paths=paths,
        r_squared=np.einsum("bkj,bkj->bk", paths, latent),
        spread=spread,
        converged=converged,
    )
