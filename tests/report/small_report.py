"""A chapter as it looks after execution, built without a kernel; as a script it writes the whole report."""

import sys
from pathlib import Path

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from qstats.report.display import Column, Display, show_figure, show_findings, show_table, show_text
from qstats.report.exports import write_tables
from qstats.report.figures import plot_arrivals, plot_pareto, plot_rate_series, plot_rates_by_group
from qstats.report.page import Facts
from qstats.report.pdf import write_pdf
from qstats.report.render import Chapter, read_chapter, render_chapter
from qstats.report.site import find_figure, render_whole, write_index

HOSTILE = "<script>alert('过氧化值')</script>"
COUNTIES = {
    "371502": {"zh": "东昌府区", "en": "Dongchangfu"},
    "371581": {"zh": "临清市", "en": "Linqing"},
    "371525": {"zh": "冠县", "en": "Guanxian"},
}
SOURCE = {"zh": "聊城市监督抽查", "en": "Supervision sampling, Liaocheng"}
UNIT = {"zh": "批次合格率", "en": "Batch pass rate"}
POINTS = [
    {"zh": "批次合格率为96.8%（95%置信区间95.2%～97.8%）。", "en": "96.8% conformed (95.2% to 97.8%)."},
    {"zh": "与上年同期相比无显著变化。", "en": "No clear change on a year earlier."},
]


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def series() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": ["2015Q2", "2015Q3", "2015Q4"],
            "estimate": [0.951, 0.957, 0.968],
            "lower": [0.93, 0.94, 0.952],
            "upper": [0.965, 0.97, 0.978],
            "n": [640, 701, 1712],
            "release": ["final", "final", "provisional"],
        }
    )


def rates() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "county_code": list(COUNTIES),
            "n": [1212, 180, 4],
            "estimate": [0.978123456789012, 0.951, None],
            "lower": [0.95, 0.91, None],
            "upper": [0.992, 0.974, None],
            "status": ["stated", "use_with_care", "cannot_be_stated"],
            "reason_zh": [None, None, "只抽查4批次"],
            "reason_en": [None, None, "only 4 batches"],
        }
    )


def items() -> pd.DataFrame:
    return pd.DataFrame({"item": ["$酸价$", HOSTILE, "=cmd|' /C calc'!A0"], "cases": [41, 30, 9]})


def county_table() -> Display:
    return show_table(
        rates(),
        name="pass_rate_by_county",
        caption=both("各县区批次合格率", "Batch pass rate by county"),
        columns={
            "county_code": Column(format="code", labels=COUNTIES),
            "n": "count",
            "estimate": "percent",
            "interval": "interval:percent",
        },
        status="status",
        reason=("reason_zh", "reason_en"),
    )


def item_table(rows: int = 3) -> Display:
    frame = pd.concat([items()] * (rows // 3), ignore_index=True)
    return show_table(
        frame,
        name="failed_items",
        caption=both("不合格项目", "Failed items"),
        columns={"item": "text", "cases": "count"},
    )


def figures() -> list[Display]:
    shared = {"unit": UNIT, "source": SOURCE, "alt": both("图的说明", "What the chart shows")}
    arrivals = pd.DataFrame(
        {"supplier": ["质检所"], "rows_kept": [90], "rows_rejected": [4], "rows_merged": [6]}
    )
    return [
        show_figure(
            plot_rate_series, series(), second=series(), target=0.98, name="pass_rate_by_quarter",
            title=both("合格率上升", "The rate rises"), data="pass_rate_by_county", **shared,
        ),
        show_figure(
            plot_rates_by_group, rates(), group="county_code", labels=COUNTIES, reference=0.96,
            name="by_county", title=both("各县区", "Counties"), **shared,
        ),
        show_figure(plot_pareto, items(), name="items", title=both("项目", "Items"), **shared),
        show_figure(plot_arrivals, arrivals, name="arrivals", title=both("到达", "Arrivals"), **shared),
    ]  # fmt: skip


def small_notebook() -> nbformat.NotebookNode:
    """Title, parameters, results, a warning, conclusions at the end."""
    cells = [
        *_both_languages("# 监督抽查", "# Supervision sampling"),
        _code('period = "2015Q4"', tags=("parameters",)),
        *_both_languages("## 各县区\n\n按合格率排列。", "## Counties\n\nHighest first."),
        _code("show_table(rates)", county_table()),
        *[_code("show_figure(plot)", figure) for figure in figures()],
        _code("show_table(items)", item_table(75)),
        _code("show_text(note)", show_text(both(f"说明{HOSTILE}", f"Note {HOSTILE}"), style="note")),
        _code("warn()", stderr="UserWarning: stray\n"),
        *_both_languages("## 结论", "## Conclusions", tags=("conclusions",)),
        _code(
            "show_findings(points)", show_findings([{"key": "a.b"}], sentences=POINTS), tags=("conclusions",)
        ),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells)


def small_chapter() -> Chapter:
    return read_chapter(small_notebook(), "20_inspection")


def small_facts(*, demonstration: bool = True) -> Facts:
    return Facts(
        title=both("聊城市产品质量（2015年第四季度）", "Product quality in Liaocheng, 2015Q4"),
        period=both("2015年第四季度", "Fourth quarter of 2015"),
        release="provisional",
        demonstration=demonstration,
        data_cutoff="2015-12-31",
        version="0.1.0",
    )


def write_report(folder: Path) -> None:
    chapter, facts = small_chapter(), small_facts()
    names = [(chapter.name, chapter.title)]
    figure = find_figure([chapter], "pass_rate_by_quarter")
    write_index(folder, facts, main_points=POINTS, chapters=names, figure=figure)
    write_tables(chapter.outputs, folder / "tables")
    for language in ("zh", "en"):
        page = render_chapter(chapter, facts, language=language, chapters=names)
        (folder / language / f"{chapter.name}.html").write_text(page, encoding="utf-8")
    whole = render_whole(facts, language="zh", main_points=POINTS, chapters=[chapter], figure=figure)
    write_pdf(whole, folder / "zh" / "report.pdf")


def _both_languages(zh: str, en: str, tags: tuple[str, ...] = ()) -> list[nbformat.NotebookNode]:
    pair = (("zh", zh), ("en", en))
    return [new_markdown_cell(text, metadata={"tags": [language, *tags]}) for language, text in pair]


def _code(
    source: str, display: Display | None = None, *, stderr: str = "", tags: tuple[str, ...] = ()
) -> nbformat.NotebookNode:
    cell = new_code_cell(source, metadata={"tags": list(tags)})
    if display:
        bundle = nbformat.from_dict(display._repr_mimebundle_())
        cell.outputs.append(new_output("execute_result", data=bundle, execution_count=1))
    if stderr:
        cell.outputs.append(new_output("stream", name="stderr", text=stderr))
    return cell


if __name__ == "__main__":
    write_report(Path(sys.argv[1]))
