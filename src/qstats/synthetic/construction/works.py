"""How are construction works of the synthetic city really accepted? Projects, dwellings, rooms, complaints.

Every project passes its first completion acceptance (竣工验收) with a known probability; the routes after a
failure are those of GB 50300-2013 §5.0.6. Dwellings of one project are alike (beta-binomial). Complaints
per 1,000 dwellings delivered follow a negative binomial law with known rates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from qstats.synthetic.city import COUNTY_SHARES
from qstats.synthetic.construction.names import name_projects

YEARS = (2011, 2012, 2013, 2014, 2015)
PROJECTS_A_YEAR = {
    "tiny": {"large_medium": 6, "other": 16},
    "demo": {"large_medium": 40, "other": 130},
    "large": {"large_medium": 80, "other": 260},
}
FIRST_TIME = {"large_medium": (0.955, 0.006), "other": (0.925, 0.007)}
"""Probability of first-time acceptance in the first year, and what each further year adds."""

COUNTY_SHIFT = {"371525": -0.03, "371526": -0.02, "371502": 0.015, "3715E1": 0.02}
"""What the probability of an *other* project differs by in some counties."""

ROUTES = {"reworked": 0.74, "tested": 0.12, "design_recheck": 0.06, "negotiated": 0.04, "not_accepted": 0.04}
DAYS_TO_ACCEPTANCE = (38.0, 0.55)
"""Median of the log-normal time from the first to the final acceptance, and its standard deviation (log)."""

SECOND_FAILURE = 0.12
"""Share of projects reworked in two rounds: the acceptance half-way fails again."""

RESIDENTIAL = {"large_medium": 0.5, "other": 0.55}
DWELLING_FIRST_TIME = (0.920, 0.925, 0.930, 0.940, 0.945)
DWELLING_ICC = 0.03
REWORKED_DWELLINGS = 0.97
"""Share of the dwellings failed at first that are accepted after rework."""

COMPLAINT_RATES = (6.2, 5.3, 5.7, 4.5, 3.8)
"""Complaints per 1,000 dwellings delivered: they fall in every year but the third."""

COMPLAINT_SHAPE = 40.0
"""Shape of the gamma law of a county's rate in a year: the smaller, the more dispersed."""

COMPLAINT_COUNTY = {"371502": 1.15, "371522": 0.85, "371526": 1.25, "371524": 0.8}
DELIVERED = {"tiny": 3_000, "demo": 19_000, "large": 40_000}
DELIVERED_GROWTH = 0.05
DAYS_TO_CLOSING = (24.0, 1.1)
KINDS = {"渗漏": 0.34, "墙面裂缝": 0.22, "门窗": 0.14, "水电安装": 0.13, "空鼓开裂": 0.1, "其他": 0.07}


@dataclass(frozen=True)
class Construction:
    """What is true: one frame for each table, as at the cutoff; ``rounds`` holds one row per acceptance."""

    projects: pl.DataFrame
    rounds: pl.DataFrame
    dwellings: pl.DataFrame
    complaints: pl.DataFrame
    denominators: pl.DataFrame


def first_time_probability(scale: str, year: int, county: str) -> float:
    """Probability that a project passes its first acceptance."""
    start, step = FIRST_TIME[scale]
    shift = COUNTY_SHIFT.get(county, 0.0) if scale == "other" else 0.0
    return min(start + step * YEARS.index(year) + shift, 1.0)


def draw_construction(size: str, cutoff: date, generator: np.random.Generator) -> Construction:
    """Works of all years as they stand at the cutoff."""
    projects = _draw_projects(PROJECTS_A_YEAR[size], cutoff, generator)
    delivered = _draw_delivered(DELIVERED[size])
    return Construction(
        projects=projects.drop("second_failure_on"),
        rounds=_list_rounds(projects),
        dwellings=_draw_dwellings(projects, generator),
        complaints=_draw_complaints(delivered, projects, cutoff, generator),
        denominators=_declare(delivered, projects),
    )


def _draw_projects(a_year: dict[str, int], cutoff: date, generator: np.random.Generator) -> pl.DataFrame:
    rows = [
        {"scale": scale, "first_accepted_on": day}
        for year in YEARS
        for scale, count in a_year.items()
        for day in _days_of_year(year, count, generator)
    ]
    frame = pl.DataFrame(rows).sort("first_accepted_on", maintain_order=True)
    n = frame.height
    county = generator.choice(list(COUNTY_SHARES), n, p=shares(COUNTY_SHARES.values()))
    years = frame["first_accepted_on"].dt.year().to_list()
    chance = [
        first_time_probability(scale, year, code)
        for scale, year, code in zip(frame["scale"], years, county, strict=True)
    ]
    frame = frame.with_columns(
        pl.Series("county_code", county),
        pl.Series("first_time_probability", chance),
        pl.Series("passed", generator.random(n) < np.array(chance)),
        pl.Series("_route", generator.choice(list(ROUTES), n, p=list(ROUTES.values()))),
        pl.Series("days", days_drawn(DAYS_TO_ACCEPTANCE, n, generator)),
        pl.Series("_again", generator.random(n) < SECOND_FAILURE),
        pl.Series("residential", generator.random(n) < frame["scale"].replace_strict(RESIDENTIAL).to_numpy()),
    )
    return name_projects(_with_outcomes(frame, cutoff))


def _days_of_year(year: int, count: int, generator: np.random.Generator) -> list[date]:
    """Days spread over the year, as many in every quarter within one."""
    quarters = np.array([np.datetime64(f"{year}-{month:02d}-01") for month in (1, 4, 7, 10)])
    start = quarters[np.arange(count) % 4]
    return sorted((start + generator.integers(0, 90, count).astype("timedelta64[D]")).tolist())


def _with_outcomes(frame: pl.DataFrame, cutoff: date) -> pl.DataFrame:
    """Outcome, route and final day; what happens after the cutoff is not known yet."""
    first, accepted = pl.col("first_accepted_on"), pl.col("_route") != "not_accepted"
    due = first + pl.duration(days=pl.col("days"))
    half = first + pl.duration(days=(pl.col("days") / 2).ceil().cast(pl.Int64))
    done = due <= pl.lit(cutoff)
    return frame.with_columns(
        pl.when("passed").then(pl.lit("pass")).otherwise(pl.lit("fail")).alias("first_outcome"),
        pl.when("passed").then(first).when(accepted & done).then(due).alias("final_accepted_on"),
        pl.when("passed").then(pl.lit("first_time")).when(done).then("_route")
        .otherwise(pl.lit("not_accepted")).alias("route"),
        pl.when(~pl.col("passed") & pl.col("_again") & (half < due) & (half <= pl.lit(cutoff)))
        .then(half).alias("second_failure_on"),
    ).drop("passed", "days", "_again", "_route")  # fmt: skip


def _list_rounds(projects: pl.DataFrame) -> pl.DataFrame:
    """One row per acceptance: the first, a second failure, the final one."""
    keep = ["project_id", "project_name", "county_code", "scale", "building_type", "dwellings"]
    failed = pl.col("first_outcome") == "fail"
    later = projects.filter(failed & pl.col("final_accepted_on").is_not_null())
    again = projects.filter(pl.col("second_failure_on").is_not_null())
    return pl.concat(
        [
            frame.select(
                *keep, pl.col(day).alias("accepted_on"), outcome.alias("outcome"), route.alias("route")
            )
            for frame, day, outcome, route in (
                (projects, "first_accepted_on", pl.col("first_outcome"), pl.lit(None, pl.String)),
                (again, "second_failure_on", pl.lit("fail"), pl.lit(None, pl.String)),
                (later, "final_accepted_on", pl.lit("pass"), pl.col("route")),
            )
        ]
    ).sort("accepted_on", "project_id")


def _draw_dwellings(projects: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """One sheet per building of a residential project, some weeks before its first acceptance."""
    precision = (1 - DWELLING_ICC) / DWELLING_ICC
    rows = []
    for project in projects.filter("residential").iter_rows(named=True):
        mean = DWELLING_FIRST_TIME[project["first_accepted_on"].year - YEARS[0]]
        chance = generator.beta(mean * precision, (1 - mean) * precision)
        for number, total in enumerate(project["dwellings_by_building"], start=1):
            inspected = total if generator.random() < 0.9 else total - int(generator.integers(1, 5))
            first = int(generator.binomial(inspected, chance))
            before = int(generator.integers(10, 40))
            rows.append(
                {
                    "project_id": project["project_id"], "project_name": project["project_name"],
                    "building": f"{number}#楼", "county_code": project["county_code"],
                    "first_time_probability": mean,
                    "accepted_on": project["first_accepted_on"] - timedelta(days=before),
                    "dwellings_total": total, "dwellings_accepted": inspected,
                    "dwellings_first_time": first,
                    "dwellings_after_rework": int(generator.binomial(inspected - first, REWORKED_DWELLINGS)),
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def _draw_delivered(city: int) -> pl.DataFrame:
    """Dwellings delivered by year and county, as declared."""
    rows = [
        {"year": year, "county_code": code, "count": round(city * (1 + DELIVERED_GROWTH) ** at * share)}
        for at, year in enumerate(YEARS)
        for code, share in zip(COUNTY_SHARES, shares(COUNTY_SHARES.values()), strict=True)
    ]
    return pl.DataFrame(rows)


def county_effects(codes: Sequence[str], delivered: Sequence[int]) -> np.ndarray:
    """What the rate of complaints is multiplied by in each county: on average over dwellings, 1."""
    effect = np.array([COMPLAINT_COUNTY.get(code, 1.0) for code in codes])
    return effect / np.average(effect, weights=delivered)


def _draw_complaints(
    delivered: pl.DataFrame, projects: pl.DataFrame, cutoff: date, generator: np.random.Generator
) -> pl.DataFrame:
    rows = []
    for (year,), of_year in delivered.group_by("year", maintain_order=True):
        counts = of_year["count"].to_list()
        effects = county_effects(of_year["county_code"].to_list(), counts)
        rate = COMPLAINT_RATES[YEARS.index(int(str(year)))] / 1_000
        for code, count, effect in zip(of_year["county_code"], counts, effects, strict=True):
            expected = rate * effect * count * generator.gamma(COMPLAINT_SHAPE, 1 / COMPLAINT_SHAPE)
            for day in _days_of_year(int(str(year)), int(generator.poisson(expected)), generator):
                rows.append({"county_code": code, "opened_on": day})
    frame = pl.DataFrame(rows).sort("opened_on", "county_code")
    n = frame.height
    closing = frame["opened_on"].to_numpy() + days_drawn(DAYS_TO_CLOSING, n, generator).astype("m8[D]")
    known = pl.col("closed_on") <= pl.lit(cutoff)
    year = pl.col("opened_on").dt.year()
    return frame.with_columns(
        pl.Series("closed_on", closing).cast(pl.Date),
        pl.Series("kind", generator.choice(list(KINDS), n, p=list(KINDS.values()))),
        pl.Series("project_id", _projects_complained_of(frame, projects, generator), dtype=pl.String),
        pl.format("TS{}-{}", year, (pl.int_range(pl.len()).over(year) + 1).cast(pl.String).str.zfill(4))
        .alias("complaint_id"),
    ).with_columns(pl.when(known).then("closed_on").alias("closed_on"))  # fmt: skip


def _projects_complained_of(
    complaints: pl.DataFrame, projects: pl.DataFrame, generator: np.random.Generator
) -> list[str | None]:
    """A residential project of the county for a third of the complaints; none is known for the others."""
    homes = projects.filter("residential")
    of_county = {str(code): part["project_id"].to_list() for (code,), part in homes.group_by("county_code")}
    draws = generator.random((complaints.height, 2))
    return [
        known[int(which * len(known))] if stated < 1 / 3 and (known := of_county.get(code)) else None
        for code, (stated, which) in zip(complaints["county_code"], draws, strict=True)
    ]


def _declare(delivered: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """Denominators for the whole city (no county) and by county."""
    counted = projects.group_by(
        pl.col("first_accepted_on").dt.year().cast(pl.Int64).alias("year"), "county_code"
    ).agg(pl.len().cast(pl.Int64).alias("count"))
    parts = []
    for name, by_county in (("dwellings_delivered", delivered), ("projects", counted)):
        city = by_county.group_by("year").agg(pl.col("count").sum())
        parts += [
            city.select(pl.lit(name).alias("denominator"), "year", pl.lit("").alias("county_code"), "count"),
            by_county.select(pl.lit(name).alias("denominator"), "year", "county_code", "count"),
        ]
    return pl.concat(parts).sort("denominator", "year", "county_code")


def days_drawn(law: tuple[float, float], n: int, generator: np.random.Generator) -> np.ndarray:
    """Whole days, at least one, of a log-normal law (median, standard deviation of the logarithm)."""
    median, sd = law
    return np.maximum(np.round(generator.lognormal(np.log(median), sd, n)), 1).astype(int)


def shares(values: Iterable[float]) -> np.ndarray:
    """Values divided by their sum."""
    array = np.fromiter(values, float)
    return array / array.sum()
