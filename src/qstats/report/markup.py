"""What HTML does a display become in one language? Fragments for the page and for JupyterLab alike.

Every text is escaped here, once: what comes from data can never be markup.
"""

import re
import string
from collections.abc import Callable
from html import escape
from typing import Any

from qstats.errors import ReportError
from qstats.report.formats import (
    ESTIMATE_FORMATS,
    FIGURE_FORMATS,
    decimals_apart,
    format_cell,
    format_interval,
    format_number,
    is_missing,
)
from qstats.report.insets import FORMAT, render_inset
from qstats.report.words import read_words, word

INTERVAL = re.compile(r"[−+]?\d[\d.,]*%?(?:～| to )[−+]?\d[\d.,]*\d%?")
STATED = ("stated", "reliable")
_COLUMNS_IN_PRINT = 10
"""Columns that fit the width of a printed page at the usual size."""
_COLUMNS_ON_SCREEN = 7
"""Columns that fit the width of the page on a screen at the usual size."""
_SHORT = 6
"""Characters up to which a word in a table is kept on one line: Chinese breaks anywhere otherwise."""


def render(kind: str, payload: dict[str, Any], language: str, *, tables: str | None = None) -> str:
    """HTML of a display in one language.

    Parameters
    ----------
    kind
        ``text``, ``table``, ``figure`` or ``findings``.
    tables
        Relative folder of the data files, to link them; no links without it.
    """
    try:
        fragment = RENDERERS[kind]
    except KeyError:
        raise ReportError(f"no display of kind {kind!r}; known: {', '.join(RENDERERS)}") from None
    return fragment(payload, language, tables)


def render_points(sentences: list[dict[str, str]], language: str) -> str:
    """Sentences as the list of main points."""
    items = "".join(f"<li>{_prose(sentence[language])}</li>" for sentence in sentences)
    return f'<ul class="points">{items}</ul>' if items else ""


def _prose(text: str) -> str:
    """A sentence, escaped; an interval in it is never broken over two lines."""
    return INTERVAL.sub(r'<span class="interval">\g<0></span>', escape(text))


def _render_text(payload: dict[str, Any], language: str, tables: str | None) -> str:
    if payload["style"] == "points":
        return render_points(payload["paragraphs"], language)
    headings = dict(payload.get("headings", ()))
    paragraphs = "".join(
        (f"<h4>{escape(headings[at][language])}</h4>" if at in headings else "")
        + f"<p>{_prose(one[language])}</p>"
        for at, one in enumerate(payload["paragraphs"])
    )
    return (
        paragraphs
        if payload["style"] == "paragraphs"
        else f'<div class="{payload["style"]}">{paragraphs}</div>'
    )


def _render_findings(payload: dict[str, Any], language: str, tables: str | None) -> str:
    return render_points(payload["sentences"], language)


def _render_figure(payload: dict[str, Any], language: str, tables: str | None) -> str:
    title, unit = (escape(payload[key][language]) for key in ("title", "unit"))
    source = word("source", language) + word("separator", language) + payload["source"][language]
    links = (
        data_links(payload["data"], language, tables) if payload.get("data") and tables is not None else ""
    )
    return (
        f'<figure id="figure-{payload["name"]}" class="chart"><figcaption><div class="title">{title}</div>'
        f'<div class="unit">{unit}</div></figcaption>'
        f'<div class="drawing">{_labelled(payload, language)}</div>'
        f'<p class="source">{escape(source)}{links}</p></figure>'
    )


def _labelled(payload: dict[str, Any], language: str) -> str:
    """The drawing with its alternative text where assistive technology looks for it."""
    alt = escape(payload["alt"][language])
    return payload["svg"][language].replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)


def data_links(name: str, language: str, tables: str) -> str:
    """Links to the data files of a table."""
    links = " ".join(f'<a href="{tables}/{name}.{kind}">{kind.upper()}</a>' for kind in ("csv", "xlsx"))
    label = word("data", language) + word("separator", language)
    return f'<span class="data">{label}{links}<span class="file"> {tables.replace("../", "")}/{name}.csv</span></span>'


def _render_table(payload: dict[str, Any], language: str, tables: str | None) -> str:
    frame, columns = payload["frame"], payload["columns"]
    shown = [dict(zip(frame["columns"], row, strict=True)) for row in frame["rows"][: payload["max_rows"]]]
    insets = payload.get("insets", {})
    drawn = [{key: cells[at] for key, cells in insets.items()} for at in range(len(shown))]
    reasons = _lettered_reasons(shown, payload, language)
    head = "".join(
        f'<th scope="col"{_class(column)}>{escape(column["label"][language])}</th>' for column in columns
    )
    body = "".join(
        _render_row(row, payload, reasons, language, small) for row, small in zip(shown, drawn, strict=True)
    )
    caption = escape(payload["caption"][language])
    links = data_links(payload["name"], language, tables) if tables is not None else ""
    return (
        f'<div class="{_width(columns)}" id="table-{payload["name"]}">'
        f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}">'
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"{_render_notes(shown, payload, reasons, language)}"
        f"{f'<p class=source>{links}</p>' if links else ''}</div>"
    )


def _render_row(
    row: dict[str, Any], payload: dict[str, Any], reasons: dict[str, str], language: str,
    insets: dict[str, dict[str, Any]],
) -> str:  # fmt: skip
    cells = []
    for number, column in enumerate(payload["columns"]):
        tag = 'th scope="row"' if number == 0 else "td"
        content = (
            render_inset(insets[column["key"]], language, word("missing", language))
            if column["format"] == FORMAT
            else _render_cell(row, column, payload, reasons, language)
        )
        unbroken = len(content) <= _SHORT or column["format"] in ("date", FORMAT)
        kind = _class(column) or (' class="word"' if unbroken else "")
        cells.append(f"<{tag}{kind}>{content}</{tag[:2]}>")
    return f"<tr>{''.join(cells)}</tr>"


def _render_cell(
    row: dict[str, Any],
    column: dict[str, Any],
    payload: dict[str, Any],
    reasons: dict[str, str],
    language: str,
) -> str:
    status = row[payload["status"]] if payload["status"] else None
    if column["format"] in ESTIMATE_FORMATS and _withheld(status):
        return _render_mark(row, column, payload, reasons, language)
    printed = _print_value(row, column, language)
    first = column["key"] == _first_estimate(payload)
    care = word("use_with_care", language) if status == "use_with_care" and first else ""
    words = _prose(printed) if column["format"] == "bilingual" else escape(printed)
    return words + (f'<span class="mark">{care}</span>' if care else "")


def _print_value(row: dict[str, Any], column: dict[str, Any], language: str) -> str:
    values = [row[cell] for cell in column["cells"]]
    kind = column["format"]
    value = values[("zh", "en").index(language)] if kind == "bilingual" else values[0]
    if is_missing(value) or (kind == "interval" and is_missing(values[1])):
        return word("missing", language)
    if kind == "interval":
        below = column.get("below", ())
        return format_interval(values[0], values[1], language, unit=column["unit"], below=below)
    if kind == "code":
        return str(column["labels"][str(value)][language])
    if kind == "number":
        limits = {name: column.get(name, ()) for name in ("below", "above")}
        return format_number(value, language, decimals=decimals_apart(value, **limits))
    return format_cell(value, "text" if kind == "bilingual" else kind, language)


def _withheld(status: Any) -> bool:
    return not is_missing(status) and status not in (*STATED, "use_with_care")


def _render_mark(
    row: dict[str, Any],
    column: dict[str, Any],
    payload: dict[str, Any],
    reasons: dict[str, str],
    language: str,
) -> str:
    """What stands in place of an estimate: the mark once in the row, a dash in the other cells."""
    if column["key"] != _first_estimate(payload):
        return word("missing", language)
    letter = reasons.get(_reason(row, payload, language), "")
    mark = escape(word(row[payload["status"]], language))
    return f'<span class="withheld">{mark}</span>' + (f"<sup>{letter}</sup>" if letter else "")


def _first_estimate(payload: dict[str, Any]) -> str | None:
    return next(
        (column["key"] for column in payload["columns"] if column["format"] in ESTIMATE_FORMATS), None
    )


def _reason(row: dict[str, Any], payload: dict[str, Any], language: str) -> str:
    if not payload["reason"]:
        return ""
    value = row[payload["reason"][("zh", "en").index(language)]]
    return "" if is_missing(value) else str(value)


def _lettered_reasons(rows: list[dict[str, Any]], payload: dict[str, Any], language: str) -> dict[str, str]:
    """Distinct reasons of the rows shown, in order, each with its letter."""
    withheld = (row for row in rows if payload["status"] and _withheld(row[payload["status"]]))
    distinct = dict.fromkeys(filter(None, (_reason(row, payload, language) for row in withheld)))
    letters = [
        *string.ascii_lowercase,
        *(a + b for a in string.ascii_lowercase for b in string.ascii_lowercase),
    ]
    return dict(zip(distinct, letters, strict=False))


def _render_notes(
    rows: list[dict[str, Any]], payload: dict[str, Any], reasons: dict[str, str], language: str
) -> str:
    """Notes under the table: marks and letters met, the caller's notes, and how many rows are not shown."""
    total = len(payload["frame"]["rows"])
    lines = [f"<sup>{letter}</sup> {escape(reason)}" for reason, letter in reasons.items()]
    lines += [escape(mark) for mark in _marks_met(rows, payload, bool(reasons), language)]
    lines += [escape(note[language]) for note in payload["notes"]]
    if total == 0:
        lines.append(escape(word("no_rows", language)))
    if total > len(rows):
        lines.append(escape(word("more_rows", language).format(shown=len(rows), total=total)))
    return f'<ul class="notes">{"".join(f"<li>{line}</li>" for line in lines)}</ul>' if lines else ""


def _marks_met(
    rows: list[dict[str, Any]], payload: dict[str, Any], explained: bool, language: str
) -> list[str]:
    met = dict.fromkeys(row[payload["status"]] for row in rows) if payload["status"] else {}
    marks = [status for status in met if f"{status}_note" in read_words() and not is_missing(status)]
    if explained:  # a lettered reason says more than the general sentence
        marks = [
            status
            for status in marks
            if status == "use_with_care" or _unexplained(rows, payload, status, language)
        ]
    if any(_has_gap(row, payload) for row in rows):
        marks.append("missing")
    return [word(f"{mark}_note", language) for mark in marks]


def _unexplained(rows: list[dict[str, Any]], payload: dict[str, Any], status: str, language: str) -> bool:
    return any(row[payload["status"]] == status and not _reason(row, payload, language) for row in rows)


def _has_gap(row: dict[str, Any], payload: dict[str, Any]) -> bool:
    return any(
        is_missing(row[cell])
        or (_withheld(row.get(payload["status"])) and column["key"] != _first_estimate(payload))
        for column in payload["columns"]
        for cell in column["cells"]
        if column["format"] in ESTIMATE_FORMATS or not is_missing(cell)
    )


def _width(columns: list[dict[str, Any]]) -> str:
    """Classes of a table: one with many columns is set smaller, one with drawings has names to read."""
    inlaid = any(column["format"] == FORMAT for column in columns)
    broad = " broad" if len(columns) > _COLUMNS_ON_SCREEN else ""
    wide = " wide" if len(columns) > _COLUMNS_IN_PRINT else ""
    return "table" + broad + wide + (" inlaid" if inlaid else "")


def _class(column: dict[str, Any]) -> str:
    return ' class="figure"' if column["format"] in FIGURE_FORMATS else ""


RENDERERS: dict[str, Callable[[dict[str, Any], str, str | None], str]] = {
    "text": _render_text,
    "table": _render_table,
    "figure": _render_figure,
    "findings": _render_findings,
}
