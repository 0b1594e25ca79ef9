"""What is made and tested in the synthetic city? Products, test items with limits, words of names.

Items and limits follow the kind of clause that the product standards hold; the values are for
demonstration only.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TestItem:
    """A tested property: name, unit, operator (``≤`` or ``≥``) and limit."""

    name: str
    unit: str
    operator: str
    limit: float


@dataclass(frozen=True)
class Product:
    """A product of one class with its usual specification and the items it is tested for."""

    product_class: str
    name: str
    model: str
    items: tuple[TestItem, ...]


def _product(product_class: str, name: str, model: str, *items: tuple[str, str, str, float]) -> Product:
    return Product(product_class, name, model, tuple(TestItem(*item) for item in items))


PRODUCTS = (
    _product(
        "food",
        "食用植物油",
        "5L/桶",
        ("过氧化值", "g/100g", "≤", 0.25),
        ("酸价", "mg/g", "≤", 3.0),
        ("溶剂残留量", "mg/kg", "≤", 20.0),
    ),
    _product(
        "food",
        "小麦粉",
        "25kg/袋",
        ("水分", "%", "≤", 14.5),
        ("灰分", "%", "≤", 0.7),
        ("脂肪酸值", "mg/100g", "≤", 80.0),
    ),
    _product(
        "food",
        "酱卤肉制品",
        "250g/袋",
        ("亚硝酸盐", "mg/kg", "≤", 30.0),
        ("山梨酸", "g/kg", "≤", 0.075),
        ("菌落总数", "CFU/g", "≤", 80000.0),
    ),
    _product(
        "agricultural_inputs",
        "复混肥料",
        "50kg/袋",
        ("总养分", "%", "≥", 45.0),
        ("氯离子", "%", "≤", 3.0),
        ("水分", "%", "≤", 2.0),
    ),
    _product(
        "agricultural_inputs",
        "有机肥料",
        "40kg/袋",
        ("有机质", "%", "≥", 45.0),
        ("总养分", "%", "≥", 5.0),
        ("水分", "%", "≤", 30.0),
    ),
    _product(
        "agricultural_inputs",
        "农用地膜",
        "1000mm×0.01mm",
        ("厚度", "mm", "≥", 0.01),
        ("断裂伸长率", "%", "≥", 200.0),
        ("拉伸负荷", "N", "≥", 1.6),
    ),
    _product(
        "building_materials",
        "通用硅酸盐水泥",
        "P.O42.5",
        ("28d抗压强度", "MPa", "≥", 42.5),
        ("三氧化硫", "%", "≤", 3.5),
        ("氯离子", "%", "≤", 0.06),
    ),
    _product(
        "building_materials",
        "热轧带肋钢筋",
        "HRB400-16mm",
        ("屈服强度", "MPa", "≥", 400.0),
        ("抗拉强度", "MPa", "≥", 540.0),
        ("断后伸长率", "%", "≥", 16.0),
    ),
    _product(
        "building_materials",
        "人造板",
        "1220mm×2440mm×15mm",
        ("甲醛释放量", "mg/L", "≤", 1.5),
        ("静曲强度", "MPa", "≥", 24.0),
        ("含水率", "%", "≤", 14.0),
    ),
    _product(
        "household_goods",
        "儿童家具",
        "1200mm×600mm",
        ("甲醛释放量", "mg/L", "≤", 1.5),
        ("可迁移元素铅", "mg/kg", "≤", 90.0),
        ("稳定性", "N", "≥", 20.0),
    ),
    _product(
        "household_goods",
        "洗衣粉",
        "1.5kg/袋",
        ("总活性物", "%", "≥", 13.0),
        ("游离碱", "%", "≤", 8.0),
        ("总五氧化二磷", "%", "≤", 1.1),
    ),
    _product(
        "household_goods",
        "卫生纸",
        "200g/卷",
        ("横向吸液高度", "mm", "≥", 20.0),
        ("亮度", "%", "≤", 90.0),
        ("尘埃度", "个/m", "≤", 200.0),
    ),
    _product(
        "appliances",
        "电热水器",
        "60L-2000W",
        ("泄漏电流", "mA", "≤", 0.75),
        ("接地电阻", "Ω", "≤", 0.1),
        ("输入功率偏差", "%", "≤", 10.0),
    ),
    _product(
        "appliances",
        "荧光灯",
        "36W",
        ("初始光效", "lm/W", "≥", 60.0),
        ("谐波电流", "%", "≤", 30.0),
        ("骚扰电压", "dB", "≤", 56.0),
    ),
    _product(
        "textiles",
        "纯棉针织内衣",
        "170/92A",
        ("甲醛含量", "mg/kg", "≤", 75.0),
        ("纤维含量偏差", "%", "≤", 5.0),
        ("耐水色牢度", "级", "≥", 3.0),
    ),
    _product(
        "textiles",
        "棉本色布",
        "C14.6×14.6",
        ("断裂强力", "N", "≥", 300.0),
        ("密度偏差", "%", "≤", 2.0),
        ("棉结杂质", "粒/g", "≤", 40.0),
    ),
    _product(
        "auto_parts",
        "滚动轴承",
        "6205",
        ("径向游隙", "μm", "≤", 20.0),
        ("硬度", "HRC", "≥", 60.0),
        ("振动值", "dB", "≤", 46.0),
    ),
    _product(
        "auto_parts",
        "制动衬片",
        "D465",
        ("摩擦系数", "级", "≥", 0.35),
        ("磨损率", "mm", "≤", 0.5),
        ("剪切强度", "MPa", "≥", 2.5),
    ),
    _product(
        "chemicals",
        "工业盐酸",
        "31%",
        ("总酸度", "%", "≥", 31.0),
        ("铁", "%", "≤", 0.008),
        ("灼烧残渣", "%", "≤", 0.1),
    ),
    _product(
        "chemicals",
        "溶剂型涂料",
        "20kg/桶",
        ("挥发性有机物", "g/L", "≤", 420.0),
        ("苯", "%", "≤", 0.3),
        ("可溶性铅", "mg/kg", "≤", 90.0),
    ),
    _product(
        "food_contact",
        "食品用塑料袋",
        "200mm×300mm",
        ("蒸发残渣", "mg/L", "≤", 30.0),
        ("高锰酸钾消耗量", "mg/L", "≤", 10.0),
        ("脱色试验", "级", "≤", 1.0),
    ),
    _product(
        "food_contact",
        "一次性塑料餐盒",
        "750mL",
        ("负重性能", "%", "≤", 5.0),
        ("蒸发残渣", "mg/L", "≤", 30.0),
        ("容积偏差", "%", "≤", 5.0),
    ),
    _product(
        "safety_equipment",
        "安全帽",
        "T型ABS",
        ("冲击吸收性能", "N", "≤", 4900.0),
        ("侧向刚性", "mm", "≤", 40.0),
        ("下颏带强度", "N", "≥", 150.0),
    ),
    _product(
        "safety_equipment",
        "手提式干粉灭火器",
        "MFZ/ABC4",
        ("喷射时间", "s", "≥", 13.0),
        ("灭火剂含量", "%", "≥", 50.0),
        ("水压试验压力", "MPa", "≥", 2.5),
    ),
)
"""Products of the ten industrial classes that the city samples."""

NAME_FIRST = tuple("鑫华盛宏金瑞恒泰东方中信德隆昌兴永顺安康嘉祥润丰")
NAME_SECOND = tuple("源达利通茂诚远辉阳晟宇森博凯旭腾跃光海林田河景春")
TRADE_OF_CLASS = {
    "food": "食品",
    "agricultural_inputs": "肥业",
    "building_materials": "建材",
    "household_goods": "日用品",
    "appliances": "电器",
    "textiles": "纺织",
    "auto_parts": "轴承",
    "chemicals": "化工",
    "food_contact": "包装",
    "safety_equipment": "防护用品",
}
BRANDS = ("鲁西", "水城", "东阿泉", "运河", "光岳", "景阳", "金谷", "凤凰", "胭脂湖", "凌云")
ROADS = ("工业路", "振业路", "兴隆路", "富民路", "科技路", "创业路")
