"""Construction works of the synthetic city: the laws they are drawn from, and the bytes that they come to."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from qstats.synthetic import CUTOFF, write_construction
from qstats.synthetic.construction import works as laws
from qstats.synthetic.construction.rooms import (
    draw_rooms,
    share_of_plans_within,
    share_of_spreads_within,
)
from qstats.synthetic.construction.works import Construction, draw_construction, first_time_probability

DEMO_SEED = 20151231


@pytest.fixture(scope="module")
def many() -> list[Construction]:
    """Works of many cities: what is drawn must follow the laws on average."""
    return [draw_construction("demo", CUTOFF, np.random.default_rng([7, at])) for at in range(12)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("演示 demo")
    (folder / "raw").mkdir()
    write_construction(folder / "raw", folder / "truth", seed=DEMO_SEED, size="demo")
    return folder


def _checksums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def _write(folder: Path, seed: int) -> dict[str, str]:
    (folder / "raw").mkdir(parents=True)
    write_construction(folder / "raw", folder / "truth", seed=seed, size="tiny")
    return _checksums(folder)


def test_bytes_depend_on_the_seed_only(tmp_path: Path) -> None:
    first, again, other = (_write(tmp_path / str(at), seed) for at, seed in enumerate((1, 1, 2)))
    assert first == again
    assert first.keys() == other.keys()
    same = {name for name in first if first[name] == other[name]}
    assert same == {"raw/验收系统导出.xls", "raw/deliveries.csv"}


def test_projects_pass_at_first_as_often_as_their_law_says(many: list[Construction]) -> None:
    projects = pl.concat(one.projects for one in many)
    for scale in ("large_medium", "other"):
        of = projects.filter(pl.col("scale") == scale)
        chance = of["first_time_probability"].to_numpy()
        passes = (of["first_outcome"] == "pass").sum()
        assert abs(passes - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())
    assert first_time_probability("other", 2011, "371525") < first_time_probability("other", 2015, "371525")
    assert first_time_probability("large_medium", 2015, "371525") == pytest.approx(0.979)


def test_failed_projects_take_the_routes_of_the_standard(many: list[Construction]) -> None:
    failed = pl.concat(one.projects for one in many).filter(pl.col("first_outcome") == "fail")
    early = failed.filter(pl.col("first_accepted_on") < date(2014, 1, 1))
    shares = dict(early["route"].value_counts(normalize=True).iter_rows())
    for route, share in laws.ROUTES.items():
        assert shares[route] == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / early.height))
    days = (early["final_accepted_on"] - early["first_accepted_on"]).dt.total_days().drop_nulls()
    assert days.median() == pytest.approx(laws.DAYS_TO_ACCEPTANCE[0], rel=0.15)
    late = failed.filter(pl.col("first_accepted_on") >= date(2015, 10, 1))
    assert late["final_accepted_on"].null_count() > 0
    assert (failed["final_accepted_on"].drop_nulls() <= CUTOFF).all()


def test_rounds_tell_of_every_acceptance(many: list[Construction]) -> None:
    for one in many[:2]:
        rounds = one.rounds.group_by("project_id").agg(
            pl.col("accepted_on").sort().first(),
            pl.col("outcome").sort_by("accepted_on").first().alias("first"),
            pl.col("accepted_on").filter(pl.col("outcome") == "pass").min().alias("passed"),
        )
        beside = one.projects.join(rounds, on="project_id")
        assert beside.height == one.projects.height
        assert beside["accepted_on"].equals(beside["first_accepted_on"])
        assert beside["first"].equals(beside["first_outcome"])
        assert beside["passed"].equals(beside["final_accepted_on"])


def test_counts_of_dwellings_fit_together_and_projects_differ(many: list[Construction]) -> None:
    sheets = pl.concat(one.dwellings for one in many)
    total, inspected, first, after = (
        sheets[f"dwellings_{name}"] for name in ("total", "accepted", "first_time", "after_rework")
    )
    assert ((first + after <= inspected) & (inspected <= total)).all()
    mean = (sheets["first_time_probability"] * inspected).sum() / inspected.sum()
    assert first.sum() / inspected.sum() == pytest.approx(mean, abs=0.004)
    share, chance = (first / inspected).to_numpy(), sheets["first_time_probability"].to_numpy()
    scatter = ((share - chance) ** 2 * inspected.to_numpy() / (chance * (1 - chance))).mean()
    expected = 1 + (inspected.mean() - 1) * laws.DWELLING_ICC  # type: ignore[operator]
    assert scatter == pytest.approx(expected, rel=0.15)


def test_complaints_follow_their_rates(many: list[Construction]) -> None:
    for at, year in enumerate(laws.YEARS):
        counts = [one.complaints.filter(pl.col("opened_on").dt.year() == year).height for one in many]
        delivered = laws.DELIVERED["demo"] * (1 + laws.DELIVERED_GROWTH) ** at
        expected = laws.COMPLAINT_RATES[at] * delivered / 1_000
        assert np.mean(counts) == pytest.approx(expected, abs=4 * np.sqrt(1.3 * expected / len(many)))
    steps = np.diff(laws.COMPLAINT_RATES)
    assert (steps > 0).tolist() == [False, True, False, False]
    days = pl.concat(one.complaints for one in many).filter(pl.col("opened_on") < date(2015, 1, 1))
    handled = (days["closed_on"] - days["opened_on"]).dt.total_days()
    assert handled.median() == pytest.approx(laws.DAYS_TO_CLOSING[0], rel=0.1)


def test_rooms_are_within_the_limits_as_often_as_said(many: list[Construction]) -> None:
    rooms = pl.concat(
        draw_rooms(one.dwellings, "demo", np.random.default_rng([8, at])) for at, one in enumerate(many[:6])
    )
    within = (rooms["spread"] <= 20).mean()
    assert within == pytest.approx(share_of_spreads_within(), abs=0.025)
    off = [(rooms[f"plan_{at}"] - rooms[f"plan_derived_{1 + (at > 2)}"]).abs() <= 15 for at in range(1, 5)]
    assert np.mean([one.mean() for one in off]) == pytest.approx(share_of_plans_within(), abs=0.004)
    generator = np.random.default_rng(9)
    heights = np.rint(generator.normal(0, 6.5, (200_000, 5)))
    simulated = (np.ptp(heights, axis=1) <= 20).mean()
    assert share_of_spreads_within() == pytest.approx(simulated, abs=0.003)


def test_the_newest_target_of_the_demonstration_is_met_with_few_projects(written: Path) -> None:
    projects = pl.read_parquet(written / "truth" / "projects.parquet")
    newest = projects.filter(pl.col("first_accepted_on") >= date(2015, 10, 1))
    large = newest.filter(pl.col("scale") == "large_medium")
    assert 8 <= large.height <= 14
    assert (large["first_outcome"] == "pass").all()
    assert (newest.filter(pl.col("scale") == "other")["first_outcome"] == "fail").sum() >= 2


def test_the_truth_is_written_beside_the_files(written: Path) -> None:
    rates = pl.read_csv(written / "truth" / "construction_truth.csv")
    assert set(rates["measure"]) == {
        "first_time_rate", "dwelling_rate", "complaint_rate", "height_spread_within", "plan_within",
        "plan_room_within", "days_to_acceptance_median", "days_to_closing_median", "dwelling_icc",
    }  # fmt: skip
    complaints = rates.filter(pl.col("measure") == "complaint_rate").sort("year")["realised"].to_list()
    assert (np.diff(complaints) > 0).tolist() == [False, True, False, False]
    names = {path.name for path in (written / "truth").iterdir()}
    assert names == {
        "construction_truth.csv", "construction_faults.csv", "projects.parquet", "dwellings.parquet",
        "rooms.parquet", "complaints.parquet",
    }  # fmt: skip
    declared = pl.read_csv(written / "raw" / "denominators.csv")
    assert set(declared["denominator"]) == {"dwellings_delivered", "projects"}
    assert sorted(set(declared["year"])) == list(laws.YEARS)


def test_faults_stand_in_rows_of_their_own(written: Path) -> None:
    faults = pl.read_csv(written / "truth" / "construction_faults.csv").filter(pl.col("cause") == "fault")
    rows = faults.group_by("file", "source_row").agg(pl.col("field").n_unique())
    assert (rows["field"] == 1).all()
    assert faults["file"].n_unique() == 18
