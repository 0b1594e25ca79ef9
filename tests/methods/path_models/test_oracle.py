"""Path models against plspm 0.4.9 and semPLS 1.0-10 (oracle 05)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.path_models.effects import indirect_effects, total_effects
from qstats.methods.path_models.estimation import PathFit, fit_paths
from qstats.methods.path_models.indices import index_deviations, index_shares, latent_indices, negative_items
from qstats.methods.path_models.inference import path_tests
from qstats.methods.path_models.model import PathModel, make_model
from qstats.methods.path_models.moments import Moments, weighted_moments
from qstats.methods.path_models.reliability import goodness_of_fit, judge_blocks

pytestmark = pytest.mark.oracle
TOLERANCE = 1e-6
BANK = {
    "EXPE": ["IMAG"], "QUAL": ["EXPE"], "VAL": ["EXPE", "QUAL"], "SAT": ["IMAG", "EXPE", "QUAL", "VAL"],
    "LOY": ["IMAG", "SAT"],
}  # fmt: skip
MOBILE = {
    "Expectation": ["Image"], "Quality": ["Expectation"], "Value": ["Expectation", "Quality"],
    "Satisfaction": ["Image", "Expectation", "Quality", "Value"], "Complaints": ["Satisfaction"],
    "Loyalty": ["Image", "Satisfaction", "Complaints"],
}  # fmt: skip
CASES = {
    "satisfaction_centroid": ("satisfaction", BANK, "centroid", True, {}),
    "satisfaction_factorial": ("satisfaction", BANK, "factorial", True, {}),
    "satisfaction_path": ("satisfaction", BANK, "path", True, {}),
    "satisfaction_centroid_unscaled": ("satisfaction", BANK, "centroid", False, {}),
    "satisfaction_path_modeB_IMAG": ("satisfaction", BANK, "path", True, {"IMAG": "B"}),
    "mobi_centroid": ("mobi", MOBILE, "centroid", True, {}),
    "mobi_path": ("mobi", MOBILE, "path", True, {}),
}


class Case:
    """One call of the oracle: its files, our model and our fit."""

    def __init__(self, folder: Path, name: str) -> None:
        file, explained_by, scheme, scaled, modes = CASES[name]
        self.folder, self.name = folder, name
        self.table = pd.read_csv(folder / f"input_{file}.csv")
        outer = self.expected("outer")
        self.items = list(outer["name"])
        blocks = {block: list(part.index) for block, part in outer.groupby("block", sort=False)}
        self.model: PathModel = make_model(blocks, explained_by, modes=modes, scheme=scheme, scaled=scaled)
        self.moments: Moments = weighted_moments(self.table[self.items].to_numpy(float))
        self.fit: PathFit = fit_paths(self.model, self.moments)

    def expected(self, part: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / f"expected_{self.name}_{part}.csv")

    def at(self, latent: str) -> int:
        return self.model.latents.index(latent)


@pytest.fixture(params=CASES)
def case(shared_data: Path, request: pytest.FixtureRequest) -> Case:
    return Case(shared_data / "oracles" / "05_plspm_satisfaction", request.param)


def test_outer_model(case: Case) -> None:
    outer = case.expected("outer")
    np.testing.assert_allclose(case.fit.weight[0], outer["weight"], atol=TOLERANCE)
    np.testing.assert_allclose(case.fit.loading[0], outer["loading"], atol=TOLERANCE)
    communality = case.fit.loading[0] ** 2
    np.testing.assert_allclose(communality, outer["communality"], atol=TOLERANCE)
    redundancy = communality * case.fit.r_squared[0, case.model.block.argmax(axis=1)]
    np.testing.assert_allclose(redundancy, outer["redundancy"], atol=TOLERANCE)


def test_paths_with_their_tests(case: Case) -> None:
    tests = path_tests(case.model, case.fit, case.moments.n)
    for row in case.expected("paths").query("`from` != 'Intercept'").itertuples():
        place = case.at(row.to), case.at(row._2)
        assert case.fit.paths[0][place] == pytest.approx(row.estimate, abs=TOLERANCE)
        assert tests.std_error[place] == pytest.approx(row.se, abs=TOLERANCE)
        assert tests.t[place] == pytest.approx(row.t, abs=1e-5)
        assert tests.p_value[place] == pytest.approx(row.p, abs=TOLERANCE)


def test_effects(case: Case) -> None:
    total, indirect = total_effects(case.fit.paths)[0], indirect_effects(case.fit.paths)[0]
    for row in case.expected("effects").itertuples():
        source, target = (case.at(name) for name in row.relationships.split(" -> "))
        assert case.fit.paths[0, target, source] == pytest.approx(row.direct, abs=TOLERANCE)
        assert indirect[target, source] == pytest.approx(row.indirect, abs=TOLERANCE)
        assert total[target, source] == pytest.approx(row.total, abs=TOLERANCE)


def test_explained_variance_and_fit(case: Case) -> None:
    expected = case.expected("r2_ave_gof")
    np.testing.assert_allclose(case.fit.r_squared[0], expected["R2"], atol=TOLERANCE)
    ave = np.nan_to_num(judge_blocks(case.model, case.fit, case.moments).ave)  # plspm prints 0 in mode B
    np.testing.assert_allclose(ave, expected["AVE"], atol=TOLERANCE)
    assert goodness_of_fit(case.model, case.fit) == pytest.approx(expected["gof"][0], abs=TOLERANCE)


def test_unidimensionality(case: Case) -> None:
    """plspm prints 0 for alpha and rho in mode B, where they say nothing; ours are missing there."""
    expected, ours = case.expected("unidim"), judge_blocks(case.model, case.fit, case.moments)
    np.testing.assert_allclose(np.nan_to_num(ours.alpha), expected["C.alpha"], atol=TOLERANCE)
    np.testing.assert_allclose(np.nan_to_num(ours.rho), expected["DG.rho"], atol=TOLERANCE)
    np.testing.assert_allclose(ours.first, expected["eig.1st"], atol=TOLERANCE)
    np.testing.assert_allclose(ours.second, expected["eig.2nd"], atol=TOLERANCE)


def test_scores(case: Case) -> None:
    answers = case.table[case.items].to_numpy(float) - case.moments.mean[0]
    scores = answers @ ((case.fit.weight / case.fit.spread)[0][:, None] * case.model.block)
    np.testing.assert_allclose(scores, case.expected("scores"), atol=TOLERANCE)


def test_index(case: Case) -> None:
    if not (case.folder / f"expected_{case.name}_index.csv").exists():
        pytest.skip(f"the oracle has no index of {case.name}")
    expected = case.expected("index")
    low, high = 1, 10
    if not case.model.scaled:
        _check_weights_divided_twice(case, expected, low, high)
        return
    ours = latent_indices(case.model, case.fit, case.moments, low, high)[0]
    np.testing.assert_allclose(ours, expected["index_0_100"], atol=TOLERANCE)
    deviation = index_deviations(case.model, case.fit, case.moments, low, high)[0] / 100 * (high - low)
    n = case.moments.n
    np.testing.assert_allclose(deviation * np.sqrt(n / (n - 1)), expected["sd_raw"], atol=TOLERANCE)
    shares = index_shares(case.model, case.fit, high - low)[0]
    for at, text in enumerate(expected["weights_sum1"]):
        stated = np.array(str(text).split(), float)
        np.testing.assert_allclose(shares[case.model.block[:, at]], stated, atol=TOLERANCE)
    assert bool(negative_items(case.fit)) == expected["any_negative_weight"].any()


def _check_weights_divided_twice(case: Case, expected: pd.DataFrame, low: float, high: float) -> None:
    """The oracle divides weights by the items' deviations where they already stand on raw items.

    Its figure is reproduced, and ours shown to be the mean score on the weights that the model really has.
    """
    deviation = np.sqrt(np.diag(case.moments.covariance[0]))
    for raw, index in (
        (case.fit.weight[0] / deviation, expected["index_0_100"].to_numpy()),
        (case.fit.weight[0], latent_indices(case.model, case.fit, case.moments, low, high)[0]),
    ):
        share = raw / (raw @ case.model.block)[case.model.block.argmax(axis=1)]
        points = 100 * (case.moments.mean[0] - low) / (high - low)
        np.testing.assert_allclose((share * points) @ case.model.block, index, atol=TOLERANCE)


def test_second_tool(shared_data: Path) -> None:
    """semPLS, an independent program: loadings and paths of the mobile-phone data."""
    case = Case(shared_data / "oracles" / "05_plspm_satisfaction", "mobi_centroid")
    expected = pd.read_csv(case.folder / "expected_mobi_semPLS_centroid_coefficients.csv")
    for row in expected.itertuples():
        source, target = row.path.split(" -> ")
        ours = (
            case.fit.loading[0, case.items.index(target)]
            if target in case.items
            else case.fit.paths[0, case.at(target), case.at(source)]
        )
        assert ours == pytest.approx(row.estimate, abs=1e-6)
