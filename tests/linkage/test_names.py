"""Cores of names: what is left without script, width, place and legal form."""

import pytest

from qstats.linkage.addresses import find_addresses
from qstats.linkage.names import find_cores, may_be_one


@pytest.mark.parametrize(
    ("name", "core", "branch"),
    [
        ("东阿华丰食品有限公司", "华丰食品", ""),
        ("東阿縣華豐食品有限責任公司", "华丰食品", ""),
        ("山东省聊城市东阿县华丰食品厂", "华丰食品", ""),
        ("东阿华丰食品（聊城）有限公司", "华丰食品", ""),
        ("ＡＢＣ 食品有限公司", "ABC食品", ""),
        ("山东华丰食品有限公司高唐分公司", "华丰食品", "高唐分公司"),
        ("聊城有限公司", "聊城有限公司", ""),
        ("莘县", "莘县", ""),
        ("公司", "公司", ""),
        ("东阿第二水泥厂", "第二水泥", "二"),
        ("华联超市有限公司一店", "华联超市", "一店"),
    ],
)
def test_core_of_a_name(name: str, core: str, branch: str) -> None:
    assert find_cores([name])[name][:2] == (core, branch)


@pytest.mark.parametrize("name", ["", " ", "()", "（）", "💥", "a" * 5000, "有限公司有限公司", "·", "\x00"])
def test_hostile_names_have_some_core(name: str) -> None:
    core, branch, _ = find_cores([name])[name]
    assert isinstance(core, str)
    assert isinstance(branch, str)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("华丰食品有限公司", "公司"),
        ("华丰食品集团", "公司"),
        ("华丰食品厂", "厂"),
        ("华丰养殖专业合作社", "合作社"),
        ("华丰食品", ""),
    ],
)
def test_kind_of_legal_form(name: str, form: str) -> None:
    assert find_cores([name])[name].form == form


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("华丰食品", "华丰食品", True), ("华丰食品", "华丰", True), ("华丰食品", "华峰食品", True),
        ("华丰食品", "丰华食品", True), ("华丰食品", "华丰品", True), ("华丰食品", "华丰食食品", True),
        ("华丰食品", "宏达食品", False), ("华丰食品", "华丰包装", False), ("华丰", "华峰", False),
        ("华丰食品", "华食丰品x", False),
    ],
)  # fmt: skip
def test_names_of_one_enterprise(one: str, other: str, expected: bool) -> None:
    assert may_be_one(one, other) is may_be_one(other, one) is expected


def test_addresses_written_in_several_ways_are_one() -> None:
    texts = ["聊城市东阿县铜城街道光明路12号", "東阿縣銅城街道光明路12號", "铜城街道光明路12#"]
    found = find_addresses(texts)
    assert len(set(found.values())) == 1
    assert found[texts[0]].street == "光明路12"
    assert found[texts[0]].town.startswith("371524")
    assert find_addresses(["铜城街道前王村"])["铜城街道前王村"].street == ""
