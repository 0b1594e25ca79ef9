"""Where can a reader go from a page? Back and forth, up, to the other language, to the parts of the page."""

from collections.abc import Sequence
from html import escape
from typing import Any

from qstats.codebook import Text
from qstats.report.addresses import file_of, link, unit_of
from qstats.report.page import Link
from qstats.report.words import word

OTHER = {"zh": "en", "en": "zh"}


def find_ways(name: str, chapters: Sequence[tuple[str, Text]], language: str, start: str) -> dict[str, Any]:
    """Ways from the page at ``start``: home, the other language, back and forth, documents to print."""
    audience = "public" if start == file_of(name, language) else "reviewer"
    names, links = [known for known, _ in chapters], link_pages(chapters, language, start)
    place = names.index(name) if name in names else -1
    home, own, whole = (
        link(start, file_of(page, language, suffix=suffix))
        for page, suffix in (("index", ".html"), (name, ".pdf"), ("report", ".pdf"))
    )
    first = None if unit_of(name) else (home, word("home", language))
    return {
        "home": home,
        "switch": link(start, file_of(name, OTHER[language], audience=audience)),
        "previous": links[place - 1] if place > 0 else first,
        "next_page": links[place + 1] if 0 <= place < len(links) - 1 else None,
        "downloads": ((own, word("chapter_pdf", language)), (whole, word("whole_report", language))),
    }


def link_pages(pages: Sequence[tuple[str, Text]], language: str, start: str) -> list[Link]:
    """Addresses of pages as seen from the page at ``start``, with their titles in one language."""
    return [(link(start, file_of(name, language)), title[language]) for name, title in pages]


def render_contents(entries: Sequence[Link], language: str, deeper: frozenset[str] = frozenset()) -> str:
    """A list of contents, the addresses of ``deeper`` set in; in print each line carries its page number."""
    return _list_links(entries, word("contents", language), "contents", deeper)


def render_units(entries: Sequence[Link], language: str, about: str = "") -> str:
    """The list of the counties' own pages; not in print, where they are documents of their own."""
    shown = [(address, escape(text)) for address, text in entries]
    colon = "：" if language == "zh" else ": "
    heading = word("unit_pages", language)
    return _list_links(shown, f"{heading}{colon}{about}" if about else heading, "units")


def _list_links(
    entries: Sequence[Link], heading: str, kind: str, deeper: frozenset[str] = frozenset()
) -> str:
    lines = "".join(
        f'<li{_set_in(address in deeper)}><a href="{escape(address)}">{text}</a></li>'
        for address, text in entries
    )
    named = escape(heading)
    return f'<nav class="{kind}" aria-label="{named}"><h2>{named}</h2><ol>{lines}</ol></nav>' if lines else ""


def _set_in(is_deeper: bool) -> str:
    return ' class="deeper"' if is_deeper else ""
