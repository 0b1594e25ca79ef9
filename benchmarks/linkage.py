"""How well and how fast are records of 50,000 enterprises in nine departments' files linked?

    python benchmarks/linkage.py [--check] [--enterprises 50000] [--seed 1]

Precision and recall are counted over pairs of records: all, and those that codes cannot decide, as one of the
two records states no valid code. Beside them stands what codes and equal names in a county alone would find,
and how many records of each kind of enterprise stand where most of its records do, or with those of another.
``--check`` fails below precision 0.99 or recall 0.95, or above three minutes.
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
from qstats.linkage.mentions import describe_mentions, gather_rows, number_mentions
from qstats.schemas import ENTERPRISE_RECORDS
from qstats.sources import read_layouts
from qstats.synthetic.enterprise_records.events import draw_records
from qstats.synthetic.enterprise_records.files import HEADS, write_cells
from qstats.synthetic.enterprise_records.population import describe, draw_population, with_look_alikes
from qstats.synthetic.write import CUTOFF

PRECISION, RECALL, SECONDS = 0.99, 0.95, 180.0
OTHERS_CODE, FILLED = 0.003, 0.05
"""Shares of the stated codes that are another enterprise's, and of the missing ones filled with zeros."""


def make_records(count: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean records of a synthetic register, and the true enterprise of each record with its kind."""
    generator = np.random.default_rng([seed, 50])
    population = with_look_alikes(describe(draw_population(count, generator), generator), generator)
    true = draw_records(population["effect"].to_numpy(), generator)
    written = _with_wrong_codes(write_cells(population, true, generator), population, generator)
    cells = pl.DataFrame(written).with_columns(
        pl.col(pl.String).replace("", None), true["department"], true["enterprise"],
        pl.int_range(1, len(true) + 1).alias("source_row"),
    )  # fmt: skip
    layouts = read_layouts()
    parts = [_clean(cells, department, layouts[f"records_{department}"]) for department in HEADS]
    records = pl.concat(parts).select(list(ENTERPRISE_RECORDS))
    kind = pl.coalesce("look_alike", *(
        pl.when(pl.col(old) != pl.col(now)).then(pl.lit(name))
        for name, old, now in (("renamed", "old_name", "enterprise_name"),
                               ("moved", "old_address", "address"), ("new head", "old_head", "legal_person"))
    ), pl.lit("plain"))  # fmt: skip
    kinds = population.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("enterprise"), kind.alias("kind"))
    truth = records.select("record_id", "source_row").join(
        cells.select("source_row", "enterprise"), on="source_row"
    )
    return records, truth.select("record_id", "enterprise").join(kinds, on="enterprise")


def _with_wrong_codes(
    cells: list[dict[str, str]], population: pl.DataFrame, generator: np.random.Generator
) -> list[dict[str, str]]:
    """Some rows state the code of another enterprise, or zeros, which have a right check character."""
    codes = population["organisation_code"].to_list()
    for row in cells:
        if row["enterprise_code"] and generator.random() < OTHERS_CODE:
            row["enterprise_code"] = codes[int(generator.integers(len(codes)))]
        elif not row["enterprise_code"] and generator.random() < FILLED:
            row["enterprise_code"] = "000000000"
    return cells


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


def link_by_equality(records: pl.DataFrame) -> pl.DataFrame:
    """The plain rule for comparison: equal codes, else equal core of the name in one county."""
    rows = number_mentions(gather_rows({"enterprise_records": records}))
    told = describe_mentions(rows).select("mention", "core", "branch", "base", pl.col("code").alias("_code"))
    named = (
        told.filter(pl.col("_code").is_not_null())
        .group_by("core", "branch", "base")
        .agg(pl.col("_code").n_unique().alias("n"), pl.col("_code").first().alias("of_name"))
    )
    joined = told.join(named.filter(pl.col("n") == 1), on=["core", "branch", "base"], how="left")
    name = pl.format("{}|{}|{}", *(pl.col(one).fill_null("") for one in ("core", "branch", "base")))
    placed = joined.with_columns(pl.coalesce("_code", "of_name", name).alias("enterprise_id"))
    return rows.join(placed, on="mention").select(pl.col("record_key").alias("record_id"), "enterprise_id")


def by_kind(truth: pl.DataFrame, links: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Records without a code by kind of enterprise: share beside most of their own, and among another's."""
    placed = truth.join(links.select("record_id", "enterprise_id"), on="record_id")
    counted = (
        placed.group_by("enterprise", "enterprise_id").len().sort("len", "enterprise_id", descending=True)
    )
    home = counted.unique("enterprise", keep="first", maintain_order=True)
    owner = counted.unique("enterprise_id", keep="first", maintain_order=True)
    found = (
        placed.join(home.select("enterprise", pl.col("enterprise_id").alias("home")), on="enterprise")
        .join(owner.select("enterprise_id", pl.col("enterprise").alias("owner")), on="enterprise_id")
        .join(records.filter(pl.col("enterprise_code").is_null()).select("record_id"), on="record_id")
    )
    return found.group_by("kind").agg(
        pl.len().alias("records"), (pl.col("enterprise_id") == pl.col("home")).mean().alias("with their own"),
        (pl.col("enterprise") != pl.col("owner")).sum().alias("with another's"),
    ).sort("kind")  # fmt: skip


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
    plain = measure(records, truth, link_by_equality(records))
    print(
        f"equal codes and names alone: precision {plain['precision']:.4f}, recall {plain['recall']:.4f}; "
        f"without usable codes {plain['precision_uncoded']:.4f}, {plain['recall_uncoded']:.4f}"
    )
    for row in by_kind(truth, links, records).iter_rows():
        print("  {:12} {:7,} records without a code, {:.4f} with their own, {} with another's".format(*row))
    print(register.link_review.group_by("reason").len().sort("reason").rows())
    print(f"{seconds:.1f} s")
    good = found["precision"] >= PRECISION and found["recall"] >= RECALL and seconds < SECONDS
    return 0 if good or not told.check else 1


if __name__ == "__main__":
    sys.exit(main())
