"""How are groups of batches named: counties, product classes, sizes, stages, and those that state none?"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from qstats.codebook import Text, text
from qstats.reference import county_name, product_class_name

GROUP_LABELS: dict[str, Text] = {
    "county_code": {"zh": "县（市、区）", "en": "county"},
    "product_class": {"zh": "产品类别", "en": "product class"},
    "enterprise_size": {"zh": "企业规模", "en": "enterprise size"},
    "stage": {"zh": "抽样环节", "en": "stage of sampling"},
    "issuer": {"zh": "发布单位", "en": "issuing body"},
    "province": {"zh": "省份", "en": "province"},
    "listing": {"zh": "信息平台", "en": "platform"},
}
_UNKNOWN: Text = {"zh": "未注明", "en": "not stated"}


def name_groups(rates: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rates with the group's code as text, ``""`` where a batch states none."""
    return rates.assign(**{column: rates[column].fillna("").astype(str)})


def group_names(column: str, codes: Sequence[str]) -> dict[str, Text]:
    """Names of the groups of a column in both languages, by code."""
    return {code: _group_name(column, code) for code in codes}


def _group_name(column: str, code: str) -> Text:
    if not code:
        return _UNKNOWN
    if column == "county_code":
        return county_name(code)
    if column == "product_class":
        return product_class_name(code)
    return text(column, code) if column in ("enterprise_size", "stage") else {"zh": code, "en": code}


def list_names(names: Mapping[str, Text], codes: Iterable[str]) -> Text:
    """Names of some groups in their order, as a sentence lists them."""
    listed = [names[code] for code in codes]
    return {"zh": "、".join(name["zh"] for name in listed), "en": ", ".join(name["en"] for name in listed)}
