"""Does what was sampled explain why a county stands out? Its rate beside the city's at the same mix."""

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.counties.comparison import CountyComparison
from qstats.report.formats import format_percent, known_number
from qstats.report.groups import list_names

_MIX_MATTERS = 0.01
"""Difference of expected rate and city's from which a county's sampling mix is pointed out."""


def describe_mix(comparison: CountyComparison) -> Text | None:
    """For counties that stand out, whether their sampling mix would lead one to expect it; None where none does."""
    rows = comparison.stated[comparison.stated["standing"].isin(["below", "above"])]
    if rows.empty or comparison.whole["status"] != "stated":
        return None
    unusual = (rows["expected"] - known_number(comparison.whole["estimate"])).abs() >= _MIX_MATTERS
    explained = unusual & rows["expected"].between(rows["lower"], rows["upper"])
    parts = [
        _describe_explained(comparison, rows[explained]),
        _describe_unexplained(comparison, rows[~explained]),
    ]
    return {language: "".join(part[language] for part in parts) for language in LANGUAGES}


def _describe_explained(comparison: CountyComparison, rows: pd.DataFrame) -> Text:
    """Counties whose rate is what their mix lets one expect."""
    if rows.empty:
        return {"zh": "", "en": ""}
    names = list_names(comparison.names, rows["county_code"])
    return {
        "zh": f"{names['zh']}的差别可能主要来自抽样结构：同样结构（企业规模与环节）在全市的预期合格率与其实际合格率不能区分。",
        "en": f"For {names['en']} the difference may lie in what was sampled: the city's rates at the same mix (size of firm and stage) cannot be told apart from its own. ",
    }


def _describe_unexplained(comparison: CountyComparison, rows: pd.DataFrame) -> Text:
    """Counties whose rate their mix does not account for."""
    if rows.empty:
        return {"zh": "", "en": ""}
    names = list_names(comparison.names, rows["county_code"])
    ends = [format_percent(limit) for limit in (rows["expected"].min(), rows["expected"].max())]
    return {
        "zh": f"{names['zh']}的差别不能用抽样结构（企业规模与环节）解释：按其结构预期的合格率为{'～'.join(dict.fromkeys(ends))}。",
        "en": f"What was sampled (size of firm and stage) does not explain the difference of {names['en']}: expected at the mix, {' to '.join(dict.fromkeys(ends))}.",
    }
