"""Which grade has each enterprise on a day, and which records made it so?

Each adverse record takes points that halve over time and end after some years; arrears and defaults begin to
fade when they are settled. A repaired record keeps a share of its points. Awards and certificates earn a few,
capped together. A veto holds the grade down whatever the score. Only what was on record by the day counts, so
that grades of earlier years can be computed again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from qstats.credit.events import collect_events, collect_objections, link_batches, link_records
from qstats.credit_registry import CreditScheme

Stage = Literal["unpublished", "in_publicity", "final"]
_YEAR = 365.25
_LASTING = ("tax_arrears", "loan_default")
LINEAGE = (
    "enterprise_id", "source_table", "record_key", "source_id", "source_row", "kind", "severity",
    "happened_on", "repaired", "points", "effect",
)  # fmt: skip


@dataclass(frozen=True)
class Graded:
    """Grades of all enterprises that a department had something on record about by a day.

    Attributes
    ----------
    grades : DataFrame
        One row per enterprise: ``scheme, enterprise_id, on, grade, score`` (0 to the scheme's start),
        ``grade_by_score, vetoed`` (the grade is worse than that), ``reasons`` (kinds of records that took
        points or hold a veto, separated by commas), ``product_risk, checks`` (a year), ``status`` (objected,
        unpublished, in_publicity, final), ``records`` (adverse ones that count), ``county_code, industry``.
    lineage : DataFrame
        One row per record that moved a score or holds a grade down: `LINEAGE`; ``points`` are signed,
        ``effect`` is deduction, credit or veto. Score = start + points, within 0 and the start.
    undated : int
        Records without a day, which count nowhere.
    unrecorded : int
        Enterprises that were sampled by the day and are on no department's record: they have no grade.
    """

    scheme: CreditScheme
    on: date
    grades: pl.DataFrame
    lineage: pl.DataFrame
    undated: int
    unrecorded: int


def grade_enterprises(
    scheme: CreditScheme, enterprises: pl.DataFrame, links: pl.DataFrame, records: pl.DataFrame,
    inspections: pl.DataFrame, on: date, *, known_until: date | None = None,
    publicity_from: date | None = None,
) -> Graded:  # fmt: skip
    """Grades on a day with the rows that they come from.

    Parameters
    ----------
    scheme : CreditScheme
    enterprises, links, records : DataFrame
        Tables ``enterprises``, ``enterprise_links`` and ``enterprise_records``.
    inspections : DataFrame
        Clean batches of every level.
    on : date
        Nothing that was recorded or announced later counts.
    known_until : date, optional
        Day on which data was closed: objections until then are seen. By default ``on``.
    publicity_from : date, optional
        Day on which the grades were made public; without it none is final.
    """
    events = collect_events(links, records, inspections)
    severity = pl.when(pl.col("severity_on") <= on).then("severity")
    known = events.filter(pl.col("known_on") <= on).with_columns(severity)
    linked = link_records(links, records)
    sampled = link_batches(links, inspections).filter(pl.coalesce("sampled_on", "announced_on") <= on)
    present = _present(scheme, enterprises, linked.filter(pl.col("recorded_on") <= on), sampled)
    lineage = pl.concat(
        [_deductions(scheme, known, on), _credits(scheme, known, on), _vetoes(scheme, known, on)]
    )
    lineage = lineage.join(present.select("enterprise_id"), on="enterprise_id", how="semi").sort(
        "enterprise_id", "happened_on", "effect", "record_key"
    )
    closed = known_until or on
    counted = events.join(lineage, on=["source_table", "record_key"], how="semi")
    objected = _objected(scheme, collect_objections(links, records), counted, closed)
    grades = _conclude(scheme, present, lineage, on).join(objected, on="enterprise_id", how="left")
    status = pl.when(pl.col("objected").fill_null(value=False)).then(pl.lit("objected")).otherwise(
        pl.lit(stage_of_publicity(scheme, publicity_from, closed))
    )  # fmt: skip
    graded = grades.with_columns(status=status).drop("objected").sort("enterprise_id")
    unrecorded = sampled.join(linked, on="enterprise_id", how="anti")["enterprise_id"].n_unique()
    undated = records["recorded_on"].null_count()
    return Graded(scheme, on, graded, lineage, undated, unrecorded)


def _present(
    scheme: CreditScheme, enterprises: pl.DataFrame, recorded: pl.DataFrame, sampled: pl.DataFrame
) -> pl.DataFrame:
    """Enterprises on record with a department, not cancelled, with the risk of their products."""
    gone = recorded.filter(pl.col("kind") == "cancellation")["enterprise_id"]
    kept = enterprises.filter(
        pl.col("enterprise_id").is_in(recorded["enterprise_id"].unique().implode())
        & ~pl.col("enterprise_id").is_in(gone.implode())
    ).select("enterprise_id", "county_code", "industry")
    otherwise = scheme.product_risks.otherwise if scheme.product_risks else None
    return kept.join(_product_risks(scheme, sampled), on="enterprise_id", how="left").with_columns(
        pl.coalesce("product_risk", pl.lit(otherwise, dtype=pl.String))
    )


def _product_risks(scheme: CreditScheme, batches: pl.DataFrame) -> pl.DataFrame:
    """Highest risk among the products that were sampled from an enterprise; I before II before III."""
    classes = scheme.product_risks.classes if scheme.product_risks else {}
    risks = {code: risk for risk, codes in classes.items() for code in codes}
    risk = pl.col("product_class").replace_strict(risks, default=None, return_dtype=pl.String)
    return batches.group_by("enterprise_id").agg(risk.min().alias("product_risk"))


def _age(on: date, day: pl.Expr) -> pl.Expr:
    return (pl.lit(on) - day).dt.total_days() / _YEAR


def _within(years: int, on: date, day: pl.Expr) -> pl.Expr:
    """Whether so many calendar years have not yet passed: on the same day of the last year they have."""
    return day.dt.offset_by(f"{years}y") > on


def _deductions(scheme: CreditScheme, events: pl.DataFrame, on: date) -> pl.DataFrame:
    settled = pl.col("ended_on") <= on
    since = pl.when(pl.col("kind").is_in(_LASTING)).then(
        pl.when(settled).then("ended_on").otherwise(pl.lit(on))
    ).otherwise("happened_on")  # fmt: skip
    repaired = (pl.col("repaired_on") <= on).fill_null(value=False)
    parts = [
        events.filter(pl.col("kind") == rule.kind)
        .with_columns(repaired=repaired, since=since, age=_age(on, since))
        .filter(_within(rule.years, on, pl.col("since")))
        .with_columns(
            points=-pl.col("severity").replace_strict(
                rule.points, default=rule.otherwise, return_dtype=pl.Float64
            )
            * 0.5 ** (pl.col("age") / rule.half_life)
            * pl.when("repaired").then(scheme.repair_keeps).otherwise(1.0),
        )
        for rule in scheme.deductions
    ]
    return _as_lineage(pl.concat(parts).filter(pl.col("points") < 0), "deduction")


def _credits(scheme: CreditScheme, events: pl.DataFrame, on: date) -> pl.DataFrame:
    """Awards and certificates that are valid; where they exceed the cap, the newest count."""
    parts = [
        events.filter(
            (pl.col("kind") == rule.kind)
            & pl.when(pl.col("ended_on").is_null())
            .then(_within(rule.years, on, pl.col("happened_on")))
            .otherwise(pl.col("ended_on") >= on)
        ).with_columns(points=pl.lit(rule.points))
        for rule in scheme.credits
    ]
    found = pl.concat([events.clear().with_columns(points=pl.lit(0.0)), *parts]).sort(
        "happened_on", "record_key", descending=True
    )
    left = (scheme.credits_most - (pl.col("points").cum_sum().over("enterprise_id") - pl.col("points"))).clip(
        0
    )
    capped = found.with_columns(points=pl.min_horizontal("points", left), repaired=pl.lit(value=False))
    return _as_lineage(capped.filter(pl.col("points") > 0), "credit")


def _vetoes(scheme: CreditScheme, events: pl.DataFrame, on: date) -> pl.DataFrame:
    """Records that hold a grade down; one that has been repaired does not."""
    repaired = (pl.col("repaired_on") <= on).fill_null(value=False)
    parts = [
        events.filter(
            (pl.col("kind") == rule.kind)
            & (pl.lit(value=not rule.severities) | pl.col("severity").is_in(rule.severities))
            & (pl.lit(value=True) if rule.years is None else _within(rule.years, on, pl.col("happened_on")))
            & ~repaired
        )
        for rule in scheme.veto
    ]
    found = pl.concat([events.clear(), *parts]).with_columns(points=pl.lit(0.0), repaired=pl.lit(value=False))
    return _as_lineage(found, "veto")


def _as_lineage(frame: pl.DataFrame, effect: str) -> pl.DataFrame:
    return frame.with_columns(effect=pl.lit(effect)).select(LINEAGE)


def _conclude(scheme: CreditScheme, present: pl.DataFrame, lineage: pl.DataFrame, on: date) -> pl.DataFrame:
    adverse = pl.col("effect") == "deduction"
    summed = lineage.group_by("enterprise_id").agg(
        pl.col("points").sum(),
        adverse.sum().cast(pl.Int64).alias("records"),
        pl.col("kind").filter(pl.col("effect") != "credit").unique().sort().str.join(",").alias("reasons"),
    )
    worst = _worst_veto(scheme, lineage)
    score = (scheme.start + pl.col("points").fill_null(0.0)).clip(0.0, scheme.start)
    order = {grade: at for at, grade in enumerate(scheme.names)}
    joined = present.join(summed, on="enterprise_id", how="left").join(worst, on="enterprise_id", how="left")
    by_score = joined.with_columns(
        score=score, records=pl.col("records").fill_null(0), reasons=pl.col("reasons").fill_null(""),
    ).with_columns(
        grade_by_score=pl.col("score").map_elements(scheme.grade_of, return_dtype=pl.String)
    )  # fmt: skip
    place = pl.max_horizontal(
        pl.col("grade_by_score").replace_strict(order, return_dtype=pl.Int64), "veto_at"
    )
    graded = by_score.with_columns(
        grade=place.replace_strict(dict(enumerate(scheme.names)), return_dtype=pl.String)
    ).with_columns(vetoed=pl.col("grade") != pl.col("grade_by_score"))
    checks = pl.DataFrame(
        [(one.grade, one.product_risk, one.checks) for one in scheme.supervision],
        schema={"grade": pl.String, "product_risk": pl.String, "checks": pl.Int64}, orient="row",
    )  # fmt: skip
    return graded.join(checks, on=["grade", "product_risk"], how="left", nulls_equal=True).select(
        pl.lit(scheme.id).alias("scheme"), "enterprise_id", pl.lit(on).alias("on"), "grade", "score",
        "grade_by_score", "vetoed", "reasons", "records", "product_risk", "checks", "county_code", "industry",
    )  # fmt: skip


def _worst_veto(scheme: CreditScheme, lineage: pl.DataFrame) -> pl.DataFrame:
    """Place of the worst grade that a veto gives."""
    given = {one.kind: scheme.names.index(one.grade) for one in scheme.veto}
    decided = lineage.filter(pl.col("effect") == "veto")
    place = pl.col("kind").replace_strict(given, default=None, return_dtype=pl.Int64)
    return decided.group_by("enterprise_id").agg(place.max().alias("veto_at"))


def _objected(
    scheme: CreditScheme, objections: pl.DataFrame, counted: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Enterprises with a decision behind their grade that an objection is open against."""
    end = pl.coalesce("settled_on", pl.col("objected_on").dt.offset_by(f"{scheme.objection_days + 1}d"))
    open_ = objections.filter((pl.col("objected_on") <= day) & (end > day))
    found = open_.join(counted, on=["enterprise_id", "document_no"], how="semi")
    return found.select("enterprise_id").unique().with_columns(objected=pl.lit(value=True))


def stage_of_publicity(scheme: CreditScheme, start: date | None, day: date) -> Stage:
    """Where grades stand on a day; the day on which publicity begins is not counted among its days."""
    if start is None or start > day:
        return "unpublished"
    return "in_publicity" if day <= start + timedelta(days=scheme.publicity_days) else "final"
