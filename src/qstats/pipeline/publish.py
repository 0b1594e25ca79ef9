"""Stage three: executed notebooks become the report folder, in both languages, whole or not at all."""

import gc
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from qstats.codebook import LANGUAGES, Text
from qstats.errors import ReportError
from qstats.params import Params
from qstats.paths import report_folder
from qstats.periods import Period
from qstats.pipeline.atomic import replacing_folder
from qstats.pipeline.chapters import notebook_path
from qstats.pipeline.execute import Failure
from qstats.pipeline.manifest import describe_ingredients, report_version, timed, write_manifest
from qstats.pipeline.processes import run_tasks
from qstats.reference import county_name
from qstats.report.addresses import REVIEW_FOLDER, file_of, tables_of, unit_of
from qstats.report.display import Output, read_findings
from qstats.report.exports import write_tables
from qstats.report.page import Facts
from qstats.report.pdf import write_pdf
from qstats.report.render import Chapter, read_chapter, render_chapter, render_failure
from qstats.report.site import MOST_POINTS, find_figure, render_whole, write_index

_DATA_CHAPTERS = "1"  # chapters numbered 10–19 describe the data, those after them state results


def publish_report(
    executed: Mapping[str, Any], params: Params, durations: dict[str, float], progress: Callable[[str], None]
) -> Path:
    """Write the report folder of a run; the previous one is replaced only when everything is there."""
    chapters = _results_first([_read(notebook, name) for name, notebook in executed.items()])
    findings = _check_keys(read_findings(output for chapter in chapters for output in chapter.outputs))
    ingredients = describe_ingredients(params)
    facts = _facts(params, findings, report_version(ingredients))
    target = report_folder(params.run)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(target) as folder:
        with timed("pages", durations):
            progress("writing pages and data files")
            for tables, outputs in _by_folder(chapters).items():
                write_tables(outputs, folder / tables)
            _write_json(folder / "findings.json", findings)
            pages = _write_pages(folder, chapters, facts, params)
            _write_review(folder, chapters, facts)
        with timed("pdf", durations):
            progress(f"setting {len(pages)} PDF files")
            _write_pdfs(pages, folder, params.execution.total_timeout)
        write_manifest(folder, params, executed, ingredients, durations)
    return target


def _read(notebook: Any, page: str) -> Chapter:
    unit = unit_of(page)
    return read_chapter(notebook, page, county_name(unit) if unit else None)


def _check_keys(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings, each under a key of its own: two runs are compared by key."""
    if twice := [key for key, count in Counter(one["key"] for one in findings).items() if count > 1]:
        raise ReportError(
            f"findings share a key: {', '.join(twice[:5])}; name chapter or county in the key of each"
        )
    return findings


def _by_folder(chapters: Iterable[Chapter]) -> dict[str, list[Output]]:
    """What is shown, by the folder that its tables go to."""
    outputs: dict[str, list[Output]] = {}
    for chapter in chapters:
        outputs.setdefault(tables_of(chapter.name), []).extend(chapter.outputs)
    return outputs


def publish_failures(failures: list[Failure], params: Params) -> Path:
    """Write pages that are visibly failures beside the report, which stays as it was."""
    facts = _facts(params, [], "—")
    target = failure_folder(params)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(target) as folder:
        for failure in failures:
            for language in LANGUAGES:
                page = render_failure(
                    failure.page, _title_of(failure.page), facts, language=language,
                    where=failure.where, message=failure.message,
                )  # fmt: skip
                _write_page(folder / file_of(failure.page, language), page)
    return target


def failure_folder(params: Params) -> Path:
    """Where the pages of a failed run lie: beside the report, never in its place."""
    return report_folder(params.run).with_name(f"{params.run}-failed")


def _facts(params: Params, findings: list[dict[str, Any]], version: str) -> Facts:
    period = Period.parse(params.period).label
    title = {
        "zh": f"{params.place.name.zh}{period['zh']}{params.title.zh}",
        "en": f"{params.title.en}: {params.place.name.en}, {period['en']}",
    }
    provisional = any(finding["release"] == "provisional" for finding in findings)
    return Facts(
        title=title, period={"zh": period["zh"], "en": period["en"][:1].upper() + period["en"][1:]},
        release="provisional" if provisional else "final", demonstration=params.demonstration,
        data_cutoff=params.cutoff.isoformat(), version=version,
    )  # fmt: skip


def _write_pages(
    folder: Path, chapters: list[Chapter], facts: Facts, params: Params
) -> list[tuple[str, str]]:
    """Write all HTML; returns the pages that are to be set as PDF, with their places in the folder."""
    whole = [chapter for chapter in chapters if not chapter.unit]
    front = {
        "main_points": choose_points(
            {c.name: _sentences([c]) for c in whole if not c.name.startswith(_DATA_CHAPTERS)},
            params.front_chapters,
        ),
        "figure": find_figure(whole, params.front_figure),
        "coverage": _sentences([c for c in whole if c.name.startswith(_DATA_CHAPTERS)]),
    }
    write_index(folder, facts, chapters=_names(whole), units=_pages_of_counties(chapters), **front)
    pages = []
    for language in LANGUAGES:
        for chapter in chapters:
            page = render_chapter(chapter, facts, language=language, **_neighbours(chapter, chapters))
            _write_page(folder / file_of(chapter.name, language), page)
            pages.append((page, file_of(chapter.name, language, suffix=".pdf")))
        report = render_whole(facts, language=language, chapters=whole, **front)  # type: ignore[arg-type]
        pages.append((report, file_of("report", language, suffix=".pdf")))
    return pages


def _names(chapters: Iterable[Chapter], *, units: bool = False) -> list[tuple[str, Text]]:
    """Page names of chapters with their titles, or of counties' pages with the counties' names."""
    if units:
        return [(chapter.name, chapter.unit) for chapter in chapters if chapter.unit]
    return [(chapter.name, chapter.title) for chapter in chapters if not chapter.unit]


def _pages_of_counties(chapters: list[Chapter]) -> list[tuple[Text, list[tuple[str, Text]]]]:
    """Pages of counties by the chapter that they belong to, with its title."""
    stems = dict.fromkeys(chapter.name.rpartition("/")[2] for chapter in chapters if chapter.unit)
    return [
        (
            _chapter_above(stem, chapters)[1],
            _names([one for one in chapters if one.name.endswith(f"/{stem}")], units=True),
        )
        for stem in stems
    ]


def _neighbours(chapter: Chapter, chapters: list[Chapter]) -> dict[str, Any]:
    """Where the reader of a page can go: the other chapters, or the other counties and their chapter.

    A unit chapter belongs to the last chapter that is numbered before it: ``26_county`` to ``25_counties``.
    """
    stem = chapter.name.rpartition("/")[2]
    if chapter.unit:
        alike = [one for one in chapters if one.name.endswith(f"/{stem}")]
        return {"chapters": _names(alike, units=True), "above": _chapter_above(stem, chapters)}
    below = [one for one in chapters if one.unit]
    mine = [one for one in below if _chapter_above(one.name.rpartition("/")[2], chapters)[0] == chapter.name]
    return {"chapters": _names(chapters), "units": _names(mine, units=True)}


def _chapter_above(stem: str, chapters: list[Chapter]) -> tuple[str, Text]:
    named = dict(_names(chapters))
    name = max((name for name in named if name < stem), default=min(named))
    return name, named[name]


def _write_page(path: Path, page: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")


def _write_pdfs(pages: list[tuple[str, str]], folder: Path, timeout: int) -> None:
    """Set the PDFs in one process for each core, the longest documents first."""
    ordered = sorted(pages, key=lambda page: -len(page[0]))
    processes = min(len(pages), os.cpu_count() or 1)
    dealt = {f"process {number}": (ordered[number::processes], folder) for number in range(processes)}
    for _, ended in run_tasks(dealt, set_pages, timeout=timeout):
        if ended.ending != "done":
            cause = {"killed": "was killed, often for lack of memory", "too_late": f"took over {timeout} s"}
            raise ReportError(f"setting {ended.reported or 'the PDF files'} {cause[ended.ending]}")


def set_pages(pages: list[tuple[str, str]], folder: Path, *, report: Callable[[str], None]) -> None:
    """Set pages as PDF one after the other, in the process of this call.

    Layout makes millions of objects that live to its end: looking for garbage among them takes a fifth of
    the time, so that it waits until a page is set.
    """
    gc.disable()
    for html, place in pages:
        report(place)
        write_pdf(html, folder / place)
        gc.collect()


def _write_review(folder: Path, chapters: list[Chapter], facts: Facts) -> None:
    """Executed notebooks and the reviewer's pages with the code folded in."""
    for chapter in chapters:
        for language in LANGUAGES:
            page = render_chapter(chapter, facts, language=language, audience="reviewer")
            _write_page(folder / file_of(chapter.name, language, audience="reviewer"), page)
        path = folder / REVIEW_FOLDER / f"{chapter.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(chapter.notebook, path)


def _results_first(chapters: list[Chapter]) -> list[Chapter]:
    """Reading order: what was found, then on what data."""
    return sorted(chapters, key=lambda chapter: chapter.name.startswith(_DATA_CHAPTERS))


def _sentences(chapters: list[Chapter]) -> list[Text]:
    return [
        sentence
        for chapter in chapters
        for output in chapter.outputs
        if output.kind == "findings"
        for sentence in output.payload["sentences"]
    ]


def choose_points(chapters: Mapping[str, Sequence[Text]], preferred: Sequence[str]) -> list[Text]:
    """Main points of the front page: the first of each chapter, then the second ones, until the page is full.

    Where there are more chapters than places, the preferred ones come before the others. Points stand in the
    order of the chapters; a chapter with many points keeps none of the others off the page.
    """
    ranked = sorted(
        (rank, name not in preferred, at)
        for at, (name, points) in enumerate(chapters.items())
        for rank in range(len(points))
    )
    chosen = sorted((at, rank) for rank, _, at in ranked[:MOST_POINTS])
    told = list(chapters.values())
    return [told[at][rank] for at, rank in chosen]


def _title_of(page: str) -> Text:
    try:
        return _read(nbformat.read(notebook_path(page.rpartition("/")[2]), as_version=4), page).title
    except Exception:  # the failure must be shown, whatever is wrong with the file
        return {"zh": page, "en": page}


def _write_json(path: Path, content: object) -> None:
    path.write_text(
        json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
