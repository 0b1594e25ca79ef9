"""Small charts of published series. Oracle: what was given to be drawn."""

import numpy as np
import pandas as pd

from qstats.report.figures.published import plot_published

LABELS = {"a": {"zh": "甲" * 40, "en": "a very long name " * 5}, "b": {"zh": "乙", "en": "b"}}


def test_each_series_has_its_chart_and_no_line_crosses_a_change_of_definition() -> None:
    series = pd.DataFrame({
        "series": ["a"] * 5 + ["b"] * 2, "group": [*"11222", "", ""],
        "time": [*range(2010, 2015), 2010, 2012], "value": [0.8, 0.82, 0.9, 0.91, 0.93, 70.0, 72.0],
    })  # fmt: skip
    figure = plot_published(series, labels=LABELS, shares={"a"}, language="en")
    first, second = (axes for axes in figure.axes if axes.get_visible())
    assert [len(line.get_xdata()) for line in first.lines] == [2, 3]
    assert np.concatenate([line.get_ydata() for line in first.lines]).max() == 93.0  # per cent
    assert list(second.lines[0].get_ydata()) == [70.0, 72.0]  # in its own unit
    assert first.get_title(loc="left").count("\n") == 1 and first.get_title(loc="left").endswith("…")
    figure.canvas.draw()
    assert first.yaxis.get_major_formatter()(90.0, 0) == "90%"
