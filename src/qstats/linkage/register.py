"""Which enterprises are there, which rows speak of each, and what should a clerk look at?"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from qstats.linkage.clusters import Clusters, cluster_mentions, find_asides
from qstats.linkage.decisions import Decided, latest_decisions, resolve_decisions
from qstats.linkage.mentions import LINKED_TABLES, describe_mentions, gather_rows, number_mentions
from qstats.linkage.scores import score_pairs
from qstats.schemas import ENTERPRISE_LINKS, ENTERPRISES, LINK_DECISIONS, LINK_REVIEW
from qstats.schemas.enterprises import STATED

__all__ = ["LINKED_TABLES", "Register", "build_register", "empty_register"]

_TOLD = ("enterprise_name", "credit_code", "county_code", "address", "legal_person", "industry",
         "enterprise_size")  # fmt: skip


@dataclass(frozen=True)
class Register:
    """Enterprises, the rows that speak of each, and pairs for a clerk."""

    enterprises: pl.DataFrame
    enterprise_links: pl.DataFrame
    link_review: pl.DataFrame


def empty_register() -> Register:
    """The register of a run that no department sent records to."""
    return Register(
        pl.DataFrame(schema=ENTERPRISES), pl.DataFrame(schema=ENTERPRISE_LINKS),
        pl.DataFrame(schema=LINK_REVIEW),
    )  # fmt: skip


def build_register(tables: Mapping[str, pl.DataFrame], decisions: pl.DataFrame | None = None) -> Register:
    """Register of the enterprises that the rows of a run name.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``enterprise_records`` and the other tables of `LINKED_TABLES`.
    decisions : DataFrame, optional
        Clerical decisions (`LINK_DECISIONS`).

    Returns
    -------
    Register
        Empty, and without any cost, where ``enterprise_records`` has no rows.
    """
    if tables["enterprise_records"].is_empty():
        return empty_register()
    made = latest_decisions(pl.DataFrame(schema=LINK_DECISIONS) if decisions is None else decisions)
    rows = number_mentions(gather_rows(tables))
    mentions = describe_mentions(rows)
    decided = resolve_decisions(made, dict(mentions.select("key", "mention").iter_rows()))
    aside, conflicts = find_asides(mentions)
    mentions = mentions.with_columns(pl.Series("aside", aside, pl.Boolean))
    pairs = score_pairs(mentions.filter(~pl.col("aside")))
    clusters = cluster_mentions(mentions, pairs, decided)
    placed = _with_ids(rows, mentions, clusters)
    review = _list_for_review(_find_doubts(pairs, conflicts, clusters, decided), mentions, made)
    return Register(_describe(placed, tables), _links(placed, clusters), review)


def _with_ids(rows: pl.DataFrame, mentions: pl.DataFrame, clusters: Clusters) -> pl.DataFrame:
    """Rows with ``cluster`` and ``enterprise_id``: the code of most rows, else the smallest key."""
    cluster = pl.Series("cluster", [clusters.find(one) for one in range(mentions.height)], pl.Int64)
    of_mention = mentions.select("mention", "aside").with_columns(cluster)
    placed = rows.join(of_mention, on="mention", how="left", maintain_order="left")
    coded = placed.filter(pl.col("code").is_not_null() & ~pl.col("aside"))
    counted = coded.group_by("cluster", "code").agg(pl.len().alias("n"))
    # One code for each cluster, and one cluster for each code: a clerk may have split it.
    own = counted.sort(["n", "code", "cluster"], descending=[True, False, False])
    own = own.unique("cluster", keep="first", maintain_order=True)
    own = own.unique("code", keep="first", maintain_order=True)
    first = placed.group_by("cluster").agg(pl.col("key").min().alias("first"))
    return (
        placed.join(own.select("cluster", pl.col("code").alias("own")), on="cluster", how="left")
        .join(first, on="cluster", how="left")
        .with_columns(
            pl.when(pl.col("own").is_not_null()).then(pl.format("org:{}", "own"))
            .otherwise(pl.format("rec:{}", "first")).alias("enterprise_id")
        )
        .sort("table", "record_key")
    )  # fmt: skip


def _links(placed: pl.DataFrame, clusters: Clusters) -> pl.DataFrame:
    """Every row once, with what linked it."""
    kinds = pl.DataFrame(
        [(one, kind, clusters.probability.get(one)) for one, kind in clusters.link.items()],
        schema={"mention": pl.Int64, "kind": pl.String, "p": pl.Float64}, orient="row",
    )  # fmt: skip
    size = pl.len().over("enterprise_id")
    linked = placed.join(kinds, on="mention", how="left").with_columns(
        pl.when(size == 1).then(pl.lit("alone"))
        .when(pl.col("kind") == "clerical").then("kind")
        .when(pl.col("code").is_not_null()).then(pl.lit("code"))
        .when(pl.len().over("mention") == size).then(pl.lit("probabilistic"))
        .otherwise(pl.col("kind").fill_null("probabilistic")).alias("link")
    ).with_columns(
        pl.when(pl.col("link") == "code").then(1.0).when(pl.col("link") == "alone").then(None)
        .otherwise("p").alias("probability")
    )  # fmt: skip
    return linked.sort("table", "record_key").select(
        pl.col(n).cast(kind) for n, kind in ENTERPRISE_LINKS.items()
    )


def _describe(placed: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row for each enterprise: what its latest record states, the business register first."""
    records = tables["enterprise_records"]
    told = placed.select("table", "record_key", "enterprise_id", "own", pl.col("name"), "county_code",
                         "address", "legal_person").rename({"name": "enterprise_name"})  # fmt: skip
    extra = ("department", "recorded_on", "credit_code", "industry", "enterprise_size")
    told = told.join(
        records.select(pl.lit("enterprise_records").alias("table"), pl.col("record_id").alias("record_key"),
                       *extra),
        on=["table", "record_key"], how="left",
    )  # fmt: skip
    # A code of eighteen characters that another enterprise's lies in is not this one's.
    inner = pl.col("credit_code").str.slice(8, 9) == pl.col("own")
    told = _with_sizes(told, tables).with_columns(pl.when(inner).then("credit_code").alias("credit_code"))
    rank = (
        pl.when(pl.col("department") == "commerce").then(0).when(pl.col("department").is_not_null()).then(1)
    )
    ordered = told.with_columns(rank.otherwise(2).alias("rank")).sort(
        ["rank", "recorded_on", "table", "record_key"],
        descending=[False, True, False, False],
        nulls_last=True,
    )
    described = ordered.group_by("enterprise_id").agg(
        *(pl.col(name).drop_nulls().first() for name in _TOLD),
        pl.col("own").first().alias("organisation_code"),
        pl.col("department").drop_nulls().n_unique().alias("departments"),
        pl.col("department").is_not_null().sum().alias("records"),
    )
    return described.sort("enterprise_id").select(pl.col(n).cast(kind) for n, kind in ENTERPRISES.items())


def _with_sizes(told: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Size and industry from inspections and returns where no record states them."""
    for table, key, names in (
        ("inspections", "batch_id", ["enterprise_size"]),
        ("enterprise_returns", "return_id", ["enterprise_size", "industry"]),
    ):
        if table in tables:
            other = tables[table].select(
                pl.lit(table).alias("table"), pl.col(key).alias("record_key"),
                *(pl.col(name).alias(f"{name}_") for name in names),
            )  # fmt: skip
            told = told.join(other, on=["table", "record_key"], how="left").with_columns(
                pl.coalesce(name, f"{name}_").alias(name) for name in names
            ).drop(f"{name}_" for name in names)  # fmt: skip
    return told


def _find_doubts(
    pairs: pl.DataFrame, conflicts: list[tuple[int, int]], clusters: Clusters, decided: Decided
) -> pl.DataFrame:
    """Pairs of different clusters that a clerk should see, the likeliest of each two clusters."""
    found = [(left, right, None, "code_conflict") for left, right in conflicts] + clusters.refused
    found += [(left, right, p, "grey_zone") for left, right, p in
              pairs.select("left", "right", "probability").iter_rows()]  # fmt: skip
    told = {frozenset(pair) for pair in decided.different}
    seen: set[frozenset[int]] = set()
    rows = []
    codes = clusters.codes
    for left, right, probability, reason in found:
        one, other = clusters.find(left), clusters.find(right)
        pair = frozenset((one, other))
        hopeless = reason == "grey_zone" and len(codes[one] | codes[other]) > 1
        if one == other or pair in seen or hopeless or frozenset((left, right)) in told:
            continue
        seen.add(pair)
        rows.append((left, right, probability, reason))
    columns = {"left": pl.Int64, "right": pl.Int64, "probability": pl.Float64, "reason": pl.String}
    return pl.DataFrame(rows, schema=columns, orient="row")


def _list_for_review(doubts: pl.DataFrame, mentions: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """What a clerk should decide, and what has been decided, with what both sides state."""
    keys = mentions.select("mention", "key")
    asked = doubts.join(keys, left_on="left", right_on="mention").rename({"key": "left_key"})
    asked = asked.join(keys, left_on="right", right_on="mention").rename({"key": "right_key"})
    known = pl.all_horizontal(
        pl.col(one).is_in(mentions["key"].implode()) for one in ("left_key", "right_key")
    )
    reason = pl.when(known).then(pl.lit("decided")).otherwise(pl.lit("unknown_key")).alias("reason")
    listed = pl.concat([asked.drop("left", "right"), made.with_columns(reason)], how="diagonal")
    for side in ("left", "right"):
        told = mentions.select("key", pl.col(STATED).name.prefix(f"{side}_"))
        listed = listed.join(told, left_on=f"{side}_key", right_on="key", how="left")
    order = ["reason", "probability", "left_key", "right_key"]
    listed = listed.sort(order, descending=[False, True, False, False], nulls_last=True)
    return listed.select(pl.col(n).cast(kind) for n, kind in LINK_REVIEW.items())
