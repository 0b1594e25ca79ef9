"""Which chart does the page of one county show? The county over the years beside the rest of the city."""

import pandas as pd

from qstats.codebook import Text
from qstats.estimation.beside_rest import AREAS
from qstats.report.county.findings import CountyFindings, CountyPage
from qstats.report.county.verdicts import MESSAGES, stand
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.county import plot_county_series


def chart_years(years: pd.DataFrame, found: CountyFindings, page: CountyPage) -> Display:
    """The county over the years beside the rest of the city."""
    years = page.rows(years, page.years)
    county, rest = (years[years["area"] == area].reset_index(drop=True) for area in AREAS)
    if county["estimate"].isna().all():
        return show_text(
            {"zh": "没有一年的批次足以表述合格率，故不绘图。", "en": "No year holds enough batches for a rate: there is nothing to draw."},
            style="note", instead_of="rates_by_year",
        )  # fmt: skip
    title = _title(found, page)
    return show_figure(
        plot_county_series, county, rest,
        name="rates_by_year", data="rates_by_year", title=title,
        alt={
            "zh": f"{title['zh']}。{page.name['zh']}各年合格率及区间，灰线为全市其余地区；数值见表rates_by_year。",
            "en": f"{title['en']}. Rates of {page.name['en']} by year with intervals, the rest of the city as a grey line; "
            "values in the table rates_by_year.",
        },
        unit={"zh": "批次合格率（%），每点为十二个月", "en": "Batch pass rate (%), twelve months a point"},
        source={
            "zh": f"{page.in_year.batches['zh']}，按抽样日期归期",
            "en": f"{page.in_year.batches['en'].capitalize()}, by date of sampling",
        },
    )  # fmt: skip


def _title(found: CountyFindings, page: CountyPage) -> Text:
    one = found.difference
    if one.status != "stated":
        return {
            "zh": f"{page.name['zh']}批次不足，{page.year.label['zh']}无法与全市其余地区比较",
            "en": f"{page.name['en']}: too few batches in {page.year.label['en']} to compare with the rest of the city",
        }
    word = MESSAGES[stand(found)]
    return {
        "zh": f"{page.year.label['zh']}{page.name['zh']}与全市其余地区相比{word['zh']}",
        "en": f"{page.name['en']}, {page.year.label['en']}: {word['en']}",
    }
