"""Does a county differ from the rest of the city, and has it changed? The words first, then the figures.

A difference is named only where the interval of all counties compared at once excludes 0, a change only where it
holds at one mix of samples. That a difference cannot be seen is not called equality.
"""

from qstats.codebook import LANGUAGES, Text
from qstats.report.county.findings import CountyFindings, CountyPage
from qstats.report.formats import (
    capital,
    format_count,
    format_interval,
    format_percent,
    format_points,
    known_number,
)
from qstats.report.inspection.verdicts import describe_comparison

MESSAGES: dict[str, Text] = {
    "above": {"zh": "合格率较高", "en": "a higher pass rate than the rest of the city"},
    "below": {"zh": "合格率较低", "en": "a lower pass rate than the rest of the city"},
    "awaited": {"zh": "结果未齐，暂不判断", "en": "too early to tell it from the rest of the city"},
    "not_told_apart": {"zh": "没有显著差别", "en": "no clear difference from the rest of the city"},
}
"""How a county stands to the rest of the city, in a few words."""


def describe_in_words(found: CountyFindings, page: CountyPage) -> Text:
    """What the twelve months show and do not show: no figure, but none that a figure below does not bear out."""
    one, when, who = found.difference, page.year.label, page.name
    if one.status != "stated":
        return {
            "zh": f"{when['zh']}{who['zh']}批次太少或数据不具备条件，不能与全市其余地区比较，也不能判断升降。",
            "en": f"{when['en']} holds too few batches of {who['en']}, or data that cannot carry a rate: it cannot be compared "
            "with the rest of the city, nor a change be judged.",
        }
    verdict, change = (
        _STANDINGS[stand(found)],
        _CHANGES.get(str(found.comparison.standardised.verdict), _NOT_KNOWN),
    )
    return {
        "zh": f"{when['zh']}，{who['zh']}的合格率{verdict['zh']}；{change['zh']}。",
        "en": f"{who['en']} in {when['en']}: {verdict['en']}; {change['en']}.",
    }


def stand(found: CountyFindings) -> str:
    """How a county stands to the rest of the city, a code of `MESSAGES`."""
    lower, upper = known_number(found.difference.lower), known_number(found.difference.upper)
    if not found.difference_holds:
        return "awaited"
    return "above" if lower > 0 else "below" if upper < 0 else "not_told_apart"


_STANDINGS: dict[str, Text] = {
    "above": {"zh": "高于全市其余地区", "en": "a higher pass rate than the rest of the city"},
    "below": {"zh": "低于全市其余地区", "en": "a lower pass rate than the rest of the city"},
    "awaited": {
        "zh": "与全市其余地区的差别，待出的结果可能抵消，暂不判断",
        "en": "results still awaited could undo its difference from the rest of the city, so none is claimed yet",
    },
    "not_told_apart": {
        "zh": "与全市其余地区分不出高低（分不出不等于相同）",
        "en": "a pass rate that cannot be told apart from the rest of the city (which does not mean that they are equal)",
    },
}
_NOT_KNOWN: Text = {
    "zh": "与上一年不可比",
    "en": "it cannot be compared with the year before",
}
_CHANGES: dict[str, Text] = {
    "rise": {
        "zh": "按相同抽样结构，比上一年提高",
        "en": "at the same mix of samples it rose on the year before",
    },
    "fall": {
        "zh": "按相同抽样结构，比上一年下降",
        "en": "at the same mix of samples it fell on the year before",
    },
    "no_clear_change": {
        "zh": "按相同抽样结构，与上一年相比看不出升降",
        "en": "at the same mix of samples no change on the year before can be seen",
    },
    "bases_disagree": {
        "zh": "与上一年相比，不同抽样结构下方向不一，不判断升降",
        "en": "whether it changed on the year before depends on the mix of samples, so no direction is claimed",
    },
    "no_common_mix": {
        "zh": "与上一年抽样差别太大，不能比较",
        "en": "what was sampled the year before has too little in common with it to be compared",
    },
    "awaited": {
        "zh": "结果未齐，与上一年相比暂不判断升降",
        "en": "too many results are awaited to tell a change on the year before",
    },
}


def describe_difference(found: CountyFindings, page: CountyPage) -> Text:
    """Whether the county differs from the rest of the city: the words first, the figures after."""
    one, rest, when = found.difference, found.rest, page.year.label
    if one.status != "stated":
        return {
            "zh": f"与全市其余地区相比：{when['zh']}批次不足或合格率未发布，无法比较。",
            "en": f"Compared with the rest of the city: no comparison is possible for {when['en']}, as a rate is not stated.",
        }
    words = MESSAGES[stand(found)]
    level = format_percent(known_number(one.confidence), decimals=0)
    whole, size = format_percent(known_number(rest.estimate)), format_points(known_number(one.estimate))
    n = {language: format_count(known_number(rest.n), language) for language in LANGUAGES}
    ends = known_number(one.lower), known_number(one.upper)
    limits = {language: format_interval(*ends, language, unit="points") for language in LANGUAGES}
    return {
        "zh": f"与全市其余地区相比，{words['zh']}：{when['zh']}其余地区{n['zh']}批次，合格率{whole}，相差{size}个百分点"
        f"（{page.comparisons}个县（市、区）同时比较的{level}置信区间：{limits['zh']}个百分点）。",
        "en": f"{capital(words['en'])}: there, {whole} of {n['en']} batches passed in {when['en']}; the difference is {size} points "
        f"({level} confidence interval for {page.comparisons} counties compared at once {limits['en']}).",
    }


def describe_year_change(found: CountyFindings, page: CountyPage) -> Text:
    """Change of the twelve months on those before, as it is and at the same mix of samples."""
    when, said = page.year.label, describe_comparison(found.comparison)
    return {
        "zh": f"{when['zh']}{said['zh']}",
        "en": f"{capital(when['en'])}: {said['en'][:1].lower()}{said['en'][1:]}",
    }
