"""Suppliers' words to codes."""

import pytest

from qstats.cleaning.categories import FIELDS, category_rule, level_of_issuer, read_product_class
from qstats.codebook import labels, read_vocabulary


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("programme", "监督抽查", "routine"), ("programme", "风险监测", "risk_monitoring"),
        ("programme", "专项抽查", "special"), ("programme", "复查", "follow_up"),
        ("programme", "监督 抽检", "routine"),
        ("level", "省级", "provincial"), ("level", "国抽", "national"), ("level", "municipal", "municipal"),
        ("stage", "流通领域", "retail"), ("stage", "企业成品库", "production"), ("stage", "电商", "online"),
        ("enterprise_size", "微型", "micro"), ("enterprise_size", "大型企业", "large"),
    ],
)  # fmt: skip
def test_word(field: str, word: str, code: str) -> None:
    assert category_rule(field)(word) == (code, ())


@pytest.mark.parametrize(("field", "rule"), FIELDS.items())
def test_unknown_word_is_blanked(field: str, rule: str) -> None:
    cleaned = category_rule(field)("其他")
    assert cleaned.value is None
    assert [hit[:] for hit in cleaned.hits] == [(rule, "其他", None)]


@pytest.mark.parametrize("field", FIELDS)
def test_labels_of_the_codebook_are_words_of_the_vocabulary(field: str) -> None:
    assert set(read_vocabulary()[field]) == set(labels(field))
    assert all(category_rule(field)(label["zh"]).value == code for code, label in labels(field).items())


@pytest.mark.parametrize("field", FIELDS)
def test_no_word_means_two_things(field: str) -> None:
    words = [word for known in read_vocabulary()[field].values() for word in known]
    assert len(words) == len(set(words))


def test_class_of_the_catalogue_and_others() -> None:
    assert read_product_class("建筑装饰装修材料") == ("building_materials", ())
    assert read_product_class("食品-->酒类-->白酒").value == "food"
    other = read_product_class("其他类-->杂项")
    assert (other.value, other.hits[0].rule) == ("其他类", "product_class.unknown")


@pytest.mark.parametrize(
    ("issuer", "level"),
    [("国家市场监督管理总局", "national"), ("山东省市场监督管理局", "provincial"), ("某某有限公司", None)],
)
def test_level_follows_from_the_issuer(issuer: str, level: str | None) -> None:
    assert level_of_issuer(issuer) == level
