"""Do two classifications of the units depend on each other?

Pearson's chi-squared of the weighted table, corrected for the design to second order: its distribution is a
sum of chi-squareds weighted by generalised design effects, taken as an F with Satterthwaite's degrees of
freedom.

Source: Rao & Scott (1984), doi:10.1214/aos/1176346391.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import null_space
from scipy.special import fdtrc

from qstats.methods.survey.design import Codes, Design, Floats
from qstats.methods.survey.variance import score_covariance


@dataclass(frozen=True, slots=True)
class IndependenceTest:
    """Test that rows and columns of a table are independent.

    Attributes
    ----------
    statistic : float
        F; Pearson's chi-squared over the trace of the design effects.
    numerator_df, denominator_df, p_value : float
    chi_squared : float
        Pearson's, of the weighted table brought to n units.
    """

    statistic: float
    numerator_df: float
    denominator_df: float
    p_value: float
    chi_squared: float


def independence_test(
    design: Design, row: ArrayLike, column: ArrayLike, *, lonely: str = "adjust"
) -> IndependenceTest:
    """Rao-Scott test of independence of two classifications.

    Parameters
    ----------
    design : Design
    row, column : array_like of int, shape (n,)
        Codes 0…; every row and every column of the table holds units.
    lonely : str
        As in `domain_means`.

    Raises
    ------
    ValueError
        A row or column without units, or fewer than two of either.
    """
    rows, columns = np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64)
    share, cell = _cell_shares(design, rows, columns)
    effects = _design_effects(design, share, cell, lonely)
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    chi_squared = float(len(rows) * ((share - expected) ** 2 / expected).sum())
    trace = effects.sum()
    numerator_df = float(trace**2 / (effects**2).sum())
    denominator_df = numerator_df * design.degrees_of_freedom
    statistic = float(chi_squared / trace)
    p_value = float(fdtrc(numerator_df, denominator_df, statistic))
    return IndependenceTest(statistic, numerator_df, denominator_df, p_value, chi_squared)


def _cell_shares(design: Design, rows: Codes, columns: Codes) -> tuple[Floats, Codes]:
    """Weighted share of each cell of the table, and the cell of each unit."""
    shape = (int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1)
    if min(shape) < 2:
        raise ValueError("a table needs two rows and two columns at least")
    cell = rows * shape[1] + columns
    share = (
        np.bincount(cell, design.weight, minlength=shape[0] * shape[1]).reshape(shape) / design.weight.sum()
    )
    if np.any(share.sum(axis=0) == 0) or np.any(share.sum(axis=1) == 0):
        raise ValueError("a row or column of the table has no units")
    return share, cell


def _design_effects(design: Design, share: Floats, cell: Codes, lonely: str) -> Floats:
    """Generalised design effects of the interaction contrasts.

    Contrasts of log shares that leave rows and columns alone; an empty cell takes no part.
    """
    flat = share.ravel()
    inverse = np.divide(1.0, flat, out=np.zeros_like(flat), where=flat > 0)
    scores = design.weight[:, None] * ((cell[:, None] == np.arange(len(flat))) - flat) / design.weight.sum()
    contrasts = inverse[:, None] * null_space(_margins(*share.shape).T)
    found = contrasts.T @ score_covariance(design, scores, lonely=lonely) @ contrasts
    simple = contrasts.T @ (flat[:, None] * contrasts) / len(cell)
    return np.linalg.eigvals(np.linalg.solve(simple, found)).real


def _margins(rows: int, columns: int) -> Floats:
    """Indicators of the rows and of the columns for each cell."""
    return np.hstack(
        [np.kron(np.eye(rows), np.ones((columns, 1))), np.kron(np.ones((rows, 1)), np.eye(columns))]
    )
