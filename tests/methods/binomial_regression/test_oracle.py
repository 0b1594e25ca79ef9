"""Every file of oracle 11 (R 4.2.2 stats, MASS 7.3-58.2, sandwich 3.0-2, VGAM 1.1-7)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.interpolate import CubicSpline
from scipy.special import logit
from scipy.stats import f as f_law
from scipy.stats import norm

from qstats.methods.binomial_regression import (
    RateFit,
    compare_fits,
    diagnose_fit,
    fit_beta_binomial,
    fit_binomial,
    fit_negative_binomial,
    fit_rates,
    normal_rise,
    predict_rates,
    profile_limits,
    robust_covariance,
)

pytestmark = pytest.mark.oracle
COEFFICIENT, ERROR, PROFILE = 1e-7, 1e-5, 1e-4  # the tolerances that the oracle's note states


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oracles" / "11_glm_overdispersion"


@pytest.fixture(scope="module")
def expected(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "expected_glm.csv").set_index("model")


def rats(folder: Path, dispersion: str) -> RateFit:
    data = pd.read_csv(folder / "input_lirat.csv")
    design = np.column_stack([np.ones(len(data)), *(data["grp"] == group for group in (2, 3, 4))])
    return fit_binomial(data["R"], data["N"], design, dispersion=dispersion)


def monthly_design(months: np.ndarray) -> np.ndarray:
    angle = 2 * np.pi * months / 12
    return np.column_stack([np.ones(len(months)), months, np.sin(angle), np.cos(angle)])


def monthly(folder: Path, dispersion: str, columns: tuple[int, ...] = (0, 1, 2, 3)) -> RateFit:
    data = pd.read_csv(folder / "input_monthly_passrate.csv")
    design = monthly_design(data["t"].to_numpy())[:, columns]
    return fit_binomial(data["pass"], data["n"], design, dispersion=dispersion)


def cancer(folder: Path) -> RateFit:
    data = pd.read_csv(folder / "input_esoph.csv")
    ages, alcohol, tobacco = (
        np.unique(data[name], return_inverse=True)[1] for name in ("agegp", "alcgp", "tobgp")
    )
    alcohol = data["alcgp"].map({"0-39g/day": 1, "40-79": 2, "80-119": 3, "120+": 4})
    polynomials = np.linalg.qr(np.vander(np.arange(6.0), increasing=True))[0]
    polynomials *= np.sign(polynomials[-1])  # R's contr.poly rises at the end
    design = np.column_stack([np.ones(len(data)), polynomials[ages, 1:], tobacco + 1, alcohol])
    return fit_binomial(data["ncases"], data["ncases"] + data["ncontrols"], design, dispersion="none")


def interpolated_limits(fit: RateFit, which: int) -> tuple[float, float]:
    """Limits as MASS reads them off a spline through a coarse grid, joined by straight lines.

    It stops at the (0.95 + 0.025/2) point, in steps of a fifth of it.
    """
    level = 1 - 0.05 / 4
    far = np.sqrt(f_law.ppf(level, 1, fit.freedom)) if fit.scaled else norm.ppf((1 + level) / 2)
    grid = [(0.0, fit.coefficients[which])]
    for side in (-1, 1):
        for step in range(1, 10):
            value = fit.coefficients[which] + side * step * far / 5 * fit.std_error[which]
            rest = fit_rates(
                fit.family, fit.count, fit.size, np.delete(fit.design, which, axis=1),
                offset=value * fit.design[:, which],
            )  # fmt: skip
            grid.append((side * np.sqrt((rest.deviance - fit.deviance) / fit.dispersion), value))
            if abs(grid[-1][0]) >= far:
                break
    rise, value = np.array(sorted(grid)).T
    fine = np.linspace(value[0], value[-1], 3 * len(value))
    lower, upper = np.interp(norm.ppf([0.025, 0.975]), CubicSpline(value, rise)(fine), fine)
    return float(lower), float(upper)


def assert_fits(fit: RateFit, rows: pd.DataFrame) -> None:
    assert fit.coefficients == pytest.approx(rows["estimate"].to_numpy(), abs=COEFFICIENT)
    assert fit.std_error == pytest.approx(rows["se"].to_numpy(), rel=2 * ERROR, abs=1e-9)
    # R stops at a relative change of the deviance of 1e-8, which leaves the fifth digit of φ and errors open.
    assert fit.dispersion == pytest.approx(rows["dispersion"].iloc[0], rel=1e-4)
    assert fit.deviance == pytest.approx(rows["deviance"].iloc[0], rel=1e-8)
    assert fit.freedom == rows["df_resid"].iloc[0]
    assert fit.p_values == pytest.approx(rows["p"].to_numpy(), rel=2e-3, abs=1e-15)


@pytest.mark.parametrize(
    ("model", "make"),
    [
        ("lirat_binomial", lambda folder: rats(folder, "none")),
        ("lirat_quasibinomial", lambda folder: rats(folder, "pearson")),
        ("esoph_binomial_R4.2data", cancer),
        ("monthly_quasibinomial_trend_harmonic", lambda folder: monthly(folder, "pearson")),
        ("monthly_binomial_trend_harmonic", lambda folder: monthly(folder, "none")),
    ],
)
def test_fit_and_profile_limits(model, make, folder: Path, expected: pd.DataFrame) -> None:
    fit, rows = make(folder), expected.loc[model]
    assert_fits(fit, rows)
    if not fit.scaled:
        p = fit.design.shape[1]
        assert 2 * p - 2 * fit.log_likelihood == pytest.approx(rows["aic"].iloc[0], rel=1e-9)
    for which in range(fit.design.shape[1]):
        peer = rows[["prof_lo", "prof_hi"]].iloc[which].to_numpy()
        ours = profile_limits(fit, which, critical=normal_rise(fit))
        assert interpolated_limits(fit, which) == pytest.approx(peer, abs=PROFILE)
        # Ours are where the deviance has risen by exactly so much; the peer's are read off a coarse curve.
        assert ours == pytest.approx(peer, abs=PROFILE if model.startswith("monthly") else 2e-3)


def test_profile_limits_are_where_the_deviance_has_risen_so_far(folder: Path) -> None:
    fit = rats(folder, "pearson")
    for value in profile_limits(fit, 2, critical=normal_rise(fit)):
        rest = fit_rates(
            fit.family, fit.count, fit.size, fit.design[:, [0, 1, 3]], offset=value * fit.design[:, 2]
        )
        assert rest.deviance - fit.deviance == pytest.approx(normal_rise(fit), abs=1e-6)


@pytest.mark.parametrize(
    ("model", "kind"), [("lirat_binomial_HC0", "hc0"), ("lirat_binomial_HC3", "hc3")]
)  # fmt: skip
def test_heteroscedasticity_consistent_errors(model, kind, folder: Path, expected: pd.DataFrame) -> None:
    found = np.sqrt(np.diag(robust_covariance(rats(folder, "none"), kind=kind)))
    assert found == pytest.approx(expected.loc[model, "se"].to_numpy(), rel=ERROR)


def test_clustered_errors(folder: Path, expected: pd.DataFrame) -> None:
    pairs = np.arange(58) // 2
    found = robust_covariance(rats(folder, "none"), kind="cluster", clusters=pairs, adjust=False)
    peer = expected.loc["lirat_binomial_clusterHC0_bygrp2", "se"].to_numpy()
    assert np.sqrt(np.diag(found)) == pytest.approx(peer, rel=ERROR)


def test_newey_west_errors(folder: Path, expected: pd.DataFrame) -> None:
    found = robust_covariance(monthly(folder, "none"), kind="newey_west", lag=3)
    peer = expected.loc["monthly_binomial_NeweyWest_lag3", "se"].to_numpy()
    assert np.sqrt(np.diag(found)) == pytest.approx(peer, rel=ERROR)


def test_all_models_of_the_file_are_held(expected: pd.DataFrame) -> None:
    assert set(expected.index) == {
        "lirat_binomial", "lirat_quasibinomial", "lirat_binomial_HC0", "lirat_binomial_HC3",
        "lirat_binomial_clusterHC0_bygrp2", "esoph_binomial_R4.2data", "monthly_quasibinomial_trend_harmonic",
        "monthly_binomial_trend_harmonic", "monthly_binomial_NeweyWest_lag3",
    }  # fmt: skip


def test_diagnostics(folder: Path) -> None:
    peer = pd.read_csv(folder / "expected_monthly_diagnostics.csv")
    fit = monthly(folder, "none")
    found = diagnose_fit(fit)
    for name in ("pearson", "deviance", "hat", "cook"):
        assert getattr(found, name) == pytest.approx(peer[name].to_numpy(), rel=ERROR, abs=ERROR)
    assert fit.fitted == pytest.approx(peer["fitted"].to_numpy(), abs=COEFFICIENT)


def test_predictions_with_limits(folder: Path) -> None:
    peer = pd.read_csv(folder / "expected_monthly_predict_73_84.csv")
    found = predict_rates(monthly(folder, "pearson"), monthly_design(peer["t"].to_numpy()))
    assert found.linear == pytest.approx(peer["eta"].to_numpy(), abs=COEFFICIENT)
    assert found.std_error == pytest.approx(peer["se"].to_numpy(), rel=ERROR)
    for ours, theirs in (("rate", "p"), ("lower", "ci_lo"), ("upper", "ci_hi")):
        assert getattr(found, ours) == pytest.approx(peer[theirs].to_numpy(), abs=1e-6)


def test_trend_by_the_f_test(folder: Path) -> None:
    peer = pd.read_csv(folder / "expected_monthly_trend_test.csv").iloc[0]
    found = compare_fits(monthly(folder, "pearson", (0, 2, 3)), monthly(folder, "pearson"))
    assert found.deviance == pytest.approx(peer["dev_diff"], rel=1e-6)
    assert found.statistic == pytest.approx(peer["F"], rel=1e-4)  # the peer's φ, see above
    assert found.p_value == pytest.approx(peer["p"], rel=1e-4)


def test_beta_binomial(folder: Path) -> None:
    peer = pd.read_csv(folder / "expected_monthly_betabinomial.csv").set_index("term")
    data = pd.read_csv(folder / "input_monthly_passrate.csv")
    found = fit_beta_binomial(data["pass"], data["n"], monthly_design(data["t"].to_numpy()))
    terms = ["(Intercept):1", "t", "s1", "c1"]
    assert found.coefficients == pytest.approx(peer.loc[terms, "estimate"].to_numpy(), abs=1e-6)
    assert found.std_error == pytest.approx(peer.loc[terms, "se"].to_numpy(), rel=ERROR)
    assert logit(found.scatter) == pytest.approx(peer.loc["(Intercept):2", "estimate"], abs=1e-6)
    assert found.scatter_error == pytest.approx(peer.loc["(Intercept):2", "se"], rel=ERROR)
    assert found.log_likelihood == pytest.approx(peer["logLik"].iloc[0], rel=1e-9)


def test_negative_binomial(folder: Path) -> None:
    peer = pd.read_csv(folder / "expected_quine_negbin.csv").set_index("term")
    data = pd.read_csv(folder / "input_quine.csv")
    dummies = (data["Sex"] == "M", *(data["Age"] == f"F{age}" for age in (1, 2, 3)), data["Eth"] == "N")
    design = np.column_stack([np.ones(len(data)), *dummies, data["Lrn"] == "SL"])
    found = fit_negative_binomial(data["Days"], design)
    assert found.coefficients == pytest.approx(peer["estimate"].to_numpy()[:7], abs=COEFFICIENT)
    assert found.std_error == pytest.approx(peer["se"].to_numpy()[:7], rel=ERROR)
    assert found.scatter == pytest.approx(peer.loc["theta", "estimate"], rel=1e-6)
    assert found.scatter_error == pytest.approx(peer.loc["SE.theta", "estimate"], rel=ERROR)
    assert 2 * found.log_likelihood == pytest.approx(peer.loc["twologlik", "estimate"], rel=1e-9)


def test_dispersion_is_not_the_one_that_a_peer_finds_without_the_trials(folder: Path) -> None:
    """Counts in two columns and ``scale="X2"``: statsmodels forgets the numbers of trials."""
    from statsmodels.api import GLM, families

    fit = monthly(folder, "pearson")
    both = np.column_stack([fit.count, fit.size - fit.count])
    trap = GLM(both, fit.design, family=families.Binomial()).fit(scale="X2")
    right = GLM(fit.count / fit.size, fit.design, family=families.Binomial(), var_weights=fit.size)
    right = right.fit(scale="X2", tol=1e-12)
    assert trap.scale == pytest.approx(0.0108, abs=5e-5)
    assert trap.bse == pytest.approx(fit.std_error * np.sqrt(trap.scale / fit.dispersion), rel=1e-5)
    assert (trap.bse < fit.std_error / 15).all()
    assert fit.dispersion == pytest.approx(2.57054, abs=1e-5)
    assert fit.dispersion == pytest.approx(right.scale, rel=1e-9)
    assert fit.std_error == pytest.approx(right.bse, rel=1e-8)
