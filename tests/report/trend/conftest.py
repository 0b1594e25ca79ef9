"""Small assessments of trends: a usual city, and those of which little or nothing can be said."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from qstats.periods import Period
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.gather import NOTHING, Gathered
from qstats.report.trend.published import list_stretches
from qstats.trend import Rules, finish_series, series_of_published

POLICY = {
    "on": "2013-12-12",
    "kind": "policy",
    "name": {"zh": "质量意见", "en": "quality opinion"},
    "series": [],
}
LABORATORY = {
    "on": "2012-07-01", "kind": "laboratory", "name": {"zh": "更换承检机构", "en": "new laboratory"},
    "series": ["pass_rate"], "counties": ["371525"],
}  # fmt: skip
RULES = Rules(resamples=99)
MIX = ("enterprise_size",)


def series(
    name: str, rate: np.ndarray, *, seed: int, n: float = 200, last: str = "2015Q4", group: str = "",
    family: str = "binomial", newest_incomplete: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """A drawn series with plain limits."""
    generator = np.random.default_rng(seed)
    drawn = generator.poisson(rate * n) if family == "poisson" else generator.binomial(int(n), rate)
    value = drawn / n
    half = 1.96 * np.sqrt(np.maximum(value * abs(1 - value), 0.005) / n)
    highest = np.inf if family == "poisson" else 1
    periods = [str(one) for one in Period.parse(last).preceding(len(rate))]
    return finish_series(pd.DataFrame({
        "series": name, "group": group, "period": periods, "family": family, "passed": drawn.astype(float),
        "n": float(n), "counted": float(n), "value": value,
        "lower": np.maximum(value - half, 0), "upper": np.minimum(value + half, highest),
        "complete": np.arange(len(rate)) < len(rate) - newest_incomplete,
    }))  # fmt: skip


def course(count: int, slope: float, level: float = 3.0, per_year: int = 4) -> np.ndarray:
    times = np.arange(count) / per_year
    return np.asarray(expit(level + slope * (times - times.mean())))


def cells_of(rows: pd.DataFrame, slope: float) -> pd.DataFrame:
    """Two sizes whose rates rise by a slope while the worse one takes over."""
    parts = []
    for at, row in enumerate(rows.to_dict("records")):
        share, year = 0.1 + 0.8 * at / len(rows), at / row["season"]
        for size, level, weight in (("large", 4.5, 1 - share), ("micro", 2.4, share)):
            n = round(row["n"] * weight) + 1
            parts.append({
                "period": row["period"], "group": row["group"], "enterprise_size": size, "n": n,
                "passes": round(n * expit(level + slope * (year - 3))),
            })  # fmt: skip
    return pd.DataFrame(parts)


def assessment(
    gathered: Gathered, *, interventions: Any = (POLICY,), period: str = "2015Q4", horizon: int = 4
) -> Assessment:
    return Assessment(
        {"zh": "聊城市", "en": "Liaocheng"},
        Period.parse(period),
        date(2016, 1, 31),
        RULES,
        horizon,
        interventions,
        gathered,
    )


@pytest.fixture(scope="session")
def usual() -> Assessment:
    """The rate falls by its mix, dwellings improve, complaints fall, one county has another laboratory."""
    monthly = series("pass_rate", course(72, -0.2, per_year=12), seed=1, last="2015-12", newest_incomplete=2)
    quarterly = series("pass_rate_by_quarter", course(24, -0.2), seed=2, n=600, newest_incomplete=1)
    standard = series("pass_rate_by_quarter", course(24, 0.0), seed=3, n=500, newest_incomplete=1)
    quarterly = quarterly.assign(
        standardised=standard["value"],
        standardised_lower=standard["lower"],
        standardised_upper=standard["upper"],
    )
    moved = np.where(np.arange(24) < 10, 0.84, 0.95)
    counties = [
        series("county_pass_rate", course(24, 0.0), seed=4, group="371502"),
        series("county_pass_rate", moved, seed=5, group="371525", n=150),
        series("county_pass_rate", np.full(24, 0.99), seed=6, group="3715T1", n=12),
    ]
    works = [
        series("first_time_rate", course(20, 0.1), seed=7, n=45),
        series("dwelling_rate", course(20, 0.4, 2.5), seed=8, n=400),
        series(
            "complaint_rate",
            5 * np.exp(-0.15 * np.arange(60) / 12),
            seed=9,
            n=1.6,
            last="2015-12",
            family="poisson",
        ),
        series("satisfaction", np.array([0.7, 0.72, 0.74]), seed=10, last="2015", group="producer").assign(
            family="figure"
        ),
    ]
    table = pd.concat([monthly, quarterly, *counties, *works], ignore_index=True)
    mixes = [standard.assign(mix=mix) for mix in ("first_year", "last_year", "average")]
    return assessment(
        Gathered(
            table, {"pass_rate": (cells_of(monthly, 0.0), MIX)}, {"pass_rate": pd.concat(mixes)},
            sources={"pass_rate": ("a", "b")}, per=1000,
        ),
        interventions=[POLICY, LABORATORY],
    )  # fmt: skip


@pytest.fixture(scope="session")
def broken() -> Assessment:
    """The level of the pass rate dropped in 2013, that of projects a short while ago."""
    monthly = series("pass_rate", np.where(np.arange(72) < 30, 0.98, 0.91), seed=11, n=300, last="2015-12")
    quarterly = series("pass_rate_by_quarter", np.where(np.arange(24) < 10, 0.98, 0.91), seed=12, n=900)
    projects = series("first_time_rate", np.where(np.arange(24) < 19, 0.97, 0.8), seed=13, n=150)
    return assessment(Gathered(pd.concat([monthly, quarterly, projects], ignore_index=True)))


@pytest.fixture(scope="session")
def nothing() -> Assessment:
    return assessment(NOTHING)


@pytest.fixture(scope="session")
def short() -> Assessment:
    """Half a year, and nothing that failed."""
    monthly = series("pass_rate", np.full(6, 0.95), seed=14, last="2015-12", newest_incomplete=1)
    quarterly = series("pass_rate_by_quarter", np.full(2, 0.95), seed=15)
    spotless = series("dwelling_rate", np.ones(20), seed=16)
    return assessment(Gathered(pd.concat([monthly, quarterly, spotless], ignore_index=True)))


@pytest.fixture(scope="session")
def published() -> Assessment:
    """Series that others published only, one of them cut by a change of definition."""
    plain = series("nat", np.linspace(0.8, 0.9, 10), seed=17, n=5000, last="2015").assign(
        family="figure", n=np.nan, counted=np.nan
    )
    counted = series("prov", np.linspace(0.8, 0.9, 10), seed=18, n=5000, last="2015")
    cut = [
        series("cut", np.full(5, 0.8), seed=19, last=last, group=group)
        for last, group in (("2010", "1"), ("2015", "2"))
    ]
    labels = {
        name: {"zh": f"公布的{name}合格率", "en": f"published {name} rate"} for name in ("nat", "prov", "cut")
    }
    facts = pd.DataFrame(
        [
            ("nat", "", "", ""), ("prov", "", "", ""), ("cut", "1", "", ""),
            ("cut", "2", "改按批次计", "Counted in batches"),
        ],
        columns=["series", "group", "break_note_zh", "break_note_en"],
    ).assign(
        measure="pass_rate", unit="proportion", rounded_to=0.001, issuer="国家机构", basis_zh="不加权",
        basis_en="unweighted",
    )  # fmt: skip
    return assessment(
        Gathered(pd.concat([plain, counted, *cut], ignore_index=True), labels=labels, published=facts),
        interventions=[],
    )


@pytest.fixture(scope="session")
def patients() -> Assessment:
    """Shares in whole per cent without numbers, by years that end in September; one leans by itself only."""
    generator = np.random.default_rng(21)
    names = [f"S{at}" for at in range(5)]
    falling = np.array([0.82, 0.82, 0.81, 0.82, 0.81, 0.81, 0.80, 0.81, 0.80])
    values = [falling, *(np.round(0.75 + generator.normal(0, 0.01, 9), 2) for _ in names[1:])]
    rows = pd.concat([
        pd.DataFrame({
            "series": name, "period_start": [f"{2013 + at}-10-01" for at in range(9)],
            "period_end": [f"{2014 + at}-09-30" for at in range(9)], "value": own, "unit": "proportion",
            "n": np.nan, "events": np.nan, "segment": 1, "measure": "satisfied_share", "rounded_to": 0.01,
            "issuer": "Centers", "basis_zh": "取整", "basis_en": "rounded",
            "break_note_zh": None, "break_note_en": None,
        })
        for name, own in zip(names, values, strict=True)
    ])  # fmt: skip
    labels = {name: {"zh": f"满意度{name}", "en": f"share {name}"} for name in names}
    return assessment(
        Gathered(series_of_published(rows), labels=labels, published=list_stretches(rows)), interventions=[],
        period="2022Q3",
    )  # fmt: skip


CASES = ("usual", "broken", "nothing", "short", "published", "patients")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Assessment:
    """Each of the small assessments."""
    found: Assessment = request.getfixturevalue(request.param)
    return found
