"""A small survey drawn from a known model: four industries, sampling points, three latent variables."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from qstats.questionnaires import Questionnaire
from qstats.satisfaction import Survey
from qstats.schemas import MARGINS, RESPONDENTS, UNANSWERED

SECTOR_OF = {"bank": "producer", "courier": "producer", "hotel": "consumer", "tourism": "consumer"}
BLOCKS = {"quality": 3, "value": 2, "satisfaction": 3}
COUNTIES = ("371502", "371522")


def _label(text: str) -> dict[str, str]:
    return {"zh": f"题{text}", "en": text.replace("_", " ")}


def make_questionnaire(**changes: Any) -> Questionnaire:
    """Three latent variables with eight items on 1–10; ``changes`` replace parts of the declaration."""
    items = {
        f"{latent}_{number}": {
            "label": _label(f"{latent}_{number}"), "headings": [f"{latent}{number}"], "latent": latent,
        }
        for latent, count in BLOCKS.items()
        for number in range(1, count + 1)
    }  # fmt: skip
    declared = {
        "id": "small",
        "label": {"zh": "小问卷", "en": "small questionnaire"},
        "scale": (1, 10), "satisfied_from": 7, "top_from": 9, "bottom_to": 4,
        "overall": "satisfaction_1", "index_of": "satisfaction",
        "categories": {
            "wave": {year: {"label": {"zh": f"{year}年", "en": year}} for year in ("2014", "2015")},
            "industry": {
                code: {"label": _label(code), "sector": sector} for code, sector in SECTOR_OF.items()
            },
            "mode": {code: {"label": _label(code)} for code in ("face_to_face", "web")},
        },
        "profile": {
            "sex": {
                "label": {"zh": "性别", "en": "sex"}, "headings": ["性别"],
                "categories": {
                    code: {"label": {"zh": zh, "en": code}} for zh, code in (("女", "female"), ("男", "male"))
                },
            }
        },
        "latents": {
            "quality": {"label": {"zh": "质量", "en": "quality"}},
            "value": {"label": {"zh": "价值", "en": "value"}, "explained_by": ["quality"]},
            "satisfaction": {
                "label": {"zh": "满意", "en": "satisfaction"}, "explained_by": ["quality", "value"],
            },
        },
        "items": items,
    }  # fmt: skip
    return Questionnaire.model_validate(declared | changes)


QUESTIONNAIRE = make_questionnaire()
ITEMS = list(QUESTIONNAIRE.items)


def make_survey(**rules: Any) -> Survey:
    """Rules of a small run, with few resamples."""
    return Survey(**{"questionnaire": QUESTIONNAIRE, "replicates": 99} | rules)


def draw_respondents(
    wave: str = "2015", *, points: int = 6, people: int = 8, seed: int = 1, shift: float = 0.0,
    industry_shift: Mapping[str, float] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Respondents of a wave: points in each of four industries, people at each point, answers around 7."""
    generator = np.random.default_rng(seed)
    industry = np.repeat(list(SECTOR_OF), points * people)
    point = np.repeat(np.arange(4 * points), people)
    n = len(point)
    sex = np.where(generator.random(n) < 0.5, "female", "male")
    level = 7 + shift + 0.4 * generator.normal(size=4 * points)[point] + 0.5 * (sex == "female")
    level = level + np.array([(industry_shift or {}).get(one, 0.0) for one in industry])
    quality = generator.normal(size=n)
    value = 0.6 * quality + 0.8 * generator.normal(size=n)
    satisfaction = 0.5 * quality + 0.4 * value + 0.6 * generator.normal(size=n)
    latent = np.column_stack([quality] * 3 + [value] * 2 + [satisfaction] * 3)
    answers = np.clip(
        np.round(level[:, None] + 1.2 * latent + 0.8 * generator.normal(size=latent.shape)), 1, 10
    )
    return make_respondents(
        n, wave=wave, answers=answers, industry=industry, sex=sex, stratum=industry,
        cluster=[f"{wave}-{one}" for one in point], sector=[SECTOR_OF[one] for one in industry],
        county_code=[COUNTIES[one % 2] for one in point],
        mode=np.where(generator.random(n) < 0.5, "web", "face_to_face"),
    )  # fmt: skip


def make_respondents(n: int, *, wave: str = "2015", answers: Any = None, **columns: Any) -> pl.DataFrame:
    """Rows of the contract; columns not given are unknown, answers all 7."""
    plain = {
        "respondent_id": [f"{wave}-{at:04d}" for at in range(n)], "source_id": ["s1"] * n,
        "source_row": list(range(2, n + 2)), "wave": [wave] * n,
        "surveyed_on": [date(int(wave), 10, 20)] * n,
    }  # fmt: skip
    given = {name: list(values) for name, values in columns.items()}
    unknown = {name: [None] * n for name in (*RESPONDENTS, "sex") if name not in plain | given}
    table = np.full((n, len(ITEMS)), 7.0) if answers is None else np.asarray(answers, float)
    scores = {item: [None if np.isnan(v) else v for v in table[:, at]] for at, item in enumerate(ITEMS)}
    schema = RESPONDENTS | {"sex": pl.String()} | dict.fromkeys(ITEMS, pl.Float64())
    together = plain | unknown | given | scores
    return pl.DataFrame({name: together[name] for name in schema}, schema=schema)


def make_margins(*rows: Sequence[Any]) -> pl.DataFrame:
    """Margins from (wave, variable, category, population)."""
    return pl.DataFrame(rows, schema=MARGINS, orient="row")


def make_unanswered(*rows: Sequence[str]) -> pl.DataFrame:
    """Reasons from (respondent_id, wave, item, reason)."""
    return pl.DataFrame(rows, schema=UNANSWERED, orient="row")


def without_answers(respondents: pl.DataFrame, where: pl.Expr, items: Sequence[str] = ()) -> pl.DataFrame:
    """The respondents with no score on some items (all without them) where a condition holds."""
    return respondents.with_columns(
        pl.when(where).then(None).otherwise(pl.col(item)).alias(item) for item in items or ITEMS
    )
