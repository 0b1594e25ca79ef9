"""What does a reader meet first? The front page of a run, and the whole report as one document.

Title with place and period, status, at most six main points, the figure with the main message, then contents:
a reader who stops there is not misled.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from qstats.codebook import LANGUAGES, Text
from qstats.errors import ReportError
from qstats.report import markup
from qstats.report.addresses import file_of, link, tables_of
from qstats.report.display import Output
from qstats.report.navigation import OTHER, render_contents, render_units
from qstats.report.page import Facts, Link, render_page
from qstats.report.render import Chapter, render_body
from qstats.report.words import word

MOST_POINTS = 6


def find_figure(chapters: Sequence[Chapter], name: str) -> Output | None:
    """A figure of the run by its name, None where a text has taken its place because nothing may be drawn.

    Raises
    ------
    ReportError
        If no chapter shows it.
    """
    outputs = [output for chapter in chapters for output in chapter.outputs]
    figures = [output for output in outputs if output.kind == "figure"]
    for output in figures:
        if output.name == name:
            return output
    if any(output.kind == "text" and output.name == name for output in outputs):
        return None
    raise ReportError(
        f"no chapter shows the figure {name!r}; there are: {', '.join(f.name for f in figures) or 'none'}"
    )


def render_index(
    facts: Facts,
    *,
    language: str,
    main_points: Sequence[Text],
    chapters: Sequence[tuple[str, Text]],
    figure: Output | None = None,
    coverage: Sequence[Text] = (),
    downloads: Sequence[Link] = (),
    units: Sequence[tuple[Text, Sequence[tuple[str, Text]]]] = (),
) -> str:
    """The front page in one language.

    Parameters
    ----------
    main_points
        At most six sentences, most important first.
    chapters
        Names and titles in order.
    figure
        The chart that carries the main message.
    coverage
        Sentences on what the data cover.
    downloads
        Further files (address relative to the language folder, text).
    units
        Of each chapter with pages of counties its title, and their names and titles.

    Raises
    ------
    ReportError
        If there are more than six main points or none.
    """
    entries = [(f"{name}.html", escape(title[language])) for name, title in chapters]
    counties = "".join(
        render_units([(f"{name}.html", title[language]) for name, title in pages], language, about[language])
        for about, pages in units
    )
    body = _render_front(language, main_points, figure) + render_contents(entries, language)
    return render_page(
        body + counties + _render_coverage(coverage, language),
        facts,
        language=language,
        title=facts.title[language],
        kind="front",
        switch=f"../{OTHER[language]}/index.html",
        downloads=(("report.pdf", word("whole_report", language)), *downloads),
    )


def render_whole(
    facts: Facts,
    *,
    language: str,
    main_points: Sequence[Text],
    chapters: Sequence[Chapter],
    figure: Output | None = None,
    coverage: Sequence[Text] = (),
) -> str:
    """The whole report as one page, to be set as ``report.pdf``: first screen, contents, all chapters."""
    entries = [(f"#{chapter.name}", escape(chapter.title[language])) for chapter in chapters]
    front = _render_front(language, main_points, figure) + render_contents(entries, language)
    parts = (
        f'<section class="part" id="{chapter.name}"><h1>{escape(chapter.title[language])}</h1>'
        f"{render_body(chapter, language=language, contents=False)}</section>"
        for chapter in chapters
    )
    body = front + _render_coverage(coverage, language) + "".join(parts)
    return render_page(body, facts, language=language, title=facts.title[language], kind="whole")


def write_index(folder: Path, facts: Facts, **parts: object) -> list[Path]:
    """Write ``zh/index.html`` and ``en/index.html`` (arguments as for `render_index`)."""
    written = []
    for language in LANGUAGES:
        path = folder / language / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_index(facts, language=language, **parts), encoding="utf-8", newline="\n")  # type: ignore[arg-type]
        written.append(path)
    return written


def _render_front(language: str, main_points: Sequence[Text], figure: Output | None) -> str:
    if not 1 <= len(main_points) <= MOST_POINTS:
        raise ReportError(f"the front page takes 1 to {MOST_POINTS} main points, not {len(main_points)}")
    heading = escape(word("main_points", language))
    points = markup.render_points(list(main_points), language)
    opening = f'<section class="conclusions"><h2>{heading}</h2>{points}</section>'
    if figure is None:
        return opening
    tables = link(file_of("index", language), tables_of("index"))
    chart = markup.render("figure", figure.payload, language, tables=tables)
    return opening + chart.replace(f' id="figure-{figure.name}"', "", 1)  # the chapter keeps the anchor


def _render_coverage(coverage: Sequence[Text], language: str) -> str:
    if not coverage:
        return ""
    paragraphs = "".join(f"<p>{escape(sentence[language])}</p>" for sentence in coverage)
    return f'<section class="coverage"><h2>{escape(word("coverage", language))}</h2>{paragraphs}</section>'
