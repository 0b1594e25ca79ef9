"""How does an executed notebook become a page? One execution, one page for each language and audience.

nbconvert renders the chapter with our template: markdown of one language, conclusions first, displays from
their payloads. The public sees no code and no stray output; a reviewer finds both folded away. What failed
becomes a page that is visibly a failure and shows no result.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import jinja2
import nbformat
from nbconvert.exporters import TemplateExporter

from qstats.codebook import LANGUAGES, Text
from qstats.errors import ReportError
from qstats.report import markup
from qstats.report.addresses import file_of, link, tables_of
from qstats.report.display import KINDS, Output, mime, read_outputs
from qstats.report.navigation import OTHER, find_ways, link_pages, render_contents, render_units
from qstats.report.page import Facts, Link, render_page
from qstats.report.words import TEMPLATE_FOLDER, read_words, word

AUDIENCES = ("public", "reviewer")


@dataclass(frozen=True, slots=True)
class Chapter:
    """An executed notebook under its page's name, with its title in both languages.

    The name is ``20_inspection``, or ``units/371502/26_county`` with ``unit``, the name of the county.
    """

    name: str
    title: Text
    notebook: Any
    unit: Text | None = None

    @property
    def outputs(self) -> list[Output]:
        """Everything it shows."""
        return read_outputs(self.notebook)

    @property
    def warnings(self) -> int:
        """Messages that its cells wrote to the error stream."""
        streams = (output for cell in self.notebook["cells"] for output in cell.get("outputs", ()))
        return sum(output.get("name") == "stderr" for output in streams)


def read_chapter(notebook: Any, name: str, unit: Text | None = None) -> Chapter:
    """A chapter from an executed notebook (node or plain dictionary); the title of a county's names it.

    Raises
    ------
    ReportError
        If it lacks a title (``# …``) in a language, or a cell ended in an error.
    """
    node = nbformat.from_dict(notebook)
    for number, cell in enumerate(node.cells, start=1):
        if any(output.get("output_type") == "error" for output in cell.get("outputs", ())):
            raise ReportError(
                f"notebook {name}: cell {number} failed; render_failure makes the page that says so"
            )
    title = {language: _read_title(node, name, language) for language in LANGUAGES}
    if unit:
        title = {one: f"{unit[one]}{word('separator', one)}{title[one]}" for one in LANGUAGES}
    return Chapter(name, title, node, unit)


def render_chapter(
    chapter: Chapter,
    facts: Facts,
    *,
    language: str,
    audience: str = "public",
    chapters: Sequence[tuple[str, Text]] = (),
    above: tuple[str, Text] | None = None,
    units: Sequence[tuple[str, Text]] = (),
) -> str:
    """The page of a chapter in one language.

    Parameters
    ----------
    audience
        ``public`` or ``reviewer``.
    chapters
        Names and titles of all chapters in order (of a county's page: of all counties), for the way back
        and forth.
    above
        Name and title of the chapter that a county's page belongs to.
    units
        Names and titles of the pages of counties that belong to this chapter.
    """
    start = file_of(chapter.name, language, audience=audience)
    return render_page(
        render_body(chapter, language=language, audience=audience, units=units),
        facts,
        language=language,
        title=chapter.title[language],
        kind="unit" if chapter.unit else "chapter",
        audience=audience,
        messages=chapter.warnings,
        above=link_pages([above], language, start)[0] if above else None,
        **find_ways(chapter.name, chapters, language, start),
    )


def render_body(
    chapter: Chapter, *, language: str, audience: str = "public", contents: bool = True,
    units: Sequence[tuple[str, Text]] = (),
) -> str:  # fmt: skip
    """The chapter without the page around it: conclusions, contents, then the argument."""
    if audience not in AUDIENCES or language not in LANGUAGES:
        raise ReportError(f"no page for {audience!r} in {language!r}; known: {AUDIENCES} in {LANGUAGES}")
    cells = [cell for cell in chapter.notebook.cells if _is_meant(cell, language, audience)]
    conclusions = [cell for cell in cells if "conclusions" in _tags(cell)]
    rest = [cell for cell in cells if "conclusions" not in _tags(cell)]
    resources = {
        "language": language,
        "audience": audience,
        "conclusions": conclusions,
        "tables": link(file_of(chapter.name, language, audience=audience), tables_of(chapter.name)),
        "words": {key: texts[language] for key, texts in read_words().items()},
    }
    node = nbformat.from_dict({**chapter.notebook, "cells": rest})
    html, _ = _exporter().from_notebook_node(node, resources=resources)
    body, headings, deeper = _number_headings(html, chapter.name.rpartition("/")[2])
    start = file_of(chapter.name, language, audience=audience)
    ways = render_contents(headings, language, deeper)
    ways += render_units(link_pages(units, language, start), language)
    return body.replace("<!--contents-->", ways if contents else "", 1)


def render_failure(
    name: str,
    title: Text,
    facts: Facts,
    *,
    language: str,
    where: Text,
    message: str,
    chapters: Sequence[tuple[str, Text]] = (),
) -> str:
    """A page that nobody can take for a result: what failed, where, and the error as text.

    Parameters
    ----------
    where
        The cell or step that failed, in words.
    message
        The error; shown as it is, never as markup.
    """
    lines = (
        (word("failed_chapter", language), f"{title[language]} ({name})"),
        (word("failed_where", language), where[language]),
    )
    facts_failed = "".join(
        f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in lines
    )
    body = (
        f'<section class="failure" role="alert"><h2>{escape(word("failed_banner", language))}</h2>'
        f"<p>{escape(word('failed_text', language))}</p><dl>{facts_failed}</dl>"
        f"<h3>{escape(word('failed_what', language))}</h3><pre>{escape(message)}</pre></section>"
    )
    heading = f"{word('failed_banner', language)}{word('separator', language)}{title[language]}"
    start = file_of(name, language)
    navigation = find_ways(name, chapters, language, start) | {"downloads": ()}
    return render_page(body, facts, language=language, title=heading, kind="failed", **navigation)


@cache
def _exporter() -> TemplateExporter:
    """Exporter of nbconvert with our own template and nothing of its stock ones."""
    loader = jinja2.FileSystemLoader(TEMPLATE_FOLDER)
    exporter = TemplateExporter(extra_loaders=[loader], template_file="chapter.html.j2")
    exporter.register_filter("show_output", _show_output)
    return exporter


def _show_output(output: Any, resources: Any) -> str:
    """A display from its payload; other output is for reviewers, as plain text."""
    data = output.get("data", {})
    for kind in KINDS:
        if mime(kind) in data:
            return markup.render(kind, data[mime(kind)], resources["language"], tables=resources["tables"])
    if resources["audience"] != "reviewer":
        return ""
    text = output.get("text") or data.get("text/plain") or ""
    return f'<pre class="output">{escape(text)}</pre>' if text else ""


def _is_meant(cell: Any, language: str, audience: str) -> bool:
    """Markdown of this language; the title stands in the page's header already.

    Text tagged ``reviewer`` (headings of sections that hold code only) is not for the public.
    """
    if cell.cell_type != "markdown":
        return True
    if audience == "public" and "reviewer" in _tags(cell):
        return False
    return OTHER[language] not in _tags(cell) and not cell.source.lstrip().startswith("# ")


def _tags(cell: Any) -> Sequence[str]:
    return cell.get("metadata", {}).get("tags", ())


def _read_title(node: Any, name: str, language: str) -> str:
    for cell in node.cells:
        meant = cell.cell_type == "markdown" and OTHER[language] not in _tags(cell)
        if meant and (match := re.match(r"\s*# +(.+)", cell.source)):
            return match.group(1).strip()
    raise ReportError(
        f"notebook {name} has no title in {language!r}: give it a markdown cell '# …' tagged {language}"
    )


def _number_headings(html: str, prefix: str) -> tuple[str, list[Link], frozenset[str]]:
    """Headings with ids of ours; those of two levels behind the conclusions as contents, the lower ones marked."""
    entries: list[Link] = []
    deeper: set[str] = set()
    before = html.index("<!--contents-->")
    count = 0

    def number(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        level, text = match["level"], re.sub(r'<a class="anchor-link".*?</a>', "", match["text"])
        anchor = f"{prefix}-{count}"
        if level in "23" and match.start() > before:
            entries.append((f"#{anchor}", text))
            deeper.update([f"#{anchor}"] if level == "3" else [])
        return f'<h{level} id="{anchor}">{text}</h{level}>'

    numbered = re.sub(r"<h(?P<level>[2-6])[^>]*>(?P<text>.*?)</h(?P=level)>", number, html, flags=re.DOTALL)
    return numbered, entries, frozenset(deeper)
