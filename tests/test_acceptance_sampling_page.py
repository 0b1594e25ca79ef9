"""The lines of docs/acceptance_sampling.md give what stands under them, and its numbers in prose hold."""

import doctest
import re
from pathlib import Path

import pytest

from qstats.sampling_plan import judge_declared_level


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    return (project / "docs" / "acceptance_sampling.md").read_text(encoding="utf-8")


def test_lines_give_what_stands_under_them(page: str) -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == len(re.findall("```pycon", page)) >= 8
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "page", "acceptance_sampling.md", 0)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert "".join(said) == ""


def test_numbers_in_prose(page: str) -> None:
    level = judge_declared_level(100, 6, 0.02)["detected_level"].iloc[0]
    assert f"only a true\n{level:.1%}".replace("%", " %") in page


def test_names_exist(page: str) -> None:
    import qstats.methods.acceptance_sampling as methods
    from qstats.report import sampling

    named = set(re.findall(r"`(\w+)`", page))
    known = {*dir(methods), *dir(sampling)}
    asked = {
        name
        for name in named
        if name.startswith(("find_", "accept_", "outgoing_", "total_", "tabulate_", "chart_"))
    }
    assert len(asked) >= 9 and asked <= known
