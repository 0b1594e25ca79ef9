"""Small registers and denominators, as stage one hands them on: awards at known days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from qstats.schemas import DENOMINATORS, PUBLISHED_SERIES, REGISTERS

LAST_AWARD = date(2015, 11, 1)


def make_entries(
    register: str, days: Sequence[date | None], *, years: int | None = None, **columns: Any
) -> pl.DataFrame:
    """An entry of a holder of its own for each day; a column is one value for all, or a list."""
    rows = []
    for at, day in enumerate(days):
        own = {name: value[at] if isinstance(value, list) else value for name, value in columns.items()}
        until = day.replace(year=day.year + years, day=min(day.day, 28)) if years and day else None
        usual = {
            "entry_id": f"{register}-{at}", "source_id": f"book-{register}", "source_row": at + 2,
            "register": register, "thing_id": f"{register}-{at}", "name": f"第{at}项", "holder": f"甲{at}厂",
            "holder_id": f"name:甲{at}厂", "awarded_on": day, "award_stated": "day" if day else None,
            "valid_until": until, "ending": "dated" if until else "none_stated",
        }  # fmt: skip
        rows.append(dict.fromkeys(REGISTERS) | usual | own)
    return pl.DataFrame(rows, schema=REGISTERS)


def spread(n: int, first: date, last: date) -> list[date]:
    """So many days evenly from a first to a last one."""
    step = (last - first).days / max(n - 1, 1)
    return [first + timedelta(days=round(at * step)) for at in range(n)]


def make_denominators(*rows: tuple[str, int, int]) -> pl.DataFrame:
    """Declared counts of the whole place: name, year, count."""
    full = [(name, year, None, count) for name, year, count in rows]
    return pl.DataFrame(full, schema=DENOMINATORS, orient="row")


def make_series(*rows: tuple[str, date, float, int | None, int | None]) -> pl.DataFrame:
    """Published figures: series, last day, value, n, events."""
    full = [
        dict.fromkeys(PUBLISHED_SERIES)
        | {"series": series, "period_end": day, "value": value, "n": n, "events": events}
        | {"unit": "proportion", "segment": 1, "source_id": "published"}
        for series, day, value, n, events in rows
    ]  # fmt: skip
    return pl.DataFrame(full, schema=PUBLISHED_SERIES)


def make_city_registers() -> pl.DataFrame:
    """Registers in which some targets are met, some missed, some open by the end of 2015."""
    d = date

    def even(n: int, first: date, last: date = LAST_AWARD) -> list[date | None]:
        return [*spread(n, first, last)]

    experts = ["well_known"] * 110 + ["national"] * 10
    return pl.concat([
        make_entries("national_trademark", even(24, d(2007, 5, 1))),
        make_entries("provincial_trademark", even(104, d(2012, 1, 15), d(2015, 9, 1)), years=5),
        make_entries("pollution_free_livestock", even(161, d(2013, 1, 9)), years=3),
        make_entries("three_products", even(430, d(2010, 3, 1)), grade=["pollution_free", "green"] * 215),
        make_entries("taishan_cup", even(7, d(2014, 1, 20))),
        make_entries("structure_cup", even(33, d(2012, 11, 1))),
        make_entries("service_brand", even(14, d(2013, 2, 1)), years=3),
        make_entries("provincial_brand_product", even(90, d(2012, 12, 1)), years=4),
        make_entries("governor_quality_award", even(4, d(2010, 3, 1))),
        make_entries("adopted_standard", even(66, d(2013, 6, 1))),
        make_entries("drafted_standard", even(100, d(2010, 3, 1)), grade="national"),
        make_entries("good_conduct", even(82, d(2010, 3, 1)), grade=["AAAA", "AAA"] * 40 + ["AA", None]),
        make_entries("standard_base", even(30, d(2010, 3, 1)), quantity=12.3),
        make_entries("chief_quality_officer", even(150, d(2014, 1, 5)), grade=["large", "medium"] * 75),
        make_entries("quality_expert", even(120, d(2010, 3, 1)), grade=experts),
        make_entries("milestone", [d(2015, 11, 30)], name="获批创建全国质量强市示范城市"),
    ])  # fmt: skip
