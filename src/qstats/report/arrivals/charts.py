"""Which chart does the cleaning chapter show? What became of the rows of each supplier."""

import pandas as pd

from qstats.report.display import Display, show_figure
from qstats.report.figures import plot_arrivals


def chart_arrivals(suppliers: pd.DataFrame) -> Display:
    """What became of the rows of each supplier."""
    return show_figure(
        plot_arrivals,
        suppliers,
        name="rows_by_supplier",
        data="rows_by_supplier",
        title={"zh": "各报送单位的数据行去向", "en": "What became of the rows of each supplier"},
        alt={
            "zh": "各报送单位读入行中保留、剔除、归并的行数；数值见表rows_by_supplier。",
            "en": "Rows kept, rejected and merged by supplier; the values stand in the table rows_by_supplier.",
        },
        unit={"zh": "单位：行", "en": "Unit: rows"},
        source={"zh": "本期收到的全部来源文件", "en": "All source files received for the run"},
    )
