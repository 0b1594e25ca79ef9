"""Every notebook is the thin argument of one chapter: fixed sections, both languages, no programming."""

import ast
import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
LANGUAGES = ("zh", "en")
# The order of the argument. The bracketed ones may be left out, in all notebooks alike.
SECTIONS = ["Parameters", "Set-up", "Data", "Results", "Robustness and limits", "Conclusions", "Outputs"]
REQUIRED = ["Data", "Results", "Robustness and limits", "Conclusions"]
LONGEST_CELL = 12
PROGRAMMING = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With),
)
# Drawing belongs to report.figures, files to the pipeline.
FOREIGN = {"matplotlib", "os", "pathlib", "subprocess", "sys"}

Cell = dict[str, Any]
Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    return json.loads(path.read_text(encoding="utf-8"))


def cells(notebook: Notebook, kind: str) -> list[Cell]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell: Cell) -> str:
    return "".join(cell["source"])


def tags(cell: Cell) -> list[str]:
    return cell["metadata"].get("tags", [])


def headings(notebook: Notebook, language: str, level: int) -> list[str]:
    """Headings of one level in the cells of one language, code fences left out."""
    found, fenced = [], False
    for cell in cells(notebook, "markdown"):
        for line in source(cell).splitlines() if language in tags(cell) else []:
            fenced ^= line.startswith("```")
            if not fenced and line.startswith("#" * level + " "):
                found.append(line.lstrip("# ").strip())
    return found


def check_stripped(notebook: Notebook) -> list[str]:
    """Faults of a notebook that was saved with what a run left in it."""
    found = []
    for number, cell in enumerate(notebook["cells"]):
        left = [key for key in ("outputs", "execution_count") if cell.get(key)]
        found += [f"cell {number}: {what}" for what in left + sorted(set(cell["metadata"]) - {"tags"})]
    found += sorted(set(notebook["metadata"]) - {"kernelspec", "language_info"})
    if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
        found.append("kernel is not the environment's own, python3")
    return found


def check_parameters(notebook: Notebook) -> list[str]:
    """Faults of the cell that papermill fills in: there is one, and it holds literals only."""
    tagged = [cell for cell in cells(notebook, "code") if "parameters" in tags(cell)]
    if len(tagged) != 1:
        return [f"{len(tagged)} cells tagged parameters"]
    return [
        f"parameters: not a literal: {ast.unparse(statement)}"
        for statement in ast.parse(source(tagged[0])).body
        if not is_literal_assignment(statement)
    ]


def is_literal_assignment(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    try:
        ast.literal_eval(statement.value)
    except ValueError:
        return False
    return True


def check_code(notebook: Notebook) -> list[str]:
    """Faults of cells that do more than call the library."""
    found = []
    for number, cell in enumerate(cells(notebook, "code"), start=1):
        lines = source(cell).splitlines()
        if len(lines) > LONGEST_CELL and "parameters" not in tags(cell):  # a list may be as long as it is
            found.append(f"code cell {number}: {len(lines)} lines")
        if any(line.lstrip().startswith(("%", "!")) for line in lines):
            found.append(f"code cell {number}: magic or shell command")
        else:
            found += [f"code cell {number}: {fault}" for fault in programming(ast.parse(source(cell)))]
    return found


def programming(tree: ast.Module) -> list[str]:
    """Statements that belong to the library."""
    found = [type(node).__name__ for node in ast.walk(tree) if isinstance(node, PROGRAMMING)]
    froms = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return found + [f"imports {name}" for name in froms + plain if name.split(".")[0] in FOREIGN]


def check_languages(notebook: Notebook) -> list[str]:
    """Faults of the text: every Markdown cell has one language, and each stands beside its translation."""
    found = []
    for is_text, run in groupby(notebook["cells"], key=lambda cell: cell["cell_type"] == "markdown"):
        languages = [[tag for tag in tags(cell) if tag in LANGUAGES] for cell in run]
        if is_text and any(sorted(pair) != [["en"], ["zh"]] for pair in in_twos(languages)):
            found.append(f"text cells are no pairs of zh and en: {languages}")
    for language in LANGUAGES:
        if len(titles := headings(notebook, language, 1)) != 1:
            found.append(f"{language}: titles (H1) are {titles}, wanted is one")
    return found


def in_twos(languages: list[list[str]]) -> list[list[list[str]]]:
    """Neighbours in twos; the last one stands alone where the number is odd."""
    return [languages[i : i + 2] for i in range(0, len(languages), 2)]


def check_sections(notebook: Notebook) -> list[str]:
    """Faults in the order of the argument."""
    found = headings(notebook, "en", 2)
    known = [section for section in SECTIONS if section in found]
    faults = [] if found == known else [f"sections {found}, wanted in this order: {SECTIONS}"]
    faults += [f"no section {section}" for section in REQUIRED if section not in found]
    if len(headings(notebook, "zh", 2)) != len(found):
        faults.append("the languages differ in their sections")
    return faults


CHECKS = [check_stripped, check_parameters, check_code, check_languages, check_sections]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_form(path: Path, check: Any) -> None:
    assert check(read(path)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_notebooks_have_the_same_sections(language: str) -> None:
    assert len({tuple(headings(read(path), language, 2)) for path in NOTEBOOKS}) == 1


def text(language: str, words: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {"tags": [language]}, "source": words}


def code(words: str, *names: str) -> Cell:
    cell = {"cell_type": "code", "metadata": {"tags": list(names)}, "source": words}
    return cell | {"outputs": [], "execution_count": None}


def well_formed() -> Notebook:
    """Return the smallest notebook that keeps the form."""
    parameters = code('run = "demo"\nperiods = ["2015Q4"]', "parameters")
    chinese = ["数据", "结果", "稳健性与局限", "结论"]
    sections = [
        cell
        for zh, en in zip(chinese, REQUIRED, strict=True)
        for cell in (text("zh", f"## {zh}"), text("en", f"## {en}"))
    ]
    opening = [text("zh", "# 题目"), text("en", "# Title"), parameters]
    return {"metadata": {"kernelspec": {"name": "python3"}}, "cells": [*opening, *sections]}


def test_the_smallest_well_formed_notebook_passes() -> None:
    assert [fault for check in CHECKS for fault in check(well_formed())] == []


@pytest.mark.parametrize(
    ("check", "cell"),
    [
        (check_stripped, code("1") | {"outputs": [{}]}),
        (check_stripped, code("1") | {"execution_count": 3}),
        (check_stripped, code("1") | {"metadata": {"collapsed": True}}),
        (check_parameters, code("x = 1", "parameters")),
        (check_code, code("def f():\n    return 1")),
        (check_code, code("for county in counties:\n    show(county)")),
        (check_code, code("try:\n    f()\nexcept ValueError:\n    pass")),
        (check_code, code("import matplotlib.pyplot as plt")),
        (check_code, code("from pathlib import Path")),
        (check_code, code("!ls")),
        (check_code, code("\n".join(["f()"] * 13))),
        (check_languages, text("fr", "texte")),
        (check_languages, text("zh", "没有译文")),
        (check_languages, text("zh", "两种语言 both") | {"metadata": {"tags": ["zh", "en"]}}),
        (check_languages, text("zh", "# 第二个题目")),
        (check_sections, text("en", "## Data")),
        (check_sections, text("en", "## An afterthought")),
    ],
)
def test_a_fault_of_form_is_seen(check: Any, cell: Cell) -> None:
    notebook = well_formed()
    notebook["cells"].append(cell)
    assert check(notebook)


@pytest.mark.parametrize("statement", ["x = f()", "y = 2 * 3.5", "import qstats", 'path = f"{run}.csv"'])
def test_a_parameter_that_is_no_literal_is_seen(statement: str) -> None:
    notebook = well_formed()
    notebook["cells"][2] = code(statement, "parameters")
    assert check_parameters(notebook)
