"""How do the nine departments send their records? A file each, under headings of their own."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from qstats.codebook import label, read_vocabulary
from qstats.synthetic.enterprise_records.spelling import write_enterprise
from qstats.synthetic.sheet import Sheet

HEADS = {
    "quality": ("企业名称", "组织机构代码", "生产地址", "质量信用信息类别", "认定日期"),
    "commerce": ("企业（机构）名称", "统一社会信用代码/注册代码", "住所", "登记监管事项", "核准日期"),
    "food_drug": ("生产经营者名称", "社会信用代码", "生产经营地址", "食药监管事项", "作出日期"),
    "agriculture": ("生产经营主体", "主体代码", "经营地址", "农业监管事项", "登记日期"),
    "entry_exit": ("报检企业", "企业组织机构代码", "企业地址", "检验检疫事项", "备案日期"),
    "tax": ("纳税人名称", "纳税人代码", "注册地址", "涉税事项", "认定时间"),
    "police": ("涉案单位", "涉案单位代码", "单位地址", "案件类别", "立案日期"),
    "work_safety": ("生产经营单位", "单位组织机构代码", "单位所在地", "安全生产事项", "发生日期"),
    "bank": ("借款企业", "借款企业代码", "借款企业地址", "信贷记录类别", "记录日期"),
}
GB18030 = ("tax", "police", "bank")
TITLE = "企业信用信息（演示）"


def columns_of(department: str) -> tuple[tuple[str, str], ...]:
    """Columns of a department's file in order."""
    name, code, address, kind, day = HEADS[department]
    return (
        ("sequence", "序号"), ("enterprise_name", name), ("enterprise_code", code), ("address", address),
        ("legal_person", "法定代表人"), ("county", "所属县区"), ("industry", "行业代码"),
        ("enterprise_size", "企业规模"), ("kind", kind), ("recorded_on", day), ("ended_on", "结束日期"),
        ("severity", "严重程度"), ("amount", "金额（万元）"), ("document_no", "文书编号"), ("basis", "事由"),
    )  # fmt: skip


def write_cells(
    enterprises: pl.DataFrame, records: pl.DataFrame, generator: np.random.Generator
) -> list[dict[str, str]]:
    """Cells of each record as its department writes them."""
    known = enterprises.to_dicts()
    words = {kind: listed[0] for kind, listed in read_vocabulary()["record_kind"].items()}
    severities = {code: listed[0] for code, listed in read_vocabulary()["record_severity"].items()}
    sizes = {size: label("enterprise_size", size, "zh") for size in ("large", "medium", "small", "micro")}
    return [
        _cells(row, known[row["enterprise"]], words, severities, sizes, generator)
        for row in records.iter_rows(named=True)
    ]


def _cells(
    row: Mapping[str, object], one: dict[str, object], words: Mapping[str, str],
    severities: Mapping[str, str], sizes: Mapping[str, str], generator: np.random.Generator,
) -> dict[str, str]:  # fmt: skip
    department, day = str(row["department"]), str(row["recorded_on"])
    cells = write_enterprise(one, int(day[:4]), department, generator)
    is_commerce = department == "commerce"
    return cells | {
        "industry": f"C{one['industry']}" if is_commerce else "",
        "enterprise_size": sizes[str(one["enterprise_size"])] if is_commerce else "",
        "kind": words[str(row["kind"])], "recorded_on": day, "ended_on": str(row["ended_on"] or ""),
        "severity": severities.get(str(row["severity"]), ""), "amount": f"{row['amount'] or ''}",
        "document_no": str(row["document_no"] or ""), "basis": str(row["basis"] or ""),
    }  # fmt: skip


def build_record_sheets(records: pl.DataFrame, cells: list[dict[str, str]]) -> list[Sheet]:
    """A sheet for each department; ``batch`` holds the number of the record in each row."""
    sheets = []
    for department in HEADS:
        places = np.flatnonzero((records["department"] == department).to_numpy())
        columns = columns_of(department)
        of_sheet = {
            name: np.array([cells[at].get(name) or None for at in places], dtype=object)
            for name, _ in columns
        }
        of_sheet["sequence"] = np.array([str(at + 1) for at in range(len(places))], dtype=object)
        supplier = label("record_department", department, "zh")
        sheets.append(Sheet(
            f"企业信用信息_{supplier}.csv", f"市{supplier}部门", columns, of_sheet,
            places.astype(np.int64), "", "",
            encoding="gb18030" if department in GB18030 else "utf-8-sig", titles=[TITLE], day_fields=(),
            number_fields=("amount",),
        ))  # fmt: skip
    return sheets
