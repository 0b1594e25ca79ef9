"""What does the chapter on satisfaction state? One wave assessed, beside the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd
import polars as pl

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, sentence, text
from qstats.periods import Period
from qstats.reference import county_name
from qstats.satisfaction.standing import rank_indices, rank_scores
from qstats.satisfaction.targets import Verdict

MEASURES = ("index", "score", "share")
PLACED_BY: dict[str, Text] = {
    "sector": {"zh": "服务业类别", "en": "sector"},
    "industry": {"zh": "行业", "en": "industry"},
    "county_code": {"zh": "地区", "en": "district"},
}


@dataclass(frozen=True)
class Assessment:
    """One wave of a survey with all that the chapter says of it.

    Attributes
    ----------
    place : dict
    period : Period
    survey : Survey
    respondents, unanswered, margins : polars.DataFrame
    waves : list of str
        Those that began by the end of the period, the last one is assessed.
    targets : sequence of mapping
        ``sector, measure, level``; a share as a proportion.
    filled : bool
        Whether the index takes questionnaires with gaps, filled from the respondent's other answers.
    """

    place: Text
    period: Period
    survey: assess.Survey
    respondents: pl.DataFrame
    unanswered: pl.DataFrame
    margins: pl.DataFrame
    waves: list[str]
    targets: Sequence[Mapping[str, Any]]
    filled: bool = False

    @property
    def received(self) -> bool:
        """Whether there is any wave to speak of."""
        return bool(self.waves)

    @cached_property
    def now(self) -> assess.Sample:
        """The wave assessed."""
        return self._sample(self.waves[-1])

    @cached_property
    def before(self) -> assess.Sample | None:
        """The wave before, if there is one."""
        return self._sample(self.waves[-2]) if len(self.waves) > 1 else None

    def _sample(self, wave: str) -> assess.Sample:
        return assess.take_sample(self.respondents, self.margins, self.survey, wave)

    @cached_property
    def index(self) -> assess.IndexModel:
        """Index model of the wave."""
        return assess.fit_index(self.now, self.survey, fill=self.filled)

    @cached_property
    def index_before(self) -> assess.IndexModel | None:
        """Index model of the wave before."""
        return assess.fit_index(self.before, self.survey) if self.before else None

    @cached_property
    def earlier(self) -> list[tuple[assess.Sample, assess.IndexModel]]:
        """Samples and index models of the waves before the last two, oldest first."""
        samples = [self._sample(wave) for wave in self.waves[:-2]]
        return [(sample, assess.fit_index(sample, self.survey)) for sample in samples]

    @cached_property
    def invariance(self) -> dict[str, str]:
        """Extent of measurement invariance between the two waves by latent variable."""
        if self.index_before is None:
            return {}
        return dict(assess.judge_waves(self.index, self.index_before, self.survey))

    @cached_property
    def between(self) -> dict[str, dict[str, str]]:
        """The same between the two sectors and between the two main modes."""
        return {one: dict(assess.judge_groups(self.index, one, self.survey)) for one in ("sector", "mode")}

    @property
    def level(self) -> str:
        """Confidence of all intervals as it is written: ``95%``."""
        return f"{100 * self.survey.confidence:g}%"

    @property
    def has_index(self) -> bool:
        """Whether a satisfaction index can be stated."""
        return self.index.status == "stated"

    @property
    def headline(self) -> str:
        """Measure that leads: the index where it takes more than one question, else the score of all answers."""
        blocks = self.survey.questionnaire.blocks
        several = len(blocks.get(str(self.survey.questionnaire.index_of), ())) > 1
        return "index" if self.has_index and several else "score"

    @cached_property
    def index_comparable(self) -> bool:
        """Whether the satisfaction index means the same in the last two waves, as far as can be seen."""
        return self.invariance.get(str(self.survey.questionnaire.index_of)) != "none"

    @property
    def compared(self) -> str:
        """Measure that waves are compared by: the headline, but the score where indices mean different things."""
        return "score" if self.headline == "index" and not self.index_comparable else self.headline

    @property
    def columns(self) -> list[str]:
        """Groups to be told apart: sectors where any is known, industries and districts from two on."""
        counts = {name: self.now.frame[name].nunique() for name in PLACED_BY}
        return [name for name, count in counts.items() if count > (0 if name == "sector" else 1)]

    def wave_label(self, wave: str) -> Text:
        """Name of a wave."""
        return self.survey.questionnaire.label_of("wave", wave)

    def label_of(self, column: str, code: str) -> Text:
        """Name of a group: of the questionnaire, else of the codebook or the list of divisions."""
        declared = self.survey.questionnaire.categories_of(column)
        if code in declared or column not in ("sector", "county_code"):
            return self.survey.questionnaire.label_of(column, code)
        return text("sector", code) if column == "sector" else county_name(code)

    def variable_label(self, variable: str) -> Text:
        """Name of a grouping column."""
        profile = self.survey.questionnaire.profile
        if variable in profile:
            label = profile[variable].label
            return {"zh": label.zh, "en": label.en}
        return PLACED_BY[variable] if variable in PLACED_BY else text("columns", variable)

    def measure(self, column: str | None, measure: str) -> pd.DataFrame:
        """Rows of one measure by group (all without a column), with ``change…`` and reasons in both languages."""
        by = [column] if column else []
        key = (column or "", measure)
        if key not in self._measured:
            rows = self._index_rows(by) if measure == "index" else self._score_rows(by, measure)
            self._measured[key] = self._with_reasons(self._in_declared_order(rows, column))
        return self._measured[key]

    def series(self, column: str, measure: str) -> pd.DataFrame:
        """The measure of each group in every wave: ``wave, <column>, n, estimate, lower, upper, status``."""
        tables = [
            (assess.estimate_indices(index, self.survey, [column]) if measure == "index" else
             assess.estimate_scores(sample, self.survey, [column], measures=[measure]))
            for sample, index in self._all_waves()
        ]  # fmt: skip
        rows = pd.concat(tables, ignore_index=True)
        if measure == "index":
            rows = rows[rows["latent"] == self.survey.questionnaire.index_of]
        return rows[["wave", column, "n", "estimate", "lower", "upper", "status"]].reset_index(drop=True)

    def _all_waves(self) -> list[tuple[assess.Sample, assess.IndexModel]]:
        latest = [(self.before, self.index_before)] if self.before and self.index_before else []
        return [*self.earlier, *latest, (self.now, self.index)]

    def standing(self, column: str) -> pd.DataFrame:
        """The headline measure of each group with ``rank_low, rank_high``, highest first."""
        rows = self.measure(column, self.headline)
        if self.headline == "index":
            ranked = rank_indices(rows, self.index, self.survey, column)
        else:
            ranked = rank_scores(rows, self.now, self.survey, column)
        return ranked.sort_values("estimate", ascending=False, kind="stable", na_position="last")

    def _in_declared_order(self, rows: pd.DataFrame, column: str | None) -> pd.DataFrame:
        """Groups in the order of the questionnaire, others behind them by code."""
        if column is None:
            return rows
        declared = list(self.survey.questionnaire.categories_of(column))
        place = rows[column].map({code: at for at, code in enumerate(declared)}).fillna(len(declared))
        return rows.iloc[place.argsort(kind="stable")]

    @cached_property
    def _measured(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def _score_rows(self, by: list[str], measure: str) -> pd.DataFrame:
        now = assess.estimate_scores(self.now, self.survey, by, measures=[measure])
        if self.before is None:
            return now.assign(change_status="no_data")
        before = assess.estimate_scores(self.before, self.survey, by, measures=[measure])
        return assess.compare_scores(now, before, by, self.survey)

    def _index_rows(self, by: list[str]) -> pd.DataFrame:
        target = self.survey.questionnaire.index_of
        rows = assess.estimate_indices(self.index, self.survey, by)
        if self.index_before is not None:
            changes = assess.compare_indices(self.index, self.index_before, self.survey, by)
            rows = rows.merge(changes, on=[*by, "latent"], how="left")
            if self.has_index and not self.index_comparable:
                rows = rows.assign(**dict.fromkeys(("change", "change_lower", "change_upper"), float("nan")))
                rows = rows.assign(change_status="refused", change_reason="not_invariant")
        else:
            rows = rows.assign(change_status="no_data")
        return rows[rows["latent"] == target] if target else rows.head(1)

    def _with_reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        reasons = [self._reason(row) for row in rows.to_dict("records")]
        care = (rows["status"] == "stated") & (rows["reliability"] == "use_with_care")
        return rows.assign(
            mark=rows["status"].where(~care, "use_with_care"),
            **{f"reason_{one}": [reason[one] if reason else "" for reason in reasons] for one in LANGUAGES},
        ).reset_index(drop=True)

    def _reason(self, row: Mapping[str, Any]) -> Text | None:
        if row["status"] == "stated":
            return None
        model = row["reason"] == "too_few_for_model"
        n = int(self.index.complete.sum()) if model else row["n"]
        minimum = assess.fewest_complete(self.survey) if model else self.survey.minimum_respondents
        return sentence("refusal", str(row["reason"]), n=n, minimum=minimum, detail=self._detail())

    def _detail(self) -> Text:
        """Items that stand in the way of the index, by name."""
        items = [one for one in self.index.detail.split(", ") if one in self.survey.questionnaire.items]
        named = [self.survey.questionnaire.items[one].label.model_dump() for one in items]
        if not named:
            return {language: self.index.detail or "—" for language in LANGUAGES}
        return {
            "zh": "、".join(f"“{one['zh']}”" for one in named),
            "en": ", ".join(f"“{one['en']}”" for one in named),
        }

    def judged_targets(self) -> list[tuple[Mapping[str, Any], Mapping[str, Any] | None, Verdict]]:
        """Each target with the row that it is held against and the verdict."""
        judged = []
        for target in self.targets:
            rows = self.measure("sector", target["measure"])
            row = rows[rows["sector"] == target["sector"]]
            found = row.iloc[0] if len(row) else None
            verdict = "cannot_be_stated" if found is None else assess.judge_target(found, target["level"])
            judged.append((target, None if found is None else found.to_dict(), verdict))
        return judged

    def without_screening(self) -> "Assessment":
        """The same with every questionnaire, screened or not."""
        return replace(self, survey=replace(self.survey, leave_out=()))

    def unweighted(self) -> "Assessment":
        """The same without margins."""
        return replace(self, margins=self.margins.clear())


def latent_label(assessed: Assessment, row: Mapping[Any, Any] | pd.Series) -> Text:
    """Name of the latent variable of a row."""
    label = assessed.survey.questionnaire.latents[str(row["latent"])].label
    return {"zh": label.zh, "en": label.en}


def assess_survey(
    received: Any, survey: assess.Survey, place: Text, period: str, targets: Sequence[Mapping[str, Any]]
) -> Assessment:
    """Assessment of the last wave that began by the end of the period.

    Parameters
    ----------
    received : RunTables
    survey : Survey
    place : dict
    period : str
    targets : sequence of mapping
    """
    window = Period.parse(period)
    waves = assess.list_waves(received.respondents, window.end)
    return Assessment(
        place, window, survey, received.respondents, received.unanswered, received.margins, waves, targets
    )
