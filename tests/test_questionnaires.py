"""Declared questionnaires: what holds of all, what is refused. Oracle: the rules of the declaration."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from qstats import questionnaires
from qstats.errors import ParameterError, QstatsError, SourceError
from qstats.questionnaires import CODED, FIELDS, Questionnaire, find_questionnaire, read_questionnaires

Make = Callable[..., Questionnaire]


@pytest.fixture(scope="module")
def make(asked) -> Make:
    return asked.make_questionnaire


@pytest.mark.parametrize("id", list(read_questionnaires()))
def test_declared_questionnaires_hold_together(id: str) -> None:
    one = read_questionnaires()[id]
    assert one.overall in one.items
    assert sum(len(items) for items in one.blocks.values()) == sum(bool(i.latent) for i in one.items.values())
    texts = [one.label, *(i.label for i in one.items.values()), *(i.label for i in one.latents.values())]
    for label in texts:
        assert not any("\u4e00" <= character <= "\u9fff" for character in label.en), label.en
    headings = [heading for item in one.items.values() for heading in item.headings]
    assert len(headings) == len(set(headings)), "a heading that two items share names neither"


@pytest.mark.parametrize("id", list(read_questionnaires()))
def test_a_word_means_one_category(id: str) -> None:
    one = read_questionnaires()[id]
    for column in (*CODED, *one.profile):
        words = [
            word.replace(" ", "").casefold()
            for code, category in one.categories_of(column).items()
            for word in {code, *category.words}
        ]
        assert len(words) == len(set(words)), column


def test_scales_and_labels(make: Make) -> None:
    one = make()
    assert one.scale_of("value_1") == (1, 10)
    assert one.label_of("sex", "female") == {"zh": "女", "en": "female"}
    assert one.label_of("wave", "2015") == {"zh": "2015年", "en": "2015"}
    assert one.label_of("industry", "unheard_of") == {"zh": "unheard_of", "en": "unheard_of"}
    assert list(one.categories_of("county_code")) == []
    assert one.blocks["value"] == ["value_1", "value_2"]


def changed(make: Make, **parts: Any) -> dict[str, Any]:
    return make().model_dump() | parts


def latents(make: Make, **explained_by: list[str]) -> dict[str, Any]:
    found = make().model_dump()["latents"]
    return {name: found[name] | {"explained_by": explained_by.get(name, [])} for name in found}


LABEL = {"zh": "题", "en": "item"}
CIRCLE = {"value": ["satisfaction"], "satisfaction": ["value"], "quality": ["value"]}


def with_item(make: Make, code: str, **parts: Any) -> dict[str, Any]:
    return {"items": make().model_dump()["items"] | {code: {"label": LABEL, "headings": ["x"]} | parts}}


def with_latent(make: Make, code: str, **parts: Any) -> dict[str, Any]:
    return {"latents": make().model_dump()["latents"] | {code: {"label": LABEL} | parts}}


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (lambda make: {"columns": {"shoe": ["鞋"]}}, "columns: 'shoe' is unknown; known are respondent_id"),
        (lambda make: {"defaults": {"shoe": "1"}}, "defaults: 'shoe' is unknown"),
        (lambda make: {"categories": {"weight": {}}}, "categories: 'weight' is unknown; known are wave"),
        (lambda make: {"overall": "nothing"}, "overall: 'nothing' is unknown"),
        (lambda make: {"index_of": "nothing"}, "index_of: 'nothing' is unknown"),
        (lambda make: {"scale": (10, 10)}, "has no width"),
        (lambda make: {"scale": (5, 1)}, "has no width"),
        (lambda make: {"top_from": 11}, "must lie in this order within the scale"),
        (lambda make: {"bottom_to": 8}, "must lie in this order within the scale"),
        (lambda make: {"satisfied_from": 9.5}, "must lie in this order"),
        (lambda make: {"latents": latents(make, **CIRCLE)}, "explain each other in a circle"),
        (lambda make: {"latents": latents(make, value=["shoe"])}, "value.explained_by: 'shoe' is unknown"),
        (
            lambda make: {"latents": latents(make, satisfaction=["value"])},
            "latents.quality: it explains no other and is explained by none",
        ),
        (
            lambda make: with_latent(make, "loyalty", explained_by=["value"]),
            "latents.loyalty: no item belongs to it",
        ),
        (lambda make: with_item(make, "weight"), "weight: this is the name of a column of the contract"),
        (lambda make: with_item(make, "x", latent="shoe"), "items.latent: 'shoe' is unknown"),
        (lambda make: with_item(make, "x", scale=(3, 3)), "x: the scale 3.0–3.0 has no width"),
        (lambda make: {"shoe": 1}, "Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(
    make: Make, part: Callable[[Make], dict[str, Any]], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        Questionnaire.model_validate(changed(make, **part(make)))


def test_a_questionnaire_without_a_model_is_one(make: Make) -> None:
    items = {code: item | {"latent": None} for code, item in make().model_dump()["items"].items()}
    one = Questionnaire.model_validate(changed(make, latents={}, index_of=None, items=items))
    assert one.blocks == {} and one.index_of is None


def test_columns_of_the_contract_are_those_of_the_table() -> None:
    from qstats.schemas import RESPONDENTS

    assert set(FIELDS) == set(RESPONDENTS) - {"source_id", "source_row", "screened"}


def test_a_run_names_its_questionnaire() -> None:
    assert find_questionnaire(None) is None
    assert find_questionnaire("service_satisfaction") is read_questionnaires()["service_satisfaction"]
    with pytest.raises(ParameterError, match=r"'shoes' is not declared; known are .*service_satisfaction"):
        find_questionnaire("shoes")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of questionnaires, read afresh."""
    (tmp_path / "questionnaires").mkdir()
    monkeypatch.setattr(questionnaires, "reference_folder", lambda: tmp_path)
    return tmp_path / "questionnaires"


def read_afresh() -> dict[str, Questionnaire]:
    return read_questionnaires.__wrapped__()


def test_files_are_read_as_text_and_named_in_errors(make: Make, folder: Path) -> None:
    """Codes such as 1 or 0371 stay text; a wrong file is named with the key."""
    declared = make().model_dump(mode="json", exclude_none=True)
    declared["profile"]["sex"]["categories"] = {"1": {"label": LABEL}, "02": {"label": LABEL}}
    (folder / "small.yaml").write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    assert list(read_afresh()["small"].profile["sex"].categories) == ["02", "1"]
    (folder / "small.yaml").write_text(
        yaml.safe_dump(declared | {"overall": "x"}, allow_unicode=True), encoding="utf-8"
    )
    with pytest.raises(SourceError, match=r"small.yaml: questionnaire: overall: 'x' is unknown.*Correct"):
        read_afresh()
    (folder / "small.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(QstatsError, match=r"small\.yaml, line 1: not valid YAML"):
        read_afresh()
    (folder / "small.yaml").unlink()
    (folder / "other.yaml").write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SourceError, match="its id is 'small'; name the file after it"):
        read_afresh()
