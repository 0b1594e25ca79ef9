"""Counties of the run's vintage from names, codes, townships and addresses."""

import pytest

from qstats.cleaning.places import SEPARATOR, place_rule


def _read(county: str = "", town: str = "", address: str = "", vintage: int = 2013):
    cleaned = place_rule(vintage)(SEPARATOR.join((county, town, address)))
    county_code, town_code = cleaned.value.split(SEPARATOR)
    return county_code or None, town_code or None, [hit.rule for hit in cleaned.hits]


@pytest.mark.parametrize(
    ("county", "code"),
    [
        ("东阿县", "371524"), ("东阿", "371524"), ("聊城市东阿县", "371524"),
        ("山东省聊城市东阿县", "371524"), ("371524", "371524"), ("临清市", "371581"), ("临清", "371581"),
        ("东昌府区", "371502"), ("茌平县", "371523"), ("莘 县", "371522"), ("开发区", "3715E1"),
        ("聊城经济技术开发区", "3715E1"), ("聊城市高新区", "3715H1"), ("度假区", "3715T1"),
        ("江北度假区", None),
    ],
)  # fmt: skip
def test_county_by_name_or_code(county: str, code: str | None) -> None:
    assert _read(county) == (code, None, [] if code else ["place.unknown"])


@pytest.mark.parametrize("county", ["茌平区", "371503"])
def test_name_of_another_vintage_is_recoded(county: str) -> None:
    assert _read(county) == ("371523", None, ["place.recoded"])
    assert _read(county, vintage=2021) == ("371503", None, [])


def test_old_name_in_a_new_run_is_recoded() -> None:
    assert _read("茌平县", vintage=2021) == ("371503", None, ["place.recoded"])


@pytest.mark.parametrize("county", ["河北省邯郸市", "外地", "某县", "3715"])
def test_other_places_are_unknown(county: str) -> None:
    assert _read(county) == (None, None, ["place.unknown"])


def test_township_gives_the_county() -> None:
    assert _read(town="柳林镇") == ("371525", "371525103", ["place.from_address"])
    assert _read(town="柳林")[0] == "371525"


def test_township_agrees_with_its_county_and_with_its_zone() -> None:
    assert _read("东昌府区", "蒋官屯街道")[2] == []
    assert _read("开发区", "蒋官屯街道")[2] == []


def test_township_of_another_county_is_a_conflict_and_the_county_stands() -> None:
    assert _read("东阿县", "柳林镇") == ("371524", "371525103", ["place.conflict"])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("山东省聊城市莘县工业园", "371522"),
        ("聊城市冠县柳林镇工业路3号", "371525"),
        ("山东聊城市茌平县振兴街道", "371523"),
        ("聊城经济技术开发区黄河路", "3715E1"),
        ("冠县经济开发区", "371525"),
        ("山东省 聊城市 高唐县 人和街道", "371526"),
        ("山东省临沂市莒南县柳林镇", None),
        ("河北省邯郸市馆陶县柳林镇", None),
        ("临沂高新区", None),
        ("上海市浦东新区", None),
    ],
)
def test_address_gives_the_county_unless_it_lies_elsewhere(address: str, code: str | None) -> None:
    assert _read(address=address) == (code, None, ["place.from_address"] if code else [])


def test_a_stated_county_that_is_unknown_is_not_replaced_by_the_address() -> None:
    assert _read("外地", address="聊城市冠县柳林镇")[0] is None


def test_nothing_stated_is_nothing_known() -> None:
    assert _read() == (None, None, [])
