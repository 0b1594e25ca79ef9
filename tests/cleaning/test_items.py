"""Tested items from the four cells that suppliers fill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.cleaning.items import SEPARATOR, Item, read_items, split_cell

IN_NAME, IN_RESULT = ["item.limit_in_name"], ["item.unit_in_result"]
TWO, UNREADABLE = ["item.two_results"], ["item.result_unreadable"]
LEAD = Item("铅", "0.58", "mg/kg", "≤", "0.5")


def _read(items: str, result: str = "", unit: str = "", limit: str = ""):
    found, hits = read_items(SEPARATOR.join((items, result, unit, limit)))
    return list(found), [hit.rule for hit in hits]


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("铅、镉", ("铅", "镉")),
        ("断裂荷载；吸水量", ("断裂荷载", "吸水量")),
        ("抗压强度;抗折强度；凝结时间", ("抗压强度", "抗折强度", "凝结时间")),
        ("铅（以Pb计）、镉（以Cd计）", ("铅（以Pb计）", "镉（以Cd计）")),
        ("酸价/过氧化值", ("酸价", "过氧化值")),
        ("酸价，过氧化值", ("酸价", "过氧化值")),
        ("铅（总铅、可溶性铅）", ("铅（总铅、可溶性铅）",)),
        ("mg/kg", ("mg/kg",)),
        ("N,N-二甲基甲酰胺", ("N,N-二甲基甲酰胺",)),
        ("个/m", ("个/m",)),
        ("铅、", ("铅",)),
        ("", ()),
    ],
)
def test_cell_with_several_values(cell: str, parts: tuple[str, ...]) -> None:
    assert split_cell(cell) == parts


@pytest.mark.parametrize(
    ("cells", "item", "rules"),
    [
        (("水分", "15.2", "%", "≤14.5"), Item("水分", "15.2", "%", "≤", "14.5"), []),
        (("水分", "15.2%", "", "≤14.5%"), Item("水分", "15.2", "%", "≤", "14.5"), IN_RESULT),
        (("水分（≤14.5）", "15.2", "%", ""), Item("水分", "15.2", "%", "≤", "14.5"), IN_NAME),
        (("水分≤14.5%", "15.2", "", ""), Item("水分", "15.2", "%", "≤", "14.5"), IN_NAME),
        (("沙门氏菌（不得检出）", "检出", "", ""), Item("沙门氏菌", "检出", None, None, "不得检出"), IN_NAME),
        (("铅(以Pb计)", "0.61", "mg/kg", "<=0.5"), Item("铅（以Pb计）", "0.61", "mg/kg", "≤", "0.5"), []),
        (("菌落总数", "1.2×10^5", "CFU/g", "≤100"), Item("菌落总数", "1.2×10^5", "CFU/g", "≤", "100"), []),
        (("色素", "0.6g/kg", "", "不得使用"), Item("色素", "0.6", "g/kg", None, "不得使用"), IN_RESULT),
        (("铅", "原检值0.61，复检值0.58", "mg/kg", "≤0.5"), LEAD, TWO),
        (("铅", "初检0.61 复检0.58mg/kg", "", "≤0.5"), LEAD, TWO),
        (("铅", "见第2页附表", "", ""), Item("铅", "见第2页附表", None, None, None), UNREADABLE),
        (("铅", "<0.05", "mg/kg", ""), Item("铅", "<0.05", "mg/kg", None, None), []),
        (("甲醛含量", "1,200", "mg/kg", "≦75"), Item("甲醛含量", "1,200", "mg/kg", "≤", "75"), []),
        (("标识", "不符合", "", ""), Item("标识", "不符合", None, None, None), []),
        (("味精(谷氨酸钠)(%)", "90.1", "", "≥99"), Item("味精（谷氨酸钠）", "90.1", "%", "≥", "99"), IN_NAME),
        (("菌落总数﹙CFU/g﹚", "150", "", ""), Item("菌落总数", "150", "CFU/g", None, None), IN_NAME),
        (("酸价(mg/g)(≤3)", "4", "", ""), Item("酸价", "4", "mg/g", "≤", "3"), IN_NAME),
        (("水分（18%-20%）", "21", "", ""), Item("水分", "21", None, None, "18%-20%"), IN_NAME),
        (("2,4-滴（2,4-D）", "", "", ""), Item("2,4-滴（2,4-D）", None, None, None, None), []),
        (("1.4-二氧六环", "", "", ""), Item("1.4-二氧六环", None, None, None, None), []),
    ],
)  # fmt: skip
def test_one_item(cells: tuple[str, ...], item: Item, rules: list[str]) -> None:
    assert _read(*cells) == ([item], rules)


def test_several_items_with_a_result_and_a_limit_each() -> None:
    items, rules = _read("铅、镉", "0.61、0.2", "mg/kg", "≤0.5、≤0.1")
    assert items == [Item("铅", "0.61", "mg/kg", "≤", "0.5"), Item("镉", "0.2", "mg/kg", "≤", "0.1")]
    assert rules == ["item.split"]


def test_empty_parts_keep_their_place() -> None:
    items, _ = _read("标识、镉", "、0.2", "、mg/kg", "、≤0.1")
    assert items == [Item("标识", None, None, None, None), Item("镉", "0.2", "mg/kg", "≤", "0.1")]


def test_results_that_do_not_fit_the_items_are_flagged_and_not_guessed() -> None:
    items, rules = _read("铅、镉", "0.61")
    assert [item.result for item in items] == [None, None]
    assert rules == ["item.split", "item.result_unreadable"]


NAMES = st.text(alphabet="铅水分（）()≤<5.%n=、；/以计不得检出 ", min_size=1, max_size=14)


@given(NAMES)
def test_reading_the_items_again_changes_none(name: str) -> None:
    for item in _read(name)[0]:
        if len(split_cell(item.item)) == 1:
            again, rules = _read(item.item)
            assert again[0].item == item.item
            assert rules == []


def test_numbers_of_a_list_are_no_part_of_the_names() -> None:
    items, _ = _read("1.4-氯苯氧乙酸钠；2.6-苄基腺嘌呤（6-BA）")
    assert [item.item for item in items] == ["4-氯苯氧乙酸钠", "6-苄基腺嘌呤（6-BA）"]
