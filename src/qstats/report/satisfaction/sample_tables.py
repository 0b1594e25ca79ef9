"""Which tables show who answered, and what other choices would give?"""

from typing import Any

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.satisfaction.assessment import Assessment
from qstats.report.satisfaction.headings import HEAD, POINTS, say_nothing


def tabulate_robustness(assessed: Assessment) -> Display:
    """The score of each sector by other choices: every questionnaire counted, no weighting to the population."""
    if not assessed.received:
        return say_nothing(assessed, "satisfaction_other_choices", "sector")
    choices: list[tuple[Text, Assessment]] = [
        ({"zh": "本报告", "en": "This report"}, assessed),
        ({"zh": "不剔除任何问卷", "en": "No questionnaire left out"}, assessed.without_screening()),
        ({"zh": "不按总体加权", "en": "Not weighted to the population"}, assessed.unweighted()),
    ]
    rows: list[dict[str, Any]] = []
    for label, variant in choices:
        for row in variant.measure("sector", "score").to_dict("records"):
            sector = assessed.label_of("sector", row["sector"])
            rows.append(
                {
                    **row,
                    "choice_zh": label["zh"],
                    "choice_en": label["en"],
                    "sector_zh": sector["zh"],
                    "sector_en": sector["en"],
                }
            )
    return show_table(
        pd.DataFrame(rows),
        name="satisfaction_other_choices",
        caption={"zh": "换一种做法，满意度得分是多少", "en": "The satisfaction score under other choices"},
        columns={
            "choice": Column(format="bilingual", label={"zh": "做法", "en": "Choice"}),
            "sector": Column(format="bilingual", label={"zh": "类别", "en": "Sector"}),
            "n": Column(format="count", label=HEAD["respondents"]),
            "estimate": Column(format=POINTS, label=HEAD["score"]),
            "interval": Column(format="interval", unit=POINTS, label=HEAD["interval"]),
        },
        status="mark",
        reason=("reason_zh", "reason_en"),
    )


def tabulate_sample(assessed: Assessment) -> Display:
    """The respondents beside the population, category by category; a sentence without margins."""
    table = (
        assess.compare_with_margins(assessed.now, assessed.margins) if assessed.received else pd.DataFrame()
    )
    if table.empty:
        return show_text(
            {
                "zh": "没有总体数据（margins.csv），受访者的构成无从与总体比较。",
                "en": "No population totals (margins.csv): the respondents cannot be compared with the population.",
            },
            style="note",
            instead_of="satisfaction_sample",
        )
    labels = [
        {
            one: f"{assessed.variable_label(row.variable)[one]}{'：' if one == 'zh' else ': '}{assessed.label_of(row.variable, row.category)[one]}"
            for one in LANGUAGES
        }
        for row in table.itertuples()
    ]
    return show_table(
        table.assign(group_zh=[one["zh"] for one in labels], group_en=[one["en"] for one in labels]),
        name="satisfaction_sample",
        caption={"zh": "受访者构成与总体构成", "en": "Respondents beside the population"},
        columns={
            "group": Column(format="bilingual", label={"zh": "组别", "en": "Group"}),
            "n": Column(format="count", label={"zh": "人数", "en": "Respondents"}),
            "population": Column(format="percent", label={"zh": "总体", "en": "Population"}),
            "sampled": Column(format="percent", label={"zh": "受访者", "en": "Respondents (%)"}),
            "weighted": Column(format="percent", label={"zh": "加权后", "en": "After weighting"}),
        },
    )
