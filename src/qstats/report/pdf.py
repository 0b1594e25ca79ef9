"""How does a page become a PDF that can be archived? Set by WeasyPrint from the same HTML.

Equal pages give equal bytes: the identifier comes from the content, no date is written. Nothing is fetched.
Fonts that are not declared and characters without a glyph stop the build.
"""

import hashlib
import re
from html import unescape
from pathlib import Path
from typing import Any

from qstats.errors import ReportError
from qstats.report.fonts import check_declared, check_glyphs


def write_pdf(html: str, path: Path) -> None:
    """Set a page as PDF and write it.

    Raises
    ------
    ReportError
        If a character has no glyph, a font is not declared or the page asks for anything outside itself.
    """
    path.write_bytes(make_pdf(html, where=path.name))


def make_pdf(html: str, *, where: str = "the page") -> bytes:
    """The PDF of a page as bytes (tagged, fonts embedded as subsets); `where` names it in messages."""
    import weasyprint  # loading pango takes its time: only when a PDF is made

    check_glyphs(read_text(html), where=where)
    try:
        document = weasyprint.HTML(string=html, url_fetcher=_make_refuser()).render(pdf_tags=True)
    except _Asked as asked:
        raise ReportError(f"{where} asks for {str(asked)!r}; pages must hold everything they need") from asked
    embedded: list[str] = []
    content = document.write_pdf(
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        pdf_tags=True,
        finisher=lambda _, pdf: embedded.extend(_embedded_fonts(pdf)),
    )
    check_declared(embedded, where=where)
    return content


def read_text(html: str) -> str:
    """What a reader sees of a page: text without tags, styles and comments."""
    visible = re.sub(r"<(style|script)\b.*?</\1>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", visible))


def _make_refuser() -> Any:
    """A fetcher for WeasyPrint that stops at the first address: pages hold everything they need."""
    from weasyprint.urls import URLFetcher

    class Refuser(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise _Asked(url)

    return Refuser()


class _Asked(BaseException):
    """A page asks for an address; WeasyPrint would swallow an ordinary exception and go on."""


def _embedded_fonts(pdf: Any) -> list[str]:
    names = []
    for part in pdf.objects:
        font = part if isinstance(part, dict) else {}
        if font.get("Type") == "/Font":
            name = font["BaseFont"]
            names.append((name.decode() if isinstance(name, bytes) else str(name)).lstrip("/"))
    return names
