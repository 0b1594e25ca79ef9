"""What limits the assessment? What the scheme's issuer set and what this project did, what the limits hold."""

from qstats.codebook import LANGUAGES, Text
from qstats.report.county_assessment.assessment import WITHOUT_DATA, Assessment
from qstats.report.county_assessment.wording import join_labels
from qstats.report.formats import format_count, join_sentences


def describe_basis(assessed: Assessment, county: str | None = None) -> list[Text]:
    """Scheme, year, number of rows behind the points: of all counties or, on the page of one, of that one."""
    declared = assessed.scheme.declared.text
    return [
        {
            "zh": f"按“{assessed.scheme.label.zh}”考核，考核年度为{assessed.when['zh']}（最近一个已结束的考核年度）。{declared['zh']}。",
            "en": f"Scheme: {assessed.scheme.label.en}; assessment year {assessed.when['en']}, the newest that is over. Note: {declared['en']}.",
        },
        _describe_rows(assessed, county),
        describe_unmeasured(assessed),
    ]


def _describe_rows(assessed: Assessment, county: str | None) -> Text:
    of_points, of_vetoes = (
        len(rows) if county is None else int((rows["county_code"] == county).sum())
        for rows in (assessed.point_rows, assessed.veto_rows)
    )
    whose: Text = {"zh": "各县（市、区）的", "en": "The points of all counties"}
    where: Text = {"zh": "见各县页面的数据文件", "en": "in the data files on the page of each county"}
    if county is not None:
        name = assessed.names[county]
        whose = {"zh": f"{name['zh']}的", "en": f"The points of {name['en']}"}
        where = {
            "zh": "见“来源”一节的数据文件",
            "en": "in the data files of the section on where points come from",
        }
    rows, more = ({one: format_count(count, one) for one in LANGUAGES} for count in (of_points, of_vetoes))
    veto: Text = {
        "zh": f"一票否决出自{more['zh']}行记录。",
        "en": f"Vetoes come from {more['en']} rows." if of_vetoes > 1 else "The veto comes from one row.",
    }
    return join_sentences([
        {
            "zh": f"{whose['zh']}得分出自{rows['zh']}行记录，都是实际计入的行，可追溯到来源文件和行号（{where['zh']}）；基本分没有来源行。",
            "en": f"{whose['en']} come from {rows['en']} rows, those that were counted and no others; each can be followed to file and line {where['en']}. A base score has no rows.",
        },
        veto if of_vetoes else None,
    ])  # fmt: skip


def describe_unmeasured(assessed: Assessment) -> Text:
    """How many of the points rest on items that no county has data for."""
    scores = assessed.now.cards.scores
    known = set(scores.loc[~scores["status"].isin(WITHOUT_DATA), "item"])
    nowhere = [item for item in assessed.scheme.items if item.code not in known]
    if not nowhere:
        return {
            "zh": "每个项目都至少在一个县（市、区）有数据。",
            "en": "Every item has data in at least one county.",
        }
    total, points = f"{assessed.scheme.total:g}", f"{sum(item.points for item in nowhere):g}"
    items = join_labels([item.label.text for item in nowhere])
    refused = any(item.base is None for item in nowhere)
    return {
        "zh": f"满分{total}分中有{points}分在所有县（市、区）都没有数据或数据太少（{items['zh']}）：给的是基本分，不反映各县情况{'；没有基本分的，各县都没有总分' if refused else ''}。",
        "en": f"Of {total} points, {points} were measured in no county ({items['en']}): data are missing or too few, and base scores stand in that say nothing of the counties{'; an item without base score leaves every county without a total' if refused else ''}.",
    }


def describe_limits(assessed: Assessment) -> list[Text]:
    """What the limits of totals hold, and what stability means."""
    return [
        {
            "zh": f"抽样误差范围：监督抽查合格率、再次抽查合格率和满意度的{assessed.level}置信限换算成分数，各项独立，距离按平方相加。完整计数和评委评分没有抽样误差，但评分宽严、材料真伪不在其中。",
            "en": f"Limits by sampling error: the {assessed.level} limits of pass rates and of satisfaction turned into points; items are independent, distances add up in squares. Complete counts and points entered by assessors have no sampling error; how strict assessors are, and whether papers are true, is not in them.",
        },
        {
            "zh": "等级是把连续的得分切开：相差零点几分可以差一个等级，而相差几分可能只是抽样的偶然。因此列出误差之内的等级和界线移动1分时的等级。各县排列先后不是名次。",
            "en": "A grade cuts a continuous total: tenths of a point may make a grade, and several points may be chance of sampling. That is why grades within error and with shifted limits are listed. The order of the counties is no ranking.",
        },
        {
            "zh": "没有数据或不适用的项目给基本分，没有基本分的不评等级；未报佐证的得0分。只有已认定的事故扣分或否决，调查中的不计。",
            "en": "An item without data, or that does not apply, earns its base score; without one there is no grade. Evidence that was not sent earns nothing. Only confirmed incidents take points or decide a grade; those under investigation do not.",
        },
    ]
