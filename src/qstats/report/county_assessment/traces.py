"""From which rows do the points and the grade of a county come? Table, file and line of each."""

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.display import Display, show_table, show_text
from qstats.report.formats import format_count

_VETO: Text = {"zh": "一票否决：", "en": "Veto: "}


def tabulate_traces(assessed: Assessment, county: str) -> Display:
    """Rows behind vetoes, then behind each point; the page shows the first ones, the data file all of them."""
    own = _rows_of(assessed, county)
    if own.empty:
        return show_text(
            {"zh": "没有来源行。", "en": "There are no rows."}, style="note", instead_of="assessment_rows"
        )
    count = {one: format_count(len(own), one) for one in LANGUAGES}
    return show_table(
        own,
        name="assessment_rows",
        caption={
            "zh": f"得分和一票否决的来源：文件与行号（共{count['zh']}行，页面只列开头，全部见数据文件）",
            "en": f"Where points and vetoes come from: file and line ({count['en']} rows; the page shows the first, the data files all of them)",
        },
        columns={
            "name": Column(format="bilingual", label={"zh": "项目", "en": "Item"}),
            "table": Column(format="bilingual", label={"zh": "数据表", "en": "Table"}),
            "file": Column(label={"zh": "文件", "en": "File"}),
            "source_row": Column(format="count", label={"zh": "行号", "en": "Line"}),
        },
        max_rows=8,
        notes=[{
            "zh": "文件的来源、校验和等见“数据”一章的来源表；incidents.csv和assessment_evidence.csv由市里自行登记。",
            "en": "Who sent a file, and its checksum, stand in the list of files of the chapter on the data; incidents.csv and assessment_evidence.csv are kept by the city itself.",
        }, {
            "zh": "一个批次见于几行的，各行都列；登记事项只列据以计数的一条。一起事件既否决又扣分的，两处都列。",
            "en": "A batch that stands in several lines is listed with all of them, a thing in a register with the one entry by which it counts. An incident that both decides the grade and takes points is listed for each.",
        }],
    )  # fmt: skip


def _rows_of(assessed: Assessment, county: str) -> pd.DataFrame:
    vetoes, points = (
        rows[rows["county_code"] == county].sort_values(["item", "source_table", "source_id", "source_row"])
        for rows in (assessed.veto_rows, assessed.point_rows)
    )
    rows = pd.concat([vetoes, points], ignore_index=True)
    names = [assessed.label(str(item)) for item in rows["item"]]
    for at in range(len(vetoes)):
        names[at] = {one: _VETO[one] + names[at][one] for one in LANGUAGES}
    tables = [text("table", str(table)) for table in rows["source_table"]]
    # What the bureau keeps itself is named by its file already.
    files = [assessed.files.get(source, source) for source in rows["source_id"]]
    return rows.assign(
        **{f"name_{one}": [name[one] for name in names] for one in LANGUAGES},
        **{f"table_{one}": [table[one] for table in tables] for one in LANGUAGES},
        file=files,
    )
