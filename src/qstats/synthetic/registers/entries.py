"""Which entries do the registers of the synthetic city really hold? Things, their awards, how they end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from qstats.synthetic.registers import names
from qstats.synthetic.registers.laws import AREA_OF_BASE, DAYS_A_YEAR, LAWS, Law

Row = dict[str, Any]
EARLY = 60
"""Days before the end of validity within which a renewal is granted."""

RENEWED_EARLY = 0.4
LARGE_OFFICERS = 0.62
"""Share of the chief quality officers who serve in large and medium enterprises."""

TWO_DRAFT = 0.15
"""Share of the standards that two units draft together."""

ENTRIES: dict[str, pl.DataType] = {
    "entry": pl.Int64(), "thing": pl.Int64(), "register": pl.String(), "name": pl.String(),
    "number": pl.String(), "holder": pl.String(), "holder_code": pl.String(), "county_code": pl.String(),
    "awarded_on": pl.Date(), "valid_until": pl.Date(), "withdrawn_on": pl.Date(), "grade": pl.String(),
    "department": pl.String(), "quantity": pl.Float64(),
}  # fmt: skip
"""Columns of the true entries; ``thing`` numbers what is registered, over all registers."""

MILESTONE = {
    "register": "milestone", "name": "全国质量强市示范城市创建", "holder": "聊城市人民政府",
    "awarded_on": date(2015, 11, 30), "grade": "approved", "department": "市质监局", "county_code": None,
}  # fmt: skip
"""The one step on record: the city may build towards the title, which it does not have."""


@dataclass(frozen=True)
class Holder:
    """An enterprise that may hold an entry."""

    name: str
    code: str | None
    county: str | None
    size: str
    product_class: str
    town: str


def draw_entries(
    enterprises: pl.DataFrame, size: str, cutoff: date, generator: np.random.Generator
) -> pl.DataFrame:
    """Entries of all registers awarded until the cutoff (``ENTRIES``), as they stand then."""
    holders = [
        Holder(
            one["enterprise_name"],
            one["credit_code"] if one["takes_credit_code"] else one["organisation_code"],
            one["county_code"], one["enterprise_size"], one["product_class"], one["town"],
        )
        for one in enterprises.iter_rows(named=True)
    ]  # fmt: skip
    rows: list[Row] = []
    for law in LAWS:
        things = _draw_things(law, size, cutoff, holders, generator)
        for thing, first in things:
            rows += _awards(law, thing, first, cutoff, generator)
    rows.append(MILESTONE | {"thing": len(rows) + 10**6})
    frame = pl.DataFrame([row for row in rows if row["awarded_on"] <= cutoff], infer_schema_length=None)
    frame = frame.with_columns(pl.col("thing").rank("dense").cast(pl.Int64) - 1).sort(
        "awarded_on", "register", "thing", maintain_order=True
    )
    return frame.with_row_index("entry").select(pl.col(name).cast(dtype) for name, dtype in ENTRIES.items())


def _draw_things(
    law: Law, size: str, cutoff: date, holders: list[Holder], generator: np.random.Generator
) -> Iterator[tuple[Row, date]]:
    """Things of a register with the day of their first award, in the order of these days."""
    start = date(law.since, 1, 1)
    days = (cutoff - start).days + 1
    count = int(generator.poisson(law.rate * law.share(size) * days / DAYS_A_YEAR))
    firsts = np.sort(generator.integers(0, days, count))
    grades = (
        generator.choice(list(law.grades), count, p=list(law.grades.values()))
        if law.grades
        else [None] * count
    )
    chosen = _choose_holders(law, count, holders, generator)
    number = LAWS.index(law) * 100_000
    for at, (day, grade, holder) in enumerate(zip(firsts, grades, chosen, strict=True)):
        first = start + timedelta(days=int(day))
        thing = _name(law, at, first, None if grade is None else str(grade), holder, generator)
        yield thing | {"thing": number + at, "register": law.code, "department": law.department}, first


def _choose_holders(
    law: Law, count: int, holders: list[Holder], generator: np.random.Generator
) -> list[Holder]:
    """Who holds each thing: each enterprise once as far as there are enough."""
    pool = [one for one in holders if one.product_class == "food"] if law.kind == "farm" else holders
    order = [pool[at] for at in generator.permutation(len(pool))]
    if law.kind != "officer":
        return [order[at % len(order)] for at in range(count)]
    large = [one for one in order if one.size in ("large", "medium")]
    other = [one for one in order if one.size not in ("large", "medium")]
    picks = generator.random(count) < LARGE_OFFICERS
    ranks = np.where(picks, np.cumsum(picks), np.cumsum(~picks)) - 1
    return [
        (large if pick else other)[int(rank) % len(large if pick else other)]
        for pick, rank in zip(picks, ranks, strict=True)
    ]


def _name(
    law: Law, at: int, first: date, grade: str | None, holder: Holder, generator: np.random.Generator
) -> Row:
    """What a thing is called and who holds it."""
    held: Row = {
        "holder": holder.name, "holder_code": holder.code, "county_code": holder.county, "grade": grade,
        "name": None, "number": None, "quantity": None, "second": None,
    }  # fmt: skip
    if law.kind == "mark":
        return held | {"name": names.name_mark(at), "number": str(1_000_000 + 977 * at + 31 * first.year)}
    if law.kind == "product":
        return held | {"name": names.name_product(at, holder.product_class)}
    if law.kind == "farm":
        animal = law.code == "pollution_free_livestock"
        return held | {"name": names.name_farm_product(at, animal), "number": f"LC-{first.year}-{at + 1:04d}"}
    if law.kind == "work":
        return held | {"name": names.name_work(at), "holder": names.name_builder(at), "holder_code": None}
    if law.kind == "standard":
        second = names.name_cooperative(at, holder.town) if generator.random() < TWO_DRAFT else None
        return held | {
            "name": names.name_standard(at, holder.product_class), "second": second,
            "number": names.number_standard(at, grade or "", first.year),
        }  # fmt: skip
    if law.kind in ("person", "officer"):
        size = holder.size if law.kind == "officer" else grade
        return held | {"name": names.name_person(at), "grade": size}
    if law.kind == "base":
        median, sd = AREA_OF_BASE
        area = round(float(generator.lognormal(np.log(median), sd)), 2)
        return held | {
            "name": names.name_base(at, holder.town), "holder": names.name_cooperative(at, holder.town),
            "holder_code": None, "quantity": area if law.code == "standard_base" else None,
        }  # fmt: skip
    return held


def _awards(law: Law, thing: Row, first: date, cutoff: date, generator: np.random.Generator) -> Iterator[Row]:
    """Awards of a thing: the first, and renewals for as long as they come; a withdrawal ends it."""
    hazard = law.withdrawn / DAYS_A_YEAR
    life = generator.exponential(1 / hazard) if hazard else np.inf
    gone = first + timedelta(days=int(life)) if life < 20 * DAYS_A_YEAR else date.max
    awarded, begins = first, first
    second = thing.pop("second")
    while awarded <= cutoff and awarded <= gone:
        until = None if law.term is None else _years_later(begins, law.term) - timedelta(days=1)
        withdrawn = gone if gone <= cutoff and (until is None or gone <= until) else None
        row = thing | {"awarded_on": awarded, "valid_until": until, "withdrawn_on": withdrawn}
        if law.kind == "report":
            row |= {"name": f"{awarded.year - 1}年度质量报告", "thing": thing["thing"] + 10**7 * awarded.year}
        yield row
        if second:
            yield row | {"holder": second, "holder_code": None}
        if until is None or generator.random() >= law.renewal:
            return
        begins = until + timedelta(days=1)
        early = law.term != 1 and generator.random() < RENEWED_EARLY
        awarded = begins - timedelta(days=int(generator.integers(1, EARLY)) if early else 0)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
