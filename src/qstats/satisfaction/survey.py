"""Which questionnaires count, and how was the sample drawn?

A *survey* holds the declared rules. A *sample* is one wave under these rules: who counts, the design (strata,
clusters, design weights), and the weights after calibration to the declared margins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import polars as pl

from qstats.methods.calibration import Calibration, rake, trim_weights
from qstats.methods.survey.design import Design, Floats, make_design
from qstats.questionnaires import Questionnaire, find_questionnaire

Weighting = Literal["calibrated", "design", "none"]
UNKNOWN = "—"
NO_STRATUM = ""
CLUSTER, STRATUM = "_cluster", "_stratum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Declared rules of a satisfaction survey.

    Attributes
    ----------
    confidence : float
        Two-sided level, 0–1.
    minimum_respondents : int
        With fewer answers nothing is stated.
    leave_out : tuple of str
        Kinds of screened questionnaires (``speeder``, ``straight_line``) that do not count.
    trim_weights : float or None
        Largest weight as a multiple of the mean.
    inner_scheme : str
        Of the index model: ``centroid``, ``factorial``, ``path``.
    replicates, seed : int
        Resamples of the index model.
    """

    questionnaire: Questionnaire
    confidence: float = 0.95
    minimum_respondents: int = 30
    leave_out: tuple[str, ...] = ("speeder",)
    trim_weights: float | None = 5.0
    inner_scheme: Literal["centroid", "factorial", "path"] = "path"
    replicates: int = 499
    seed: int = 20131212


def find_survey(
    questionnaire: str | None, *, confidence: float, minimum_respondents: int, leave_out: Sequence[str],
    trim_weights: float | None,
) -> Survey | None:  # fmt: skip
    """Rules of the survey of a run by the id of its questionnaire; None where it has none."""
    asked = find_questionnaire(questionnaire)
    if asked is None:
        return None
    return Survey(
        questionnaire=asked, confidence=confidence, minimum_respondents=minimum_respondents,
        leave_out=tuple(leave_out), trim_weights=trim_weights,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin that the sample was weighted to: code of each respondent and total of each code."""

    variable: str
    codes: np.ndarray
    totals: Floats


@dataclass(frozen=True, slots=True)
class Sample:
    """Respondents of one wave that count.

    Attributes
    ----------
    wave : str
    frame : pandas.DataFrame
        Their rows.
    design : Design
        With design weights (1 where none are stated).
    weight : ndarray, shape (n,)
        What estimates are computed with.
    calibration : Calibration or None
    weighting : {"calibrated", "design", "none"}
    margins : tuple of Margin
    problem : tuple (code, detail) or None
        Why the margins could not be used: ``empty_margin_cells``, ``margins_not_met``.
    merged_strata : tuple of str
        Strata with one sampling point, joined with the one after them.
    left_out : dict
        Respondents left out by reason.
    """

    wave: str
    frame: pd.DataFrame
    design: Design
    weight: Floats
    calibration: Calibration | None
    weighting: Weighting
    margins: tuple[Margin, ...] = ()
    problem: tuple[str, str] | None = None
    merged_strata: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)


def list_waves(respondents: pl.DataFrame, until: date) -> list[str]:
    """Waves that began by a day, in order of their first interview; undated ones first, by name."""
    waves = respondents.group_by("wave").agg(pl.col("surveyed_on").min().alias("first"))
    begun = waves.filter(pl.col("first").is_null() | (pl.col("first") <= until))
    return begun.sort("first", "wave", nulls_last=False)["wave"].to_list()


def take_sample(respondents: pl.DataFrame, margins: pl.DataFrame, survey: Survey, wave: str) -> Sample:
    """Sample of one wave: who counts, its design, its weights.

    Design weights come first. With declared margins they are raked to these (one margin:
    post-stratified), then trimmed. A respondent whose category is not known keeps the share of the
    unknown: the totals of the others shrink with it. Margins with a category that nobody in the sample
    belongs to are not used, and it is said.
    """
    of_wave = respondents.filter(pl.col("wave") == wave)
    screened = of_wave.filter(pl.col("screened").is_in(list(survey.leave_out)))
    left_out = dict(screened["screened"].value_counts().sort("screened").iter_rows())
    frame = of_wave.filter(~pl.col("screened").is_in(list(survey.leave_out)).fill_null(False)).to_pandas()
    frame, merged = _with_design(frame)
    weighted = frame["weight"].notna()
    base = frame["weight"].where(weighted, frame["weight"].mean() if weighted.any() else 1.0).to_numpy(float)
    design = make_design(
        len(frame), weight=base, stratum=frame[STRATUM].to_numpy(), cluster=frame[CLUSTER].to_numpy()
    )
    wanted = margins_of(margins, wave)
    weighting: Weighting = "design" if weighted.any() else "none"
    sample = Sample(wave, frame, design, base, None, weighting, (), None, merged, left_out)
    return _calibrated(sample, wanted, survey) if wanted.height and len(frame) else sample


def margins_of(margins: pl.DataFrame, wave: str) -> pl.DataFrame:
    """Margins that hold for a wave: its own of each variable, else those for every wave."""
    own = margins.filter(pl.col("wave") == wave)
    general = margins.filter(
        pl.col("wave").is_null() & ~pl.col("variable").is_in(own["variable"].unique().to_list())
    )
    return pl.concat([own, general])


def _with_design(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Strata and clusters by name; a stratum with one cluster joins the next (the last, the one before)."""
    alone = "r" + pd.Series(np.arange(len(frame)), index=frame.index).astype(str)
    cluster = frame["cluster"].astype("object").where(frame["cluster"].notna(), alone)
    stratum = frame["stratum"].astype("object").where(frame["stratum"].notna(), NO_STRATUM)
    unit = stratum + "\x1f" + cluster
    merged = []
    while True:
        clusters = unit.groupby(stratum).nunique().sort_index()
        lonely = clusters.index[clusters < 2]
        if not len(lonely) or len(clusters) < 2:
            break
        at = clusters.index.get_loc(lonely[0])
        stratum = stratum.replace(lonely[0], clusters.index[at + 1 if at + 1 < len(clusters) else at - 1])
        merged.append(str(lonely[0]))
    return frame.assign(**{STRATUM: stratum, CLUSTER: unit}), tuple(merged)


def _calibrated(sample: Sample, margins: pl.DataFrame, survey: Survey) -> Sample:
    """The sample with weights that meet the margins, or with the reason why they do not."""
    frame, base = sample.frame, sample.design.weight
    population = margins.group_by("variable").agg(pl.col("population").sum())["population"].max()
    found = tuple(
        _margin_of(str(variable), rows, frame, base, float(str(population)))
        for (variable,), rows in margins.group_by("variable", maintain_order=True)
    )
    empty = [
        f"{one.variable}={code}"
        for one, codes in zip(found, _codes_of(margins), strict=True)
        for at, code in enumerate(codes)
        if not (one.codes == at).any()
    ]
    if empty:
        return _with_problem(sample, "empty_margin_cells", ", ".join(empty))
    try:
        calibration = rake(base, [one.codes for one in found], [one.totals for one in found])
        if survey.trim_weights:
            calibration = trim_weights(calibration, 0.0, survey.trim_weights * calibration.weight.mean())
    except ValueError:
        return _with_problem(sample, "margins_not_met", ", ".join(one.variable for one in found))
    return Sample(
        sample.wave, frame, sample.design, calibration.weight, calibration, "calibrated", found, None,
        sample.merged_strata, sample.left_out,
    )  # fmt: skip


def _codes_of(margins: pl.DataFrame) -> list[list[str]]:
    return [rows["category"].to_list() for _, rows in margins.group_by("variable", maintain_order=True)]


def _margin_of(
    variable: str, rows: pl.DataFrame, frame: pd.DataFrame, base: Floats, population: float
) -> Margin:
    """Codes and totals of one margin; unknown and unlisted categories are one more, with their own share.

    Totals of several margins may differ by what rounding leaves: all are brought to one population.
    """
    categories, totals = rows["category"].to_list(), rows["population"].to_numpy()
    totals = totals * (population / totals.sum())
    places = {category: at for at, category in enumerate(categories)}
    codes = frame[variable].map(places).fillna(-1).to_numpy(np.int64)
    unknown = codes < 0
    if unknown.any():
        share = base[unknown].sum() / base.sum()
        totals = np.append(totals * (1 - share), population * share)
        codes = np.where(unknown, len(categories), codes)
    return Margin(variable, codes, totals)


def _with_problem(sample: Sample, code: str, detail: str) -> Sample:
    return Sample(
        sample.wave, sample.frame, sample.design, sample.weight, None, sample.weighting, (), (code, detail),
        sample.merged_strata, sample.left_out,
    )  # fmt: skip
