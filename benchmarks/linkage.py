"""How well and how fast are records of 50,000 enterprises in nine departments' files linked?

    python benchmarks/linkage.py [--check] [--enterprises 50000] [--seed 1]

Precision and recall are counted over pairs of records: all, and those that codes cannot decide, as
one of the two records states no valid code. ``--check`` fails below precision 0.99 or recall 0.95, or above
three minutes.
"""

import argparse
import sys
import time

import numpy as np
import polars as pl

from qstats.cleaning.enterprise_records import clean_enterprise_records
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.streams import StreamSetting
from qstats.linkage import build_register
from qstats.schemas import ENTERPRISE_RECORDS
from qstats.sources import read_layouts
from qstats.synthetic.enterprise_records.events import draw_records
from qstats.synthetic.enterprise_records.files import HEADS, write_cells
from qstats.synthetic.enterprise_records.population import describe, draw_population
from qstats.synthetic.write import CUTOFF

PRECISION, RECALL, SECONDS = 0.99, 0.95, 180.0


def make_records(count: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean records of a synthetic register, and the true enterprise of each record."""
    generator = np.random.default_rng([seed, 50])
    population = describe(draw_population(count, generator), generator)
    true = draw_records(population["effect"].to_numpy(), generator)
    cells = pl.DataFrame(write_cells(population, true, generator)).with_columns(
        pl.col(pl.String).replace("", None), true["department"], true["enterprise"],
        pl.int_range(1, len(true) + 1).alias("source_row"),
    )  # fmt: skip
    layouts = read_layouts()
    parts = [_clean(cells, department, layouts[f"records_{department}"]) for department in HEADS]
    records = pl.concat(parts).select(list(ENTERPRISE_RECORDS))
    truth = records.select("record_id", "source_row").join(
        cells.select("source_row", "enterprise"), on="source_row"
    )
    return records, truth.select("record_id", "enterprise")


def _clean(cells: pl.DataFrame, department: str, layout: object) -> pl.DataFrame:
    raw = cells.filter(pl.col("department") == department).drop("department", "enterprise")
    setting = StreamSetting(layout, f"{department}.csv", department, 2015, CUTOFF)
    return clean_enterprise_records(raw, setting, IssueLog(department, "enterprise_records"))[
        "enterprise_records"
    ]


def measure(records: pl.DataFrame, truth: pl.DataFrame, links: pl.DataFrame) -> dict[str, float]:
    """Precision and recall over pairs of records."""
    placed = truth.join(links.select("record_id", "enterprise_id"), on="record_id").join(
        records.select("record_id", pl.col("enterprise_code").is_not_null().alias("coded")), on="record_id"
    )
    coded = placed.filter("coded")
    counted = {}
    for name, keys in (
        ("found", ["enterprise_id"]),
        ("true", ["enterprise"]),
        ("right", ["enterprise_id", "enterprise"]),
    ):
        counted[name] = _pairs(placed, keys)
        counted[f"{name}_uncoded"] = counted[name] - _pairs(coded, keys)
    return {
        "precision": counted["right"] / counted["found"], "recall": counted["right"] / counted["true"],
        "precision_uncoded": counted["right_uncoded"] / counted["found_uncoded"],
        "recall_uncoded": counted["right_uncoded"] / counted["true_uncoded"],
        "pairs": counted["true"], "pairs_uncoded": counted["true_uncoded"],
    }  # fmt: skip


def _pairs(rows: pl.DataFrame, keys: list[str]) -> int:
    return int(
        rows.group_by(keys)
        .len()
        .select((pl.col("len").cast(pl.Int64) * (pl.col("len").cast(pl.Int64) - 1) // 2).sum())
        .item()
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--enterprises", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    records, truth = make_records(told.enterprises, told.seed)
    start = time.perf_counter()
    register = build_register({"enterprise_records": records})
    seconds = time.perf_counter() - start
    links = register.enterprise_links.rename({"record_key": "record_id"})
    found = measure(records, truth, links)
    print(
        f"{told.enterprises:,} enterprises, {records.height:,} records, "
        f"{register.enterprises.height:,} enterprises found, {register.link_review.height:,} pairs for review"
    )
    print(f"all pairs ({found['pairs']:,}): precision {found['precision']:.4f}, recall {found['recall']:.4f}")
    print(
        f"pairs without usable codes ({found['pairs_uncoded']:,}): precision "
        f"{found['precision_uncoded']:.4f}, recall {found['recall_uncoded']:.4f}"
    )
    print(register.link_review.group_by("reason").len().sort("reason").rows())
    print(f"{seconds:.1f} s")
    good = found["precision"] >= PRECISION and found["recall"] >= RECALL and seconds < SECONDS
    return 0 if good or not told.check else 1


if __name__ == "__main__":
    sys.exit(main())
