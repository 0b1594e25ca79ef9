"""Which incidents happen in the demonstration city, what do assessors enter, what is appealed and decided?

Both files are kept by the bureau itself and hold no faults: a fault in them stops a run, which tests show.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from qstats.schemas import ASSESSMENT_EVIDENCE, INCIDENTS
from qstats.scheme_registry import Item, Scheme, read_scheme
from qstats.synthetic.city import COUNTY_SHARES

STREAM = 18
"""Keeps these draws apart from those of the other files."""

SCHEMES = ("county_30_50_20", "state_council_2013_47")
YEARS = ((date(2013, 7, 1), date(2014, 6, 30)), (date(2014, 7, 1), date(2015, 6, 30)))
_REPORTED = (
    ("2013-11-05", "371522", "engineering", "single", "considerable", "confirmed", "县安监局",
    "工地模板坍塌"), ("2014-02-18", "371581", "product", "single", "general", "confirmed", "市质监局",
    "电热毯漏电伤人"), ("2014-08-21", "371525", "product", "regional", "considerable", "confirmed",
    "市质监局", "轴承钢球成批开裂"), ("2014-10-09", "371502", "food", "single", "considerable", "confirmed",
    "市食药监局", "食堂集体腹泻"), ("2014-12-30", "371526", "equipment", "regional", "considerable",
    "withdrawn", "县质监局", "锅炉事故，经查不属质量原因"), ("2015-03-12", "371521", "engineering",
    "single", "major", "under_investigation", "县住建局", "脚手架垮塌"), ("2015-05-20", "371523", "service",
    "single", "general", "confirmed", "市商务局", "快递爆仓致货物损毁"), ("2015-09-14", "371524", "product",
    "single", "considerable", "confirmed", "市质监局", "化肥养分不足致减产"),
)  # fmt: skip
NOT_ENTERED = 0.06
"""Share of items by evidence for which a county sends nothing."""

APPEALS = (
    ("371581", "accepted", "漏计县政府专项经费文件"), ("371523", "rejected", "材料超过截止日期"),
    ("371524", "pending", "补交质量月活动材料"),
)  # fmt: skip


def write_assessment(folder: Path, truth: Path, *, seed: int, size: str = "demo") -> None:
    """Write ``incidents.csv`` and ``assessment_evidence.csv``; they are the same at every size.

    Parameters
    ----------
    folder, truth : Path
        Raw folder of the run; folder of the truth, which gets nothing: the files are true.
    seed : int
    size : str
    """
    generator = np.random.default_rng([seed, STREAM])
    _list_incidents().drop("source_row").write_csv(folder / "incidents.csv")
    draw_evidence(generator).drop("source_row").write_csv(folder / "assessment_evidence.csv")


def _list_incidents() -> pl.DataFrame:
    rows = [
        {
            "incident_id": f"SG{at:03d}", "source_row": at + 1, "county_code": county,
            "occurred_on": date.fromisoformat(day),
            "reported_on": date.fromisoformat(day) + timedelta(days=2),
            "area": area, "extent": extent, "grade": grade, "deaths": 0, "injured": at % 4, "loss": 12.5 * at,
            "status": status, "reported_by": office, "description": what,
        }
        for at, one in enumerate(_REPORTED, start=1)
        for day, county, area, extent, grade, status, office, what in [one]
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INCIDENTS)


def draw_evidence(generator: np.random.Generator) -> pl.DataFrame:
    """Points entered for each county, item by evidence, year and scheme, with appeals on the last year."""
    rows: list[dict[str, object]] = []
    for scheme in map(read_scheme, SCHEMES):
        items = [item for item in scheme.items if item.formula == "evidence"]
        for window in YEARS:
            for county in COUNTY_SHARES:
                for item in items:
                    if generator.random() >= NOT_ENTERED:
                        points = _points(item, generator)
                        rows.append(
                            _entry(scheme, window, county, item.code, "evidence", points, len(rows), 20)
                        )
        rows += _appeal(scheme, items[0], len(rows))
    table = pl.DataFrame(rows, schema=ASSESSMENT_EVIDENCE)
    return table.with_columns(pl.int_range(2, pl.len() + 2).alias("source_row"))


def _points(item: Item, generator: np.random.Generator) -> float:
    return round(item.points * generator.beta(9, 2) * 2) / 2


def _appeal(scheme: Scheme, item: Item, at: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for county, decision, reason in APPEALS:
        place = at + len(rows)
        number = f"KH{place + 1:04d}"
        own = (scheme, YEARS[-1], county, item.code)
        rows.append(_entry(*own, "appeal", item.points, place, 45, reason=reason))
        if decision != "pending":
            granted = item.points if decision == "accepted" else 0.0
            rows.append(
                _entry(
                    *own, "decision", granted, place + 1, 60,
                    reason=f"复核：{reason}", refers_to=number, status=decision, author="考核办公室",
                )
            )  # fmt: skip
    return rows


def _entry(
    scheme: Scheme, window: tuple[date, date], county: str, item: str, kind: str, points: float, at: int,
    days: int, *, reason: str = "按报送材料评定", refers_to: str | None = None, status: str | None = None,
    author: str | None = None,
) -> dict[str, object]:  # fmt: skip
    return {
        "evidence_id": f"KH{at + 1:04d}", "source_row": None, "scheme": scheme.id, "item": item, "kind": kind,
        "year": f"{window[0]}/{window[1]}", "county_code": county, "points": points,
        "stated_on": window[1] + timedelta(days=days),
        "author": author or ("考核组" if kind == "evidence" else "县质监局"), "reason": reason,
        "refers_to": refers_to, "status": status or ("accepted" if kind == "evidence" else "pending"),
    }  # fmt: skip
