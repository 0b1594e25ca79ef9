"""Where is an enterprise, who leads it, what was it called before, what is it called in another register?

Some enterprises rename, move or change their head; some share head and house with a sister of another name,
so that person and address alone prove nothing. In a register of its own some have look-alikes: the same name
elsewhere, the same name in another legal form, numbered shops.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import polars as pl

from qstats.reference import read_divisions
from qstats.synthetic.city import CLASSES, COUNTY_SHARES, SIZE_SHARES, SIZES, towns_by_unit
from qstats.synthetic.codes import credit_code, organisation_code
from qstats.synthetic.vocabulary import TRADE_OF_CLASS

CHARACTERS = tuple(
    "鑫华盛宏金瑞恒泰东方中信德隆昌兴永顺安康嘉祥润丰源达利通茂诚远辉阳晟宇森博凯旭腾跃光海林田河景春"
    "国民建业立成天地人和平正大同义仁礼智勇强富贵福禄寿喜庆云龙凤凰麒麟飞翔宝玉珠翠松柏竹梅兰菊荷桂"
    "世纪新星晨曦阳明月清风雨露霖泽湖江山川岳峰岭石磊铭钧铁钢银铜锦绣彩虹霞岚"
)
TRADES = {
    "food": ("食品", "粮油", "肉制品", "乳业", "面粉"),
    "agricultural_inputs": ("肥业", "农资", "种业", "生物肥料"),
    "building_materials": ("建材", "水泥", "新型建材", "板材"),
    "household_goods": ("日用品", "家居用品", "塑料制品"),
    "appliances": ("电器", "电气", "电线电缆"), "textiles": ("纺织", "服装", "棉业", "针织"),
    "auto_parts": ("轴承", "汽车配件", "机械", "钢球"), "chemicals": ("化工", "涂料", "精细化工"),
    "food_contact": ("包装", "彩印包装", "纸业"), "safety_equipment": ("防护用品", "劳保用品", "消防器材"),
}  # fmt: skip
INDUSTRY = {
    "food": "14", "agricultural_inputs": "26", "building_materials": "30", "household_goods": "24",
    "appliances": "38", "textiles": "17", "auto_parts": "34", "chemicals": "26", "food_contact": "29",
    "safety_equipment": "35",
}  # fmt: skip
SURNAMES = (
    "王李张刘陈杨赵孙马朱胡郭林何高梁郑宋谢韩唐冯于董萧程曹袁邓许"
    "傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
)
GIVEN = (
    "伟强军建国志明海涛晓红丽敏静华平文斌玉兰春磊洋勇艳杰"
    "娟霞秀英桂芳刚辉鹏飞宇浩凯健俊峰超波宁琳雪梅慧颖欣怡佳"
)
ROADS = (
    "光明路",
    "振兴路",
    "建设路",
    "文化路",
    "工业路",
    "东昌路",
    "兴华街",
    "湖滨路",
    "创业街",
    "柳园路",
    "花园路",
    "前进街",
)
VILLAGES = (
    "前王村",
    "后李村",
    "张庄村",
    "刘集村",
    "大陈村",
    "小杨村",
    "赵楼村",
    "孙堂村",
    "马坊村",
    "朱屯村",
)
Item = TypeVar("Item")
RENAMED, MOVED, NEW_HEAD, SISTERS = 0.04, 0.06, 0.08, 0.02
GROUPS, ONE_HOUSE = 0.06, 0.6
"""Shares of enterprises that bear the word of another (华丰食品, 华丰包装), and of these in its house."""
LOOK_ALIKES = {"namesake": 0.01, "other_form": 0.01, "shop": 0.02}
"""Shares of enterprises of which there is another that is easily taken for it."""
FORMS = ("有限公司", "有限责任公司", "厂", "股份有限公司")
FORM_SHARES = (0.62, 0.14, 0.19, 0.05)


def draw_population(count: int, generator: np.random.Generator) -> pl.DataFrame:
    """Enterprises of a register of its own, in the form of ``draw_enterprises``; names are distinct."""
    units = generator.choice(list(COUNTY_SHARES), count, p=_share(list(COUNTY_SHARES.values())))
    kinds = generator.choice(CLASSES, count)
    short = {one.code: one.short_name for one in read_divisions()}
    towns = towns_by_unit()
    used: set[str] = set()
    names: list[str] = []
    word = ""
    for at in range(count):
        of_group = at > 0 and generator.random() < GROUPS
        units[at] = units[at - 1] if of_group else units[at]
        while (name := short[units[at]] + word + _pick(TRADES[kinds[at]], generator)) in used or not of_group:
            word, of_group = _word(generator), True
        used.add(name)
        names.append(name + FORMS[int(generator.choice(4, p=FORM_SHARES))])
    town = [_pick(towns[unit], generator) for unit in units]
    codes = [organisation_code(int(n)) for n in 10_000_000 + np.arange(count) * 1_733 % 89_000_000]
    return pl.DataFrame(
        {
            "enterprise_id": [f"E{i:06d}" for i in range(count)], "enterprise_name": names,
            "organisation_code": codes,
            "credit_code": [credit_code(t.county_code, code) for t, code in zip(town, codes, strict=True)],
            "takes_credit_code": generator.random(count) < 0.5, "county_code": units,
            "town": [one.name for one in town], "product_class": kinds,
            "enterprise_size": generator.choice(SIZES, count, p=SIZE_SHARES),
            "effect": generator.normal(0, 0.8, count),
        }
    )  # fmt: skip


def describe(enterprises: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """Enterprises with address and head, and with name, address and head that they had before."""
    count = len(enterprises)
    names = enterprises["enterprise_name"].to_list()
    towns = towns_by_unit()
    units = enterprises["county_code"].to_list()
    address = [f"{town}{_street(generator)}" for town in enterprises["town"]]
    head = [_person(generator) for _ in range(count)]
    draws = generator.random(count)
    for at in range(1, count):
        is_group = names[at][:4] == names[at - 1][:4]
        if units[at] == units[at - 1] and draws[at] < (ONE_HOUSE if is_group else SISTERS):
            address[at], head[at] = address[at - 1], head[at - 1]
    old_name = [
        name[:-8] + _word(generator) + TRADE_OF_CLASS[kind] + "有限公司" if len(name) > 8 and new else name
        for name, kind, new in zip(
            names, enterprises["product_class"], generator.random(count) < RENAMED, strict=True
        )
    ]
    old_address = [
        f"{_pick(towns[unit], generator).name}{_street(generator)}" if moved else text
        for unit, text, moved in zip(units, address, generator.random(count) < MOVED, strict=True)
    ]
    old_head = [
        _person(generator) if new else text
        for text, new in zip(head, generator.random(count) < NEW_HEAD, strict=True)
    ]
    return enterprises.with_columns(
        pl.Series("address", address), pl.Series("legal_person", head), pl.Series("old_name", old_name),
        pl.Series("old_address", old_address), pl.Series("old_head", old_head),
        pl.Series("changed_year", generator.integers(2011, 2016, count)),
        pl.Series("industry", [INDUSTRY[kind] for kind in enterprises["product_class"]]),
    )  # fmt: skip


def with_look_alikes(enterprises: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """Enterprises and their look-alikes, others in the same county (``look_alike``: of which kind)."""
    towns = towns_by_unit()
    made: list[dict[str, object]] = []
    for one in enterprises.iter_rows(named=True):
        kind = next((k for k, share in LOOK_ALIKES.items() if generator.random() < share), None)
        if kind is None:
            continue
        name = str(one["enterprise_name"])
        form = next((form for form in sorted(FORMS, key=len, reverse=True) if name.endswith(form)), "")
        name = {
            "namesake": name, "shop": f"{name}第{'二三四五'[int(generator.integers(4))]}分店",
            "other_form": name.removesuffix(form) + ("有限公司" if form == "厂" else "厂"),
        }[kind]  # fmt: skip
        town = _pick(towns[str(one["county_code"])], generator)
        address, code = f"{town.name}{_street(generator)}", organisation_code(90_000_000 + 13 * len(made))
        # The owner of a shop is often the head of the whole.
        head = one["legal_person"] if kind == "shop" and generator.random() < 0.5 else _person(generator)
        made.append(one | {
            "enterprise_id": f"L{len(made):06d}", "enterprise_name": name, "old_name": name,
            "town": town.name, "organisation_code": code, "credit_code": credit_code(town.county_code, code),
            "address": address, "old_address": address, "legal_person": head, "old_head": head,
            "look_alike": kind,
        })  # fmt: skip
    own = enterprises.with_columns(pl.lit(None, pl.String).alias("look_alike"))
    return pl.concat([own, pl.DataFrame(made, schema=own.schema)])


def _share(values: Sequence[float]) -> np.ndarray:
    return np.array(values) / sum(values)


def _pick(options: Sequence[Item], generator: np.random.Generator) -> Item:
    return options[int(generator.integers(len(options)))]


def _word(generator: np.random.Generator) -> str:
    """Two or three characters that tell an enterprise from others."""
    length = 3 if generator.random() < 0.25 else 2
    return "".join(_pick(CHARACTERS, generator) for _ in range(length))


def _person(generator: np.random.Generator) -> str:
    surname = SURNAMES[min(int(generator.exponential(14)), len(SURNAMES) - 1)]
    return surname + "".join(_pick(GIVEN, generator) for _ in range(1 if generator.random() < 0.2 else 2))


def _street(generator: np.random.Generator) -> str:
    place = _pick(ROADS if generator.random() < 0.6 else VILLAGES, generator)
    return f"{place}{int(generator.integers(1, 400))}号"
