"""How does a drawing get into a page? Without metadata, with ids and styles that cannot meet others'.

The drawing is read as XML, so that text which came from data stays text whatever it looks like.
"""

import re
import xml.etree.ElementTree as ElementTree

from qstats.report.fonts import FONT_STACK, SANS

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
LINE_STYLE = "stroke-linejoin: round; stroke-linecap: butt"


def inline_svg(text: str, *, name: str) -> str:
    """A matplotlib SVG made fit to stand inside HTML beside other drawings.

    Prologue, comments, metadata and matplotlib's global ``*{…}`` style (which would reach the whole page)
    are left out, and every id and reference to one gets the figure's name in front.
    """
    root = ElementTree.fromstring(text)
    _drop_elements(root, {f"{SVG}style", f"{SVG}metadata"})
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.attrib = {
            _plain_name(key): _prefixed(key, value, name) for key, value in element.attrib.items()
        }
    root.set("style", LINE_STYLE)
    return ElementTree.tostring(root, encoding="unicode")


def _drop_elements(parent: ElementTree.Element, tags: set[str]) -> None:
    for child in list(parent):
        if child.tag in tags:
            parent.remove(child)
        else:
            _drop_elements(child, tags)


def _plain_name(key: str) -> str:
    return "href" if key == HREF else key


def _prefixed(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key in (HREF, "href"):
        return value.replace("#", f"#{name}-", 1)
    if key == "style":  # elsewhere the declared font may be absent: name others that have the characters
        value = value.replace(f"font-family: '{SANS}'", f"font-family: {FONT_STACK}")
    return re.sub(r"url\(#", f"url(#{name}-", value)
