"""Which batches are sampled, what becomes of them, and which items fail? The clean truth.

Each stream of sampling (programme × level) draws enterprises by the month's mix of sizes, a stage and one
of the products of the enterprise's class. Failures come out later than passes, re-inspected ones last of
all; what is not announced by the cut-off date is pending.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from scipy.special import expit

from qstats.synthetic import rates
from qstats.synthetic.city import SIZES
from qstats.synthetic.vocabulary import BRANDS, PRODUCTS, Product

COUNTIES_THAT_SAMPLE = ("371521", "371522", "371525")
"""Counties whose bureaus run a sampling programme of their own."""


@dataclass(frozen=True)
class Stream:
    """A programme at one level: its share of all batches, its sheet prefix, who reports it."""

    programme: str
    level: str
    share: float
    prefix: str
    suppliers: tuple[str, ...]
    supplier_shares: tuple[float, ...]


STREAMS = (
    Stream("routine", "municipal", 0.715, "LCJ", ("institute", "laboratory", "platform"), (0.6, 0.2, 0.2)),
    Stream("routine", "county", 0.125, "LXJ", ("county_bureau",), (1.0,)),
    Stream("routine", "provincial", 0.05, "SDJ", ("province",), (1.0,)),
    Stream("risk_monitoring", "municipal", 0.06, "LFX", ("risk_unit",), (1.0,)),
    Stream("special", "municipal", 0.05, "LZX", ("campaign",), (1.0,)),
)
SMALLEST_STREAM = 90
"""Batches that even the tiny city draws in each stream, so that every fault finds its rows."""

FATES = ("sampled", "closed", "nothing_to_sample", "refused")
FATE_SHARES = (0.95, 0.02, 0.025, 0.005)
REINSPECTED_SHARE = 0.4
"""Share of failures for which the enterprise asks for re-inspection; a fifth of these are overturned."""

PASS_DELAY, FAIL_DELAY, REINSPECTED_DELAY = (18, 34), (40, 60), (65, 110)
"""Days from sampling to announcement, both ends included."""


def draw_batches(
    enterprises: pl.DataFrame, months: list[str], total: int, cutoff: date, generator: np.random.Generator
) -> pl.DataFrame:
    """All planned batches in order of sampling, as they truly are on the cut-off date.

    Beside the columns of ``inspections``: ``sheet_no``, ``supplier``, ``reinspected``,
    ``first_fails`` and ``eventual_outcome`` (known to nobody while pending), ``failed_count``.
    """
    parts = [_draw_stream(stream, enterprises, months, total, generator) for stream in STREAMS]
    batches = pl.concat(parts).sort("sampled_on", "sheet_no")
    return _hide_pending(batches, cutoff).with_row_index("batch_index")


def _draw_stream(
    stream: Stream, enterprises: pl.DataFrame, months: list[str], total: int, generator: np.random.Generator
) -> pl.DataFrame:
    count = max(SMALLEST_STREAM, round(total * stream.share))
    month = np.sort(generator.integers(0, len(months), count))
    frame = enterprises
    if stream.level == "county":
        frame = enterprises.filter(pl.col("county_code").is_in(COUNTIES_THAT_SAMPLE))
    chosen = frame[_choose_enterprises(frame, month, months, generator)]
    stage = _choose_stage(month, months, generator)
    product = _choose_products(chosen["product_class"].to_numpy(), generator)
    product = _follow_problems(product, chosen["county_code"].to_numpy(), np.array(months)[month])
    fails = generator.random(count) < _failure_probability(stream, chosen, stage, product, month, months)
    sampled_on = _days_of_months(month, months, generator)
    sheet = [f"{stream.prefix}{months[m].replace('-', '')}{i:06d}" for i, m in enumerate(month)]
    return (
        chosen.drop("effect", "takes_credit_code")
        .with_columns(
            sheet_no=pl.Series(sheet),
            enterprise_code=_code_on_day(chosen, sampled_on, generator),
            sampled_on=pl.Series(sampled_on),
            stage=pl.Series(stage),
            product_index=pl.Series(product),
            product_name=pl.Series([PRODUCTS[i].name for i in product]),
            model=pl.Series([PRODUCTS[i].model for i in product]),
            brand=_brands(count, generator),
            production=_production(sampled_on, generator),
            programme=pl.lit(stream.programme),
            level=pl.lit(stream.level),
            supplier=pl.Series(generator.choice(stream.suppliers, count, p=stream.supplier_shares)),
            fate=pl.Series(generator.choice(FATES, count, p=FATE_SHARES)),
            first_fails=pl.Series(fails),
            reinspected=pl.Series(fails & (generator.random(count) < REINSPECTED_SHARE)),
            failed_count=_failed_counts(fails),
        )
        .drop("organisation_code", "credit_code")
        .with_columns(_eventual_outcome(generator, count), _announced(generator, count))
    )


def _choose_enterprises(
    frame: pl.DataFrame, month: np.ndarray, months: list[str], generator: np.random.Generator
) -> np.ndarray:
    mix, _ = rates.mix_of_months(months)
    size = _choose(mix[month], generator)
    sizes = frame["enterprise_size"].to_numpy()
    pools = [
        found if len(found := np.flatnonzero(sizes == name)) else np.arange(len(sizes)) for name in SIZES
    ]
    draws = generator.random(len(month))
    return np.array([pools[s][int(u * len(pools[s]))] for s, u in zip(size, draws, strict=True)])


def _choose_stage(month: np.ndarray, months: list[str], generator: np.random.Generator) -> np.ndarray:
    _, mix = rates.mix_of_months(months)
    return np.array(rates.STAGES)[_choose(mix[month], generator)]


def _choose(shares: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """One category per row of shares."""
    draws = generator.random((len(shares), 1))
    return np.minimum((shares.cumsum(axis=1) < draws).sum(axis=1), shares.shape[1] - 1)


def _choose_products(product_class: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    of_class: dict[str, list[int]] = {}
    for i, product in enumerate(PRODUCTS):
        of_class.setdefault(product.product_class, []).append(i)
    draws = generator.random(len(product_class))
    return np.array(
        [of_class[c][int(u * len(of_class[c]))] for c, u in zip(product_class, draws, strict=True)]
    )


def _follow_problems(product: np.ndarray, county: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Inspectors look harder where a problem shows: its class is sampled through the problem's product."""
    kinds = np.array([known.product_class for known in PRODUCTS])
    names = [known.name for known in PRODUCTS]
    for problem in rates.PROBLEMS:
        place = names.index(problem.product)
        touched = (county == problem.county_code) & (kinds[product] == kinds[place])
        touched &= (month >= problem.first_month) & (month <= problem.last_month)
        product = np.where(touched, place, product)
    return product


def _failure_probability(
    stream: Stream,
    chosen: pl.DataFrame,
    stage: np.ndarray,
    product: np.ndarray,
    month: np.ndarray,
    months: list[str],
) -> np.ndarray:
    """True failure probability of each batch, enterprise's effect, known changes and problems included."""
    logit = rates.BASE_LOGIT + rates.PROGRAMME_EFFECTS[stream.programme] + rates.time_effect(months)[month]
    for column, effects in (
        ("county_code", rates.COUNTY_EFFECTS),
        ("product_class", rates.CLASS_EFFECTS),
        ("enterprise_size", rates.SIZE_EFFECTS),
    ):
        logit = logit + chosen[column].replace_strict(effects, return_dtype=pl.Float64).to_numpy()
    logit = logit + np.array([rates.STAGE_EFFECTS[s] for s in stage]) + chosen["effect"].to_numpy()
    names = np.array([PRODUCTS[i].name for i in product])
    text = np.array(months)[month]
    logit = logit + rates.change_effect(chosen["county_code"].to_numpy().astype(str), text)
    for problem in rates.PROBLEMS:
        touched = (
            (chosen["county_code"].to_numpy() == problem.county_code)
            & (names == problem.product)
            & (text >= problem.first_month)
            & (text <= problem.last_month)
        )
        logit = logit + problem.effect * touched
    return expit(logit)


def _days_of_months(month: np.ndarray, months: list[str], generator: np.random.Generator) -> np.ndarray:
    first = np.array(months, dtype="datetime64[M]")
    start = first[month].astype("datetime64[D]")
    length = ((first[month] + 1).astype("datetime64[D]") - start).astype(int)
    return start + (generator.random(len(month)) * length).astype(int).astype("timedelta64[D]")


def _code_on_day(chosen: pl.DataFrame, sampled_on: np.ndarray, generator: np.random.Generator) -> pl.Series:
    """Credit codes since October 2015 where taken, else organisation codes; a few are not stated."""
    new = chosen["takes_credit_code"].to_numpy() & (sampled_on >= np.datetime64("2015-10-01"))
    stated = generator.random(len(new)) < 0.93
    codes = np.where(new, chosen["credit_code"].to_numpy(), chosen["organisation_code"].to_numpy())
    return pl.Series(
        [code if known else None for code, known in zip(codes, stated, strict=True)], dtype=pl.String
    )


def _brands(count: int, generator: np.random.Generator) -> pl.Series:
    brands = np.array([*BRANDS, None, None], dtype=object)
    return pl.Series(brands[generator.integers(0, len(brands), count)].tolist(), dtype=pl.String)


def _production(sampled_on: np.ndarray, generator: np.random.Generator) -> pl.Series:
    """Day of production, or a lot number for one batch in four."""
    made = sampled_on - generator.integers(3, 90, len(sampled_on)).astype("timedelta64[D]")
    lot = generator.random(len(sampled_on)) < 0.25
    number = generator.integers(100, 9999, len(sampled_on))
    return pl.Series(
        [f"K{n:04d}" if is_lot else str(day) for day, is_lot, n in zip(made, lot, number, strict=True)]
    )


def _failed_counts(fails: np.ndarray) -> pl.Series:
    """Number of failed items: mostly one, every fourth failure two, every twentieth three."""
    order = np.cumsum(fails)
    counts = np.where(order % 20 == 0, 3, np.where(order % 4 == 0, 2, 1))
    return pl.Series(np.where(fails, counts, 0))


def _eventual_outcome(generator: np.random.Generator, count: int) -> pl.Expr:
    chance = rates.OVERTURNED_SHARE / REINSPECTED_SHARE
    overturned = pl.col("reinspected") & pl.Series(generator.random(count) < chance)
    fails = pl.col("first_fails") & ~overturned
    return pl.when(fails).then(pl.lit("fail")).otherwise(pl.lit("pass")).alias("eventual_outcome")


def _announced(generator: np.random.Generator, count: int) -> pl.Expr:
    delays = [
        pl.Series(generator.integers(a, b + 1, count)) for a, b in (PASS_DELAY, FAIL_DELAY, REINSPECTED_DELAY)
    ]
    delay = pl.when("reinspected").then(delays[2]).when("first_fails").then(delays[1]).otherwise(delays[0])
    return (pl.col("sampled_on") + pl.duration(days=delay)).alias("announced_on")


def _hide_pending(batches: pl.DataFrame, cutoff: date) -> pl.DataFrame:
    """Outcomes as known on the cut-off date; a first failure is known while its re-inspection goes on."""
    sampled = pl.col("fate") == "sampled"
    known = sampled & (pl.col("announced_on") <= cutoff)
    tested = pl.col("sampled_on") + pl.duration(days=PASS_DELAY[1]) <= cutoff
    retested = sampled & ~known & tested & pl.col("first_fails")
    first = pl.when("first_fails").then(pl.lit("fail")).otherwise(pl.lit("pass"))
    return batches.with_columns(
        fate=pl.when(sampled & ~known).then(pl.lit("pending")).otherwise("fate"),
        announced_on=pl.when(known).then("announced_on"),
        first_outcome=pl.when(known).then(first).when(retested).then(pl.lit("fail")),
        outcome=pl.when(known).then("eventual_outcome"),
        failed_count=pl.when(known).then("failed_count").otherwise(0),
        eventual_outcome=pl.when(sampled).then("eventual_outcome"),
    )


def tabulate_items(batches: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """Items of the batches: failed ones; for the laboratory's batches all that were tested."""
    tested = batches.filter((pl.col("failed_count") > 0) | _tested_by_laboratory())
    rows = []
    for batch in tested.iter_rows(named=True):
        product = PRODUCTS[batch["product_index"]]
        failed = _failed_items(batch, product, generator)
        listed = range(len(product.items)) if batch["supplier"] == "laboratory" else failed
        for number, i in enumerate(listed, start=1):
            rows.append(_item_row(batch["batch_index"], number, product, i, i in failed, generator))
    columns = ["batch_index", "item_no", "item", "result", "unit", "limit_operator", "limit", "verdict"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _tested_by_laboratory() -> pl.Expr:
    return (pl.col("supplier") == "laboratory") & pl.col("outcome").is_not_null()


def _failed_items(batch: dict, product: Product, generator: np.random.Generator) -> list[int]:
    """Places of the failed items in the product's list; a declared problem always shows its own item."""
    order = list(generator.permutation(len(product.items)))
    month = batch["sampled_on"].strftime("%Y-%m")
    for problem in rates.PROBLEMS:
        if (batch["county_code"], product.name) == (problem.county_code, problem.product) and (
            problem.first_month <= month <= problem.last_month
        ):
            order.sort(key=lambda i: product.items[i].name != problem.item)
    return sorted(int(i) for i in order[: batch["failed_count"]])


def _item_row(
    batch_index: int, number: int, product: Product, place: int, fails: bool, generator: np.random.Generator
) -> tuple:
    item = product.items[place]
    badness = generator.uniform(1.1, 1.8) if fails else generator.uniform(0.5, 0.9)
    value = item.limit * badness if item.operator == "≤" else item.limit / badness
    verdict = "fail" if fails else "pass"
    return batch_index, number, item.name, plain(value), item.unit, item.operator, plain(item.limit), verdict


def plain(value: float) -> str:
    """Number as people write it: three or so digits, no exponent."""
    if value >= 100:
        return f"{value:.0f}"
    digits = 1 if value >= 10 else 2 if value >= 1 else 3 if value >= 0.1 else 4
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")
