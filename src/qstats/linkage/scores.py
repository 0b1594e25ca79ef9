"""How likely do two mentions speak of one enterprise? Fellegi and Sunter's model, through splink on DuckDB.

Agreement of name, place and legal person is weighed by how often it occurs between mentions of one enterprise
(m) and by chance (u); rarer names and persons weigh more. Mentions that state the same valid code teach m;
a sample of pairs that is drawn by a seeded hash teaches u. A register too small to learn from is judged by
declared values. Nothing is fetched from the network, and the answer does not depend on the order of rows.

References
----------
Fellegi, I. P. and Sunter, A. B. (1969), doi:10.1080/01621459.1969.10501049.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from qstats.linkage.names import may_be_one

LINKED, REVIEWED = 0.95, 0.30
"""Probabilities from which two mentions are linked, and from which a clerk is asked."""

FEWEST_LABELLED = 200
"""Codes that several mentions state, which it takes to learn from."""

MOST_OF_A_CODE = 10
"""Mentions of one code that count towards the share of equal pairs: one much named enterprise is no rule."""

SEED = 20131212
SAMPLED_PAIRS = 1_500_000
UNSEEN = 0.05
"""Other enterprises that bear a name or have a head that only one of those with a code is known to have."""

PRIOR = 1e-3
"""Share of pairs that speak of one enterprise, in a register too small to learn from."""

_NONE_STATED = "none stated"
Level = tuple[str, str, float, float]
"""Label, condition, declared m and declared u."""

NAME: tuple[Level, ...] = (
    ("equal in a county", "placed_l = placed_r", 0.72, 5e-5),
    ("equal", "core_l = core_r", 0.06, 5e-4),
    (
        "one slip",
        "damerau_levenshtein(core_l, core_r) <= 1 AND least(length(core_l), length(core_r)) > 2",
        0.08,
        1e-3,
    ),
    ("abbreviated", "contains(core_l, core_r) OR contains(core_r, core_l)", 0.08, 1e-3),
    ("alike", "jaro_winkler_similarity(core_l, core_r) >= 0.8", 0.02, 2e-3),
    ("unlike", "ELSE", 0.04, 0.9955),
)
PLACE: tuple[Level, ...] = (
    ("street", "base_l = base_r AND street_l = street_r", 0.45, 1e-4),
    ("street alike", "town_l = town_r AND levenshtein(street_l, street_r) <= 1", 0.06, 2e-4),
    ("town", "town_l = town_r", 0.10, 1e-2),
    ("county", "base_l = base_r AND (town_l IS NULL OR town_r IS NULL)", 0.30, 6e-2),
    ("other town", "base_l = base_r", 0.07, 6e-2),
    ("other county", "ELSE", 0.02, 0.8697),
)
PERSON: tuple[Level, ...] = (
    ("equal", "legal_l = legal_r", 0.88, 1e-3),
    (
        "one character",
        "levenshtein(legal_l, legal_r) <= 1 AND least(length(legal_l), length(legal_r)) > 2",
        0.04,
        2e-2,
    ),
    ("unlike", "ELSE", 0.08, 0.979),
)
_MISSING = {
    "name": "core_l IS NULL OR core_r IS NULL",
    "place": "base_l IS NULL OR base_r IS NULL",
    "person": "legal_l IS NULL OR legal_r IS NULL",
}
_UNCODED = "(l.code IS NULL OR r.code IS NULL) AND l.branch IS NOT DISTINCT FROM r.branch"
BLOCKS = (
    "l.core = r.core",
    "l.legal = r.legal AND l.base = r.base",
    "l.street = r.street AND l.base = r.base",
    "l.first_end = r.first_end AND l.base = r.base",
    "l.second_end = r.second_end AND l.base = r.base",
    "l.word = r.word AND l.base = r.base",
)
"""Pairs that agree in one of these are compared, where one of the two states no code."""

COMPARED = ("core", "branch", "legal", "town", "street", "base", "first_end", "second_end", "word")
PAIRS: dict[str, pl.DataType] = {
    "left": pl.Int64(), "right": pl.Int64(), "probability": pl.Float64(), "weight": pl.Float64(),
    "may_join": pl.Boolean(),
}  # fmt: skip
"""Scored pairs; ``weight`` is the base-2 logarithm of the odds; ``may_join``: see `_may_join`."""


def score_pairs(mentions: pl.DataFrame) -> pl.DataFrame:
    """Pairs of mentions that may be one enterprise (``PAIRS``), one of the two without a code.

    Parameters
    ----------
    mentions : DataFrame
        ``mention``, ``code`` and the columns of `COMPARED`.

    Returns
    -------
    DataFrame
        Pairs of a probability of `REVIEWED` at least, sorted.
    """
    if mentions.height < 2:
        return pl.DataFrame(schema=PAIRS)
    import duckdb

    with duckdb.connect(":memory:") as connection:
        # Sums in parallel would differ in the last digits; extensions would be fetched from the network.
        connection.execute(
            "SET threads = 1; SET autoinstall_known_extensions = false; SET autoload_known_extensions = false"
        )
        # Setting it at all is an error in a notebook without widgets, where it is off.
        if connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()[0][0]:
            connection.execute("SET enable_progress_bar = false")
        return _predict(mentions, connection)


def _predict(mentions: pl.DataFrame, connection: Any) -> pl.DataFrame:
    from splink import DuckDBAPI, Linker

    table = mentions.select(
        pl.col("mention").alias("unique_id"),
        "code",
        *COMPARED,
        pl.format("{}|{}", "base", "core").alias("placed"),
    )
    learns, prior = _count_labelled(mentions["code"])
    database, settings = DuckDBAPI(connection), _settings(prior, learns)
    if learns:
        table = _with_frequencies(table)
        settings = _learn_chance(table, settings, database)
    linker = Linker(database.register(table.to_arrow()), settings, log_level=None)
    if learns:
        linker.training.estimate_m_from_label_column("code")
    scored = linker.inference.predict(threshold_match_probability=REVIEWED, warning_mode="never")
    found = pl.DataFrame(pl.from_arrow(scored.as_duckdbpyrelation().to_arrow_table()))
    return found.select(
        pl.min_horizontal("unique_id_l", "unique_id_r").alias("left"),
        pl.max_horizontal("unique_id_l", "unique_id_r").alias("right"),
        pl.col("match_probability").round(9).alias("probability"),
        pl.col("match_weight").round(6).alias("weight"),
    ).sort("left", "right").pipe(_with_support, mentions)  # fmt: skip


def _with_support(pairs: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """With ``may_join``: whether more than a likeness of names speaks for a pair.

    Names have to be equal, abbreviated or one slip apart, and beside them the person or the house has to be
    equal; or the whole name in one county, in one legal form, or without one if no other person is stated.
    A company's name is registered once in its county, a trader's is not.
    """
    told = mentions.select("mention", "core", "form", "legal", "street", "base")
    sides = [told.rename({name: f"{name}_{side}" for name in told.columns}) for side in ("l", "r")]
    both = pairs.join(sides[0], left_on="left", right_on="mention_l", how="left", maintain_order="left")
    both = both.join(sides[1], left_on="right", right_on="mention_r", how="left", maintain_order="left")
    cores = both.select("core_l", "core_r").iter_rows()
    alike = pl.Series("alike", [bool(a and b and may_be_one(a, b)) for a, b in cores], dtype=pl.Boolean)

    def equal(*names: str) -> pl.Expr:
        return pl.all_horizontal((pl.col(f"{n}_l") == pl.col(f"{n}_r")).fill_null(False) for n in names)

    no_other_person = equal("legal") | pl.col("legal_l").is_null() | pl.col("legal_r").is_null()
    open_form = (pl.col("form_l") == "") | (pl.col("form_r") == "")
    whole = equal("core", "base") & ((equal("form") & ~open_form) | (open_form & no_other_person))
    supported = equal("legal") | equal("street", "base") | whole
    return both.with_columns((alike & supported).alias("may_join")).select(list(PAIRS))


def _count_labelled(codes: pl.Series) -> tuple[bool, float]:
    """Whether codes teach enough, and the share of pairs of coded mentions that share theirs."""
    known = codes.drop_nulls()
    counts = known.value_counts()["count"].cast(pl.Float64).clip(upper_bound=MOST_OF_A_CODE)
    same, total = float((counts * (counts - 1)).sum()) / 2, float(counts.sum())
    enough = int((counts > 1).sum()) >= FEWEST_LABELLED
    return (True, 2 * same / (total * (total - 1))) if enough else (False, PRIOR)


def _settings(prior: float, learns: bool) -> Any:
    from splink import SettingsCreator

    blocks: list[Any] = [f"{rule} AND {_UNCODED}" for rule in BLOCKS]
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            _comparison("name", NAME, "placed" if learns else None),
            _comparison("place", PLACE, None),
            _comparison("person", PERSON, "legal" if learns else None),
        ],
        blocking_rules_to_generate_predictions=blocks,
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _comparison(name: str, levels: Sequence[Level], frequency: str | None) -> Any:
    import splink.comparison_level_library as levels_of
    from splink.comparison_library import CustomComparison

    missing = levels_of.CustomLevel(_MISSING[name], _NONE_STATED).configure(is_null_level=True)
    made: list[Any] = [missing]
    for label, condition, m, u in levels:
        one = levels_of.ElseLevel() if condition == "ELSE" else levels_of.CustomLevel(condition, label)
        one.configure(m_probability=m, u_probability=u)
        made.append(one)
    if frequency:
        made[1].configure(tf_adjustment_column=frequency)
    return CustomComparison(output_column_name=name, comparison_levels=made)


def _with_frequencies(table: pl.DataFrame) -> pl.DataFrame:
    """With ``tf_placed`` and ``tf_legal``: how likely another enterprise bears them.

    Counted over enterprises with a code, less the one itself: a name that a single one bears is rare, not
    certain.
    """
    known = table.filter(pl.col("code").is_not_null())
    enterprises = known["code"].n_unique()
    for name in ("placed", "legal"):
        bearers = known.drop_nulls(name).group_by(name).agg(pl.col("code").n_unique().alias("_n"))
        others = pl.col("_n").cast(pl.Float64).fill_null(1.0) - 1
        table = table.join(bearers, on=name, how="left", maintain_order="left").with_columns(
            ((others + UNSEEN) / enterprises).alias(f"tf_{name}")
        ).drop("_n")  # fmt: skip
    return table


def _learn_chance(table: pl.DataFrame, settings: Any, database: Any) -> dict[str, Any]:
    """Settings with u learnt from pairs of different enterprises: one mention of each code."""
    from splink import Linker

    single = table.filter(pl.col("code").is_not_null()).unique("code", keep="first", maintain_order=True)
    linker = Linker(database.register(single.to_arrow()), settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=SAMPLED_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    learnt: dict[str, Any] = linker.misc.save_model_to_json()
    for comparison, declared in zip(learnt["comparisons"], (NAME, PLACE, PERSON), strict=True):
        for level, (_, _, _, u) in zip(comparison["comparison_levels"][1:], declared, strict=True):
            # A level that no pair of the sample reached is rarer than one pair.
            level["u_probability"] = level.get("u_probability") or min(u, 1 / SAMPLED_PAIRS)
    return learnt
