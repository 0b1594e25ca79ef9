"""What are the things of the registers called? Marks, products, persons, works, standards, bases, numbers."""

from qstats.synthetic.vocabulary import BRANDS, NAME_FIRST, NAME_SECOND, PRODUCTS

CROPS = (
    "西瓜",
    "黄瓜",
    "番茄",
    "辣椒",
    "香瓜",
    "圆铃大枣",
    "鸭梨",
    "苹果",
    "芦笋",
    "食用菌",
    "小麦",
    "玉米",
    "大蒜",
    "韭菜",
)
ANIMALS = ("生猪", "肉鸡", "鸡蛋", "肉牛", "肉羊", "肉鸭", "鸭蛋", "鲜牛奶")
ESTATES = ("阳光", "锦绣", "金鼎", "水岸", "凤凰", "星光", "月季", "民生", "滨河", "振兴", "和谐", "馨园")
BUILDINGS = ("综合楼", "教学楼", "门诊楼", "办公楼", "住宅楼", "文化中心", "体育馆", "商业楼")
SURNAMES = "王李张刘陈杨赵孙马朱胡郭林何高梁郑宋谢韩"
GIVEN = "伟强军建国志明海涛晓红丽敏静华平文斌玉兰春"
BASIS = {
    "international": "ISO {number}-{year}", "national": "GB/T {number}-{year}",
    "industry": "NY/T {number}-{year}", "provincial": "DB37/T {number}-{year}", "": "Q/LCLM {number}-{year}",
}  # fmt: skip
"""How a standard of each grade is numbered; an alliance standard has none."""


def name_mark(at: int) -> str:
    """A word mark of two characters."""
    return NAME_FIRST[at % len(NAME_FIRST)] + NAME_SECOND[at // len(NAME_FIRST) % len(NAME_SECOND)]


def name_person(at: int) -> str:
    """Surname and given name of two characters."""
    surname, rest = SURNAMES[at % len(SURNAMES)], at // len(SURNAMES)
    return surname + GIVEN[rest % len(GIVEN)] + GIVEN[(rest // len(GIVEN) + 7) % len(GIVEN)]


def name_product(at: int, product_class: str) -> str:
    """A product of the class under a brand."""
    products = [one.name for one in PRODUCTS if one.product_class == product_class]
    return f"{BRANDS[at % len(BRANDS)]}牌{products[at // len(BRANDS) % len(products)]}"


def name_farm_product(at: int, animal: bool) -> str:
    """A farm product."""
    return (ANIMALS[at % len(ANIMALS)]) if animal else CROPS[at % len(CROPS)]


def name_work(at: int) -> str:
    """A building."""
    estate = ESTATES[at % len(ESTATES)]
    return f"{estate}{BUILDINGS[at // len(ESTATES) % len(BUILDINGS)]}{at + 1}号工程"


def name_builder(at: int) -> str:
    """A building company; there are a few."""
    return f"聊城{NAME_FIRST[at % 9]}{NAME_SECOND[at % 7]}建设集团有限公司"


def name_standard(at: int, product_class: str) -> str:
    """Title of a standard, each one different."""
    products = [one.name for one in PRODUCTS if one.product_class == product_class]
    kind = ("技术条件", "试验方法", "通用要求", "检验规则")[at % 4]
    return f"{products[at % len(products)]}第{at + 1}部分{kind}"


def number_standard(at: int, grade: str, year: int) -> str:
    """Number of a standard by its grade."""
    return BASIS[grade].format(number=10_001 + 37 * at, year=year)


def name_base(at: int, town: str) -> str:
    """A base of a town."""
    return f"{town}{CROPS[at % len(CROPS)]}标准化基地"


def name_cooperative(at: int, town: str) -> str:
    """Who keeps a base."""
    return f"{town}{NAME_FIRST[at % len(NAME_FIRST)]}{NAME_SECOND[at % len(NAME_SECOND)]}种植专业合作社"
