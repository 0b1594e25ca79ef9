import re
import xml.etree.ElementTree as ElementTree

import pandas as pd

from qstats.report.display import show_figure
from qstats.report.figures import plot_operating_curve

BOTH = {"zh": "中文", "en": "English"}


def draw(marks: list) -> dict[str, str]:
    curve = pd.DataFrame({"rate": [0.9, 0.95, 1.0], "chance": [1.0, 0.6, 0.0]})
    texts = dict.fromkeys(("title", "alt", "unit", "source"), BOTH)
    labels = {"across_label": {"zh": "横", "en": "Across"}, "upward_label": {"zh": "纵", "en": "Upward"}}
    display = show_figure(
        plot_operating_curve, curve, across="rate", upward="chance", marks=marks, name="oc", **labels, **texts
    )
    return display.payload["svg"]


def words_of(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("text")]


def test_axes_and_marks_speak_the_language() -> None:
    marks = [{"at": 0.95, "probability": 0.6, "label": {"zh": "此处", "en": "Here"}}]
    svg = draw(marks)
    assert {"横", "纵", "此处", "100%"} <= set(words_of(svg["zh"]))
    assert {"Across", "Upward", "Here"} <= set(words_of(svg["en"]))
    assert not re.search(r"[\u4e00-\u9fff]", "".join(words_of(svg["en"])))
    assert draw(marks) == svg


def test_the_scale_of_probability_is_whole() -> None:
    assert {"0%", "100%"} <= set(words_of(draw([])["en"]))
