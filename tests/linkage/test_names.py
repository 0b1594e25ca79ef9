"""Cores of names: what is left without script, width, place and legal form."""

import pytest

from qstats.linkage.addresses import find_addresses
from qstats.linkage.names import Core, find_cores


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
    ],
)
def test_core_of_a_name(name: str, core: str, branch: str) -> None:
    assert find_cores([name])[name] == Core(core, branch)


@pytest.mark.parametrize("name", ["", " ", "()", "（）", "💥", "a" * 5000, "有限公司有限公司", "·", "\x00"])
def test_hostile_names_have_some_core(name: str) -> None:
    core, branch = find_cores([name])[name]
    assert isinstance(core, str)
    assert isinstance(branch, str)


def test_addresses_written_in_several_ways_are_one() -> None:
    texts = ["聊城市东阿县铜城街道光明路12号", "東阿縣銅城街道光明路12號", "铜城街道光明路12#"]
    found = find_addresses(texts)
    assert len(set(found.values())) == 1
    assert found[texts[0]].street == "光明路12"
    assert found[texts[0]].town.startswith("371524")
