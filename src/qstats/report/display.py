"""How does a notebook show a result? As an object that holds the result in both languages at once.

A notebook runs once. Its outputs are MIME bundles from which every page, PDF and data file is rendered
later: ``application/vnd.qstats.text+json``, ``….table+json``, ``….figure+json``, ``….findings+json``.
JupyterLab shows the readable HTML beside them, in both languages or the one of ``QSTATS_LANGUAGE``.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.errors import ReportError
from qstats.report import markup
from qstats.report.columns import Column, describe_column
from qstats.report.frames import pack_frame
from qstats.report.insets import Inset, pack_insets

MIME_PREFIX = "application/vnd.qstats."
KINDS = ("text", "table", "figure", "findings")
TEXT_STYLES = ("paragraphs", "points", "note", "warning")


@dataclass(frozen=True, slots=True)
class Display:
    """A result as the notebook keeps it: its kind and a payload of plain values in both languages."""

    kind: str
    payload: dict[str, Any]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        chosen = os.environ.get("QSTATS_LANGUAGE", "")
        shown = (chosen,) if chosen in LANGUAGES else LANGUAGES
        return {
            mime(self.kind): self.payload,
            "text/html": "".join(markup.render(self.kind, self.payload, language) for language in shown),
            "text/plain": f"<{self.kind} {self.payload.get('name', '')}>".replace(" >", ">"),
        }


@dataclass(frozen=True, slots=True)
class Output:
    """A display taken back out of an executed notebook, with the cell it came from."""

    kind: str
    payload: dict[str, Any]
    cell: int
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name given to a table or figure (empty for text and findings)."""
        return str(self.payload.get("name", ""))


def mime(kind: str) -> str:
    """MIME type of a kind of display."""
    return f"{MIME_PREFIX}{kind}+json"


def show_text(
    text: Text | Sequence[Text], *, style: str = "paragraphs", instead_of: str | None = None
) -> Display:
    """Sentences in both languages.

    Parameters
    ----------
    text
        One ``{"zh": …, "en": …}`` or a sequence of them (one paragraph or point each).
        Plain text: it is escaped.
    style
        ``paragraphs``, ``points`` (a list of main points), ``note`` or ``warning`` (set apart from the text).
    instead_of
        Name of the figure or table that would have stood here.
    """
    if style not in TEXT_STYLES:
        raise ReportError(f"no text style {style!r}; known: {', '.join(TEXT_STYLES)}")
    paragraphs = [text] if isinstance(text, Mapping) else list(text)
    payload: dict[str, Any] = {"style": style, "paragraphs": [_both(one, "text") for one in paragraphs]}
    return Display("text", payload | ({"name": instead_of} if instead_of else {}))


def show_sections(sections: Sequence[tuple[Text, Sequence[Text]]]) -> Display:
    """Paragraphs under headings, in both languages: for sections that only the data tell.

    Parameters
    ----------
    sections
        Heading and paragraphs of each; one without paragraphs is left out.
    """
    kept = [(heading, paragraphs) for heading, paragraphs in sections if paragraphs]
    starts = [sum(len(paragraphs) for _, paragraphs in kept[:at]) for at in range(len(kept))]
    return Display("text", {
        "style": "paragraphs",
        "paragraphs": [_both(one, "text") for _, paragraphs in kept for one in paragraphs],
        "headings": [
            [start, _both(heading, "heading")] for start, (heading, _) in zip(starts, kept, strict=True)
        ],
    })  # fmt: skip


def show_table(
    frame: pd.DataFrame,
    *,
    name: str,
    caption: Text,
    columns: Mapping[str, Column | str],
    notes: Sequence[Text] = (),
    status: str | None = None,
    reason: tuple[str, str] | None = None,
    max_rows: int = 60,
    insets: Mapping[str, Sequence[Inset]] | None = None,
    file_labels: Mapping[str, Text] | None = None,
) -> Display:
    """A table for the page; the whole frame, unrounded, goes into the CSV and XLSX beside it.

    Parameters
    ----------
    frame
        Small tidy table, sorted as it is to be read. Columns not named in `columns` are exported only.
    name
        File name of the export (``tables/<name>.csv``), unique in a run.
    caption
        What the table says, with period and unit.
    columns
        Columns of the page in order: key → format name (``count``, ``percent``, ``points``, ``number``,
        ``text``, ``date``, ``code:<kind>``, ``interval:<unit>``, ``bilingual``) or a `Column`. Labels come
        from the codebook.
    notes
        Sentences under the table.
    status
        Column that holds ``stated`` or why a row's estimates are not stated (``refused``, ``suppressed``,
        ``cannot_be_stated``, ``no_data``), or a reliability (``use_with_care``). The mark stands in place of
        the estimate and is explained under the table.
    reason
        Two columns with the reason in Chinese and in English; each distinct reason becomes a lettered note.
    max_rows
        Rows shown in the page.
    insets
        Drawings of the columns of format ``inset``: column → one for each row. Files leave them out.
    file_labels
        Labels of columns that only the files have.

    Raises
    ------
    ReportError
        If a column is missing in the frame, unlabelled or a code has no label.
    """
    described = [describe_column(key, column, frame) for key, column in columns.items()]
    for needed in (status, *(reason or ())):
        if needed is not None and needed not in frame.columns:
            raise ReportError(
                f"table {name!r} has no column {needed!r}; it has {', '.join(map(str, frame.columns))}"
            )
    labels = {key: _both(label, f"label of column {key!r}") for key, label in (file_labels or {}).items()}
    if strange := [key for key in labels if key not in frame.columns]:
        raise ReportError(f"table {name!r} has no column {strange[0]!r} to label")
    payload = {
        "name": _file_name(name),
        "caption": _both(caption, f"caption of table {name!r}"),
        "columns": described,
        "notes": [_both(note, f"note of table {name!r}") for note in notes],
        "status": status,
        "reason": list(reason) if reason else None,
        "max_rows": max_rows,
        "frame": pack_frame(frame),
    }
    drawn = pack_insets(insets or {}, len(frame), name)
    if lacking := [one["key"] for one in described if not one["cells"] and one["key"] not in drawn]:
        raise ReportError(f"table {name!r}: column {lacking[0]!r} has no drawings")
    further = {"insets": drawn, "file_labels": labels}
    return Display("table", payload | {key: values for key, values in further.items() if values})


def show_figure(
    plot: Callable[..., Any],
    *args: Any,
    name: str,
    title: Text,
    alt: Text,
    unit: Text,
    source: Text,
    data: str | None = None,
    **kwargs: Any,
) -> Display:
    """A chart, drawn once for each language by ``plot(*args, language=…, **kwargs)``.

    Parameters
    ----------
    plot
        Function of `qstats.report.figures` (or any that takes ``language`` and returns a matplotlib figure).
    name
        Name of the figure, unique in a run.
    title
        The message as a sentence; it stands above the chart as text.
    alt
        What a reader who cannot see the chart has to know.
    unit, source
        Unit under the title and source line under the chart.
    data
        Name of the table whose files hold the data drawn, if there is one.

    Raises
    ------
    ReportError
        If a text is empty or missing in a language.
    """
    from qstats.report.figures import (
        draw_svg,
    )  # matplotlib takes a second to load: only when something is drawn

    texts = {"title": title, "alt": alt, "unit": unit, "source": source}
    payload: dict[str, Any] = {key: _both(text, f"{key} of figure {name!r}") for key, text in texts.items()}
    drawings = {
        language: draw_svg(plot, *args, name=name, language=language, **kwargs) for language in LANGUAGES
    }
    return Display("figure", payload | {"name": _file_name(name), "data": data, "svg": drawings})


def show_findings(findings: Iterable[Any], *, sentences: Sequence[Text] = ()) -> Display:
    """Findings for ``findings.json``; the sentences, if any, stand in the page as its main points.

    Parameters
    ----------
    findings
        Findings (dataclasses with ``as_dict``) or dictionaries of the same form.
    sentences
        Main points in both languages, already worded.
    """
    worded = [_both(sentence, "main point") for sentence in sentences]
    return Display("findings", {"findings": [_plain(one) for one in findings], "sentences": worded})


def read_outputs(notebook: Mapping[str, Any]) -> list[Output]:
    """All displays of an executed notebook (nbformat node or plain dictionary) in order."""
    return [
        Output(kind, output["data"][mime(kind)], number, tuple(cell.get("metadata", {}).get("tags", ())))
        for number, cell in enumerate(notebook["cells"])
        for output in cell.get("outputs", ())
        for kind in KINDS
        if mime(kind) in output.get("data", {})
    ]


def read_findings(outputs: Iterable[Output]) -> list[dict[str, Any]]:
    """All findings shown, in order, as dictionaries."""
    return [
        finding for output in outputs if output.kind == "findings" for finding in output.payload["findings"]
    ]


def _plain(finding: Any) -> dict[str, Any]:
    if hasattr(finding, "as_dict"):
        return finding.as_dict()
    if is_dataclass(finding) and not isinstance(finding, type):
        return asdict(finding)
    return dict(finding)


def _both(text: Text, what: str) -> Text:
    """The text, checked to say something in both languages."""
    silent = [language for language in LANGUAGES if not str(text.get(language) or "").strip()]
    if silent:
        raise ReportError(f"{what} is empty in {' and '.join(silent)}: give it in both languages")
    return {language: str(text[language]) for language in LANGUAGES}


def _file_name(name: str) -> str:
    if not name or not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
        raise ReportError(f"{name!r} is no name for a table or figure: use letters, digits, - and _")
    return name
