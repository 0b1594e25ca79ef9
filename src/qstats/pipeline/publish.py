"""Stage three: executed notebooks become the report folder, in both languages, whole or not at all."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from qstats.codebook import LANGUAGES, Text
from qstats.errors import ReportError
from qstats.params import Params
from qstats.paths import report_folder
from qstats.periods import Period
from qstats.pipeline.atomic import replacing_folder
from qstats.pipeline.execute import Failure, notebook_path
from qstats.pipeline.manifest import describe_ingredients, report_version, timed, write_manifest
from qstats.pipeline.processes import run_tasks
from qstats.report.display import read_findings
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
    chapters = _results_first([read_chapter(notebook, name) for name, notebook in executed.items()])
    findings = read_findings(output for chapter in chapters for output in chapter.outputs)
    ingredients = describe_ingredients(params)
    facts = _facts(params, findings, report_version(ingredients))
    target = report_folder(params.run)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(target) as folder:
        with timed("pages", durations):
            progress("writing pages and data files")
            write_tables((output for chapter in chapters for output in chapter.outputs), folder / "tables")
            _write_json(folder / "findings.json", findings)
            pages = _write_pages(folder, chapters, facts, params)
            _write_review(folder / "notebooks", chapters, facts)
        with timed("pdf", durations):
            progress(f"setting {len(pages)} PDF files")
            _write_pdfs(pages, params.execution.total_timeout)
        write_manifest(folder, params, ingredients, durations)
    return target


def publish_failures(failures: list[Failure], params: Params) -> Path:
    """Write pages that are visibly failures beside the report, which stays as it was."""
    facts = _facts(params, [], "—")
    target = failure_folder(params)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(target) as folder:
        for failure in failures:
            for language in LANGUAGES:
                page = render_failure(
                    failure.chapter, _title_of(failure.chapter), facts, language=language,
                    where=failure.where, message=failure.message,
                )  # fmt: skip
                path = folder / language / f"{failure.chapter}.html"
                path.parent.mkdir(exist_ok=True)
                path.write_text(page, encoding="utf-8", newline="\n")
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
) -> list[tuple[str, Path]]:
    """Write all HTML; returns the pages that are to be set as PDF, with their paths."""
    names = [(chapter.name, chapter.title) for chapter in chapters]
    front = {
        "main_points": _sentences([c for c in chapters if not c.name.startswith(_DATA_CHAPTERS)])[
            :MOST_POINTS
        ],
        "figure": find_figure(chapters, params.front_figure),
        "coverage": _sentences([c for c in chapters if c.name.startswith(_DATA_CHAPTERS)]),
    }
    write_index(folder, facts, chapters=names, **front)
    pages = []
    for language in LANGUAGES:
        for chapter in chapters:
            page = render_chapter(chapter, facts, language=language, chapters=names)
            path = folder / language / f"{chapter.name}.html"
            path.write_text(page, encoding="utf-8", newline="\n")
            pages.append((page, path.with_suffix(".pdf")))
        whole = render_whole(facts, language=language, chapters=chapters, **front)  # type: ignore[arg-type]
        pages.append((whole, folder / language / "report.pdf"))
    return pages


def _write_pdfs(pages: list[tuple[str, Path]], timeout: int) -> None:
    """Set the PDFs in one process for each core, the longest documents first."""
    ordered = sorted(pages, key=lambda page: -len(page[0]))
    processes = min(len(pages), os.cpu_count() or 1)
    dealt = {f"process {number}": (ordered[number::processes],) for number in range(processes)}
    for _, ended in run_tasks(dealt, set_pages, timeout=timeout):
        if ended.ending != "done":
            cause = {"killed": "was killed, often for lack of memory", "too_late": f"took over {timeout} s"}
            raise ReportError(f"setting {ended.reported or 'the PDF files'} {cause[ended.ending]}")


def set_pages(pages: list[tuple[str, Path]], *, report: Callable[[str], None]) -> None:
    """Set pages as PDF one after the other, in the process of this call."""
    for html, path in pages:
        report(f"{path.parent.name}/{path.name}")
        write_pdf(html, path)


def _write_review(folder: Path, chapters: list[Chapter], facts: Facts) -> None:
    """Executed notebooks and the reviewer's pages with the code folded in."""
    for chapter in chapters:
        for language in LANGUAGES:
            path = folder / language / f"{chapter.name}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            page = render_chapter(chapter, facts, language=language, audience="reviewer")
            path.write_text(page, encoding="utf-8", newline="\n")
        nbformat.write(chapter.notebook, folder / f"{chapter.name}.ipynb")


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


def _title_of(chapter: str) -> Text:
    try:
        return read_chapter(nbformat.read(notebook_path(chapter), as_version=4), chapter).title
    except Exception:  # the failure must be shown, whatever is wrong with the file
        return {"zh": chapter, "en": chapter}


def _write_json(path: Path, content: object) -> None:
    path.write_text(
        json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
