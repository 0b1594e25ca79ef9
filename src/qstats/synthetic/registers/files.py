"""How do offices send their registers? Five shapes of lists, each with its own habits.

The bureau keeps one register of many kinds, a file for each year of award; other offices keep lists of trade
marks, farm products, standards and officers under their own headings. Terms are days, or words (三年); prizes
of buildings state the year only.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from qstats.codebook import label
from qstats.reference import read_divisions
from qstats.synthetic.sheet import Fault, Sheet

Cells = dict[str, str]
GENERAL, MARKS, FARM, STANDARDS, OFFICERS = SHAPES = ("general", "marks", "farm", "standards", "officers")
COLUMNS = {
    GENERAL: (
        ("sequence", "序号"), ("register", "登记类别"), ("name", "名称"), ("number", "证书编号"),
        ("holder", "获证单位"), ("enterprise_code", "统一社会信用代码"), ("county", "县区"),
        ("awarded_on", "批准日期"), ("valid_until", "有效期至"), ("withdrawn_on", "撤销日期"),
        ("status", "状态"), ("grade", "等级"), ("department", "主管部门"), ("remark", "备注"),
    ),
    "bases": (
        ("sequence", "序号"), ("register", "项目类别"), ("name", "基地名称"), ("holder", "承担单位"),
        ("county", "所属县区"), ("area_mu", "面积（亩）"), ("awarded_on", "认定日期"),
        ("valid_until", "有效期至"), ("withdrawn_on", "取消日期"), ("status", "状态"), ("remark", "备注"),
    ),
    "prizes": (
        ("sequence", "序号"), ("register", "荣誉名称"), ("name", "工程名称"), ("holder", "承建单位"),
        ("county", "所在县区"), ("awarded_on", "获奖年度"), ("department", "主管部门"), ("remark", "备注"),
    ),
    MARKS: (
        ("sequence", "序号"), ("name", "商标名称"), ("number", "商标注册号"), ("holder", "商标注册人"),
        ("enterprise_code", "组织机构代码"), ("county", "所在县区"), ("register", "认定级别"),
        ("awarded_on", "认定日期"), ("valid_until", "有效期"), ("withdrawn_on", "撤销日期"),
        ("department", "认定机关"), ("agent", "联系人"),
    ),
    FARM: (
        ("sequence", "序号"), ("grade", "认证类别"), ("name", "产品名称"), ("number", "证书编号"),
        ("holder", "生产单位"), ("enterprise_code", "组织机构代码"), ("county", "县区"),
        ("awarded_on", "发证日期"), ("valid_until", "有效期至"), ("withdrawn_on", "注销日期"),
        ("status", "证书状态"),
    ),
    STANDARDS: (
        ("sequence", "序号"), ("number", "标准编号"), ("name", "标准名称"), ("holder", "参与单位"),
        ("member", "参与方式"), ("county", "县区"), ("awarded_on", "发布日期"), ("withdrawn_on", "废止日期"),
        ("status", "标准状态"),
    ),
    OFFICERS: (
        ("sequence", "序号"), ("name", "姓名"), ("position", "职务"), ("holder", "任职企业"),
        ("enterprise_code", "统一社会信用代码"), ("grade", "企业规模"), ("county", "所在县区"),
        ("awarded_on", "聘任日期"), ("valid_until", "聘期至"), ("withdrawn_on", "离任日期"),
        ("status", "任职状态"),
    ),
}  # fmt: skip

OF_BUREAU = (
    "provincial_brand_product", "service_brand", "governor_quality_award", "municipal_quality_award",
    "production_base", "adopted_standard", "good_conduct", "alliance_standard", "service_pilot",
    "campaign_enterprise", "milestone",
)  # fmt: skip
WORDS = {
    "national_trademark": ("中国驰名商标", "馳名商標"),
    "provincial_trademark": ("山东省著名商标", "著名商标"),
    "provincial_brand_product": ("山东名牌产品", "山東名牌產品"),
    "service_brand": ("山东省服务名牌", "服务名牌"),
    "governor_quality_award": ("省长质量奖",), "municipal_quality_award": ("市长质量奖",),
    "pollution_free_livestock": ("无公害畜产品", "无公害畜禽产品"), "taishan_cup": ("泰山杯",),
    "structure_cup": ("山东省建设工程优质结构杯", "优质结构杯"), "production_base": ("优质产品生产示范基地",),
    "adopted_standard": ("采用国际标准产品", "采标产品"), "alliance_standard": ("联盟标准",),
    "good_conduct": ("标准化良好行为企业", "标准化良好行为"), "standard_base": ("农业标准化基地",),
    "service_pilot": ("服务业标准化试点",), "benchmark": ("质量标杆企业", "质量标杆"),
    "quality_expert": ("质量专家",), "quality_report": ("年度质量报告",),
    "campaign_enterprise": ("“1150”工程企业", "1150工程企业"), "milestone": ("里程碑",),
}  # fmt: skip
"""What offices call each register; now and then by the second name, in traditional characters perhaps."""

GRADES = {
    "pollution_free": "无公害", "green": "绿色食品", "organic": "有机产品", "AAAA": "AAAA级", "AAA": "AAA级",
    "AA": "AA级", "A": "A级", "national": "国家级", "provincial": "省级", "municipal": "市级",
    "well_known": "知名", "professional": "专业人才", "approved": "获批",
}  # fmt: skip
SECOND_NAME_EVERY = 25
SPARED = ("service_brand", "taishan_cup", "production_base", "alliance_standard", "milestone")
"""Registers of so few entries that a fault in one would decide their target."""

PRIZES = ("taishan_cup", "structure_cup")
OLDER = 2012
TITLE = "质量强市登记簿（演示）"


@dataclass(frozen=True)
class Listing:
    """A file to be made of entries: its name, who sends it, its shape, what the file's habits are."""

    file: str
    supplier: str
    shape: str
    registers: tuple[str, ...]
    encoding: str = "utf-8-sig"
    years: tuple[int, int] = (1900, 2100)
    columns: str = ""

    def takes(self) -> pl.Expr:
        """Entries that the file lists."""
        year = pl.col("awarded_on").dt.year()
        return pl.col("register").is_in(self.registers) & year.is_between(*self.years)


LISTINGS = (
    Listing(f"质量强市登记簿_{OLDER}年及以前.csv", "市质监局", GENERAL, OF_BUREAU, "gb18030", (1900, OLDER)),
    Listing("质量强市登记簿_2013.csv", "市质监局", GENERAL, OF_BUREAU, "gb18030", (2013, 2013)),
    Listing("质量强市登记簿_2014.xlsx", "市质监局", GENERAL, OF_BUREAU, "", (2014, 2014)),
    Listing("质量强市登记簿_2015.xlsx", "市质监局", GENERAL, OF_BUREAU, "", (2015, 2016)),
    Listing("质量专家库.csv", "市质监局人事科", GENERAL, ("quality_expert",)),
    Listing("质量标杆与质量报告.csv", "市经信委", GENERAL, ("benchmark", "quality_report"), "gb18030"),
    Listing("无公害畜产品登记表.xlsx", "市畜牧局", GENERAL, ("pollution_free_livestock",), ""),
    Listing("农业标准化基地.csv", "市农业局", GENERAL, ("standard_base",), columns="bases"),
    Listing("建筑工程获奖名单.xlsx", "市住建局", GENERAL, PRIZES, "", columns="prizes"),
    Listing("驰名著名商标名录.xlsx", "市工商局", MARKS, ("national_trademark", "provincial_trademark"), ""),
    Listing("三品认证名录.csv", "市农业局", FARM, ("three_products",), "gb18030"),
    Listing("参与制修订标准目录.xlsx", "市质监局标准化科", STANDARDS, ("drafted_standard",), ""),
    Listing("首席质量官名册.csv", "市质监局质量科", OFFICERS, ("chief_quality_officer",)),
)  # fmt: skip


def build_register_sheets(entries: pl.DataFrame, cutoff: date) -> list[Sheet]:
    """All files before anything goes wrong; ``batch`` holds the number of the entry in each row."""
    return [_sheet(listing, entries.filter(listing.takes()), cutoff) for listing in LISTINGS]


def shape_of(sheet: Sheet) -> str:
    """Which of the shapes a sheet has."""
    return next(listing.shape for listing in LISTINGS if listing.file == sheet.file)


def _sheet(listing: Listing, entries: pl.DataFrame, cutoff: date) -> Sheet:
    columns = COLUMNS[listing.columns or listing.shape]
    rows = [_row(listing, one, cutoff) for one in entries.iter_rows(named=True)]
    cells = {name: np.array([row.get(name) or None for row in rows], dtype=object) for name, _ in columns}
    cells["sequence"] = np.array([str(at + 1) for at in range(len(rows))], dtype=object)
    sheet = Sheet(
        listing.file, listing.supplier, columns, cells, entries["entry"].to_numpy(), "", "",
        encoding=listing.encoding, page="登记簿", titles=[TITLE] if listing.shape == GENERAL else [],
        day_fields=("awarded_on", "valid_until", "withdrawn_on"), number_fields=("area_mu",),
    )  # fmt: skip
    sheet.free &= ~entries["register"].is_in(SPARED).to_numpy()
    if listing.shape == MARKS:
        sheet.faults.append(Fault("file.column_ignored", None, None, "联系人", None, "habit"))
    return sheet


def _row(listing: Listing, one: dict[str, object], cutoff: date) -> Cells:
    register, day = str(one["register"]), one["awarded_on"]
    until, withdrawn = one["valid_until"], one["withdrawn_on"]
    over = isinstance(until, date) and until < cutoff
    row = {
        "register": word_of(register, int(str(one["entry"]))), "name": _text(one["name"]),
        "number": _text(one["number"]), "holder": _text(one["holder"]),
        "enterprise_code": _text(one["holder_code"]), "county": _county(one["county_code"]),
        "awarded_on": _text(day), "valid_until": _text(until), "withdrawn_on": _text(withdrawn),
        "status": "已撤销" if withdrawn else "已过期" if over else "有效",
        "grade": GRADES.get(str(one["grade"]), ""), "department": _text(one["department"]),
    }  # fmt: skip
    if listing.columns == "bases":
        row["area_mu"] = f"{round(float(str(one['quantity'])) * 10_000):d}"
    if listing.columns == "prizes" and register == "structure_cup":
        row["awarded_on"] = f"{str(day)[:4]}年度"
    if listing.shape == MARKS:
        row["valid_until"] = _term(day, until)
    if listing.shape == STANDARDS:
        row |= {"member": "参与起草", "status": "废止" if withdrawn else "现行"}
    if listing.shape == OFFICERS:
        row |= {
            "position": "质量副总经理", "grade": label("enterprise_size", str(one["grade"]), "zh"),
            "status": "已离任" if withdrawn else "" if over else "在任",
        }  # fmt: skip
    return row


def is_three_years(day: object, until: object) -> bool:
    """Whether validity ends three years after the award."""
    if not (isinstance(day, date) and isinstance(until, date)):
        return False
    return until + timedelta(days=1) == _three_years_later(day)


def _three_years_later(day: date) -> date:
    return (day.replace(day=28) if (day.month, day.day) == (2, 29) else day).replace(year=day.year + 3)


def _term(day: object, until: object) -> str:
    """A term in words, or its last day where it began before or after the award."""
    if until is None:
        return "长期"
    return "三年" if is_three_years(day, until) else f"至{until}"


def word_of(register: str, at: int) -> str:
    """What an office calls the register in a row."""
    words = WORDS.get(register, ("",))
    return words[-1] if at % SECOND_NAME_EVERY == 0 else words[0]


def _county(code: object) -> str:
    return "" if code is None else next(one.name for one in read_divisions() if one.code == code)


def _text(value: object) -> str:
    return "" if value is None else str(value)
