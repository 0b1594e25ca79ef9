"""What does every page of a report carry? Title, period, status, marks, navigation, how to cite.

Pages are complete in themselves: one file, its style inside, no script, nothing fetched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from qstats.codebook import Text
from qstats.report.words import TEMPLATE_FOLDER, read_words, word

Link = tuple[str, str]
"""Address and text of a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What holds for all pages of a run.

    Attributes
    ----------
    title, period : dict
        Title with place and period; the period alone (both languages).
    release : str
        ``provisional`` or ``final``.
    demonstration : bool
        Whether the figures are synthetic; marked on every page if so.
    data_cutoff : str
        Last day that the data cover (ISO).
    version : str
        Version of the report or of the library that made it.
    issuer : dict, optional
        The bureau.
    """

    title: Text
    period: Text
    release: str
    demonstration: bool
    data_cutoff: str
    version: str
    issuer: Text | None = None

    def citation(self, language: str) -> str:
        """How to cite the report."""
        issuer = [self.issuer[language]] if self.issuer else []
        marks = [
            word(self.release, language),
            *([word("demonstration", language)] if self.demonstration else []),
        ]
        parts = [*issuer, self.title[language], f"{word('version', language)} {self.version}", *marks]
        return ("。" if language == "zh" else ". ").join(parts) + ("。" if language == "zh" else ".")


def render_page(
    body: str,
    facts: Facts,
    *,
    language: str,
    title: str,
    kind: str,
    audience: str = "public",
    home: str | None = None,
    switch: str | None = None,
    above: Link | None = None,
    previous: Link | None = None,
    next_page: Link | None = None,
    downloads: Sequence[Link] = (),
    messages: int = 0,
) -> str:
    """A complete page around a body that is HTML already.

    Parameters
    ----------
    kind
        Class of the page: ``chapter``, ``unit`` (of a county), ``front``, ``whole`` or ``failed``.
    home, switch
        Address of the front page and of the same page in the other language.
    above
        The chapter that the page of a county belongs to.
    messages
        Warnings given while the notebook ran (told to reviewers only).
    """
    return _environment().get_template("page.html.j2").render(
        body=body, facts=facts, language=language, title=title, kind=kind, audience=audience, home=home,
        switch=switch, above=above, previous=previous, next=next_page, downloads=downloads,
        messages=messages if audience == "reviewer" else 0, failed=kind == "failed",
        w={key: texts[language] for key, texts in read_words().items()},
        css=_read_style(), running=facts.title[language], footer_line=_footer_line(facts, language),
        fact_list=_list_facts(facts, language)[: 1 if kind == "failed" else None],
    )  # fmt: skip


def _footer_line(facts: Facts, language: str) -> str:
    return f"{word(facts.release, language)} · {word('version', language)} {facts.version}"


def _list_facts(facts: Facts, language: str) -> list[tuple[str, Any]]:
    shown = [("period", facts.period[language]), ("status", word(facts.release, language))]
    shown += [("data_cutoff", facts.data_cutoff), ("version", facts.version)]
    shown += [("issuer", facts.issuer[language])] if facts.issuer else []
    shown += [("how_to_cite", facts.citation(language))]
    return [(word(key, language), value) for key, value in shown]


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATE_FOLDER)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["css_text"] = _css_text
    return environment


def _css_text(text: str) -> Any:
    """Text for a quoted CSS string inside a style element."""
    safe = text.replace("\\", "\\5c ").replace('"', "\\22 ").replace("<", "\\3c ").replace("\n", " ")
    return Markup(safe)


@cache
def _read_style() -> Any:
    return Markup((TEMPLATE_FOLDER / "page.css").read_text(encoding="utf-8"))
