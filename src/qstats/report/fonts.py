"""In which fonts are pages and charts set, and does each character have its glyph?

One family with the Chinese mainland forms of the characters (直 and 骨 differ from the Japanese ones). A
font that is not declared, or a character without a glyph, stops the build: boxes are never published.
"""

import subprocess
import unicodedata
from collections.abc import Iterable
from functools import cache

from fontTools.ttLib import TTFont

from qstats.errors import ReportError

SANS = "Noto Sans CJK SC"
MONO = "Noto Sans Mono CJK SC"
DECLARED = (SANS, MONO)
FONT_STACK = f"'{SANS}', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
INSTALL = "install it: apt-get install fonts-noto-cjk (Debian), or the Noto Sans CJK collection elsewhere"


@cache
def locate_font(family: str) -> tuple[str, int]:
    """File and face number of a declared family, as fontconfig finds it.

    Raises
    ------
    ReportError
        If the family is not installed.
    """
    question = ["fc-match", "-f", "%{family[0]}\t%{index}\t%{file}", f"{family}:style=Regular"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise ReportError(f"fontconfig cannot be asked for the font {family!r}: {problem}") from problem
    found, index, path = answer.split("\t", 2)
    if found != family:
        raise ReportError(f"the font {family!r} is missing (nearest: {found!r}); {INSTALL}")
    return path, int(index) & 0xFFFF  # the upper half counts named instances of variable fonts


@cache
def covered_characters(family: str = SANS) -> frozenset[int]:
    """Code points for which the family has a glyph."""
    path, face = locate_font(family)
    with TTFont(path, fontNumber=face, lazy=True) as font:
        return frozenset(font.getBestCmap())


def check_glyphs(text: str, *, where: str) -> None:
    """Pass silently when each printed character of a text has a glyph in the declared font.

    Raises
    ------
    ReportError
        Naming up to five characters that would be printed as boxes.
    """
    printed = {
        character
        for character in text
        if unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp")
    }
    missing = sorted(character for character in printed if ord(character) not in covered_characters())
    if missing:
        named = ", ".join(f"U+{ord(character):04X} {character}" for character in missing[:5])
        raise ReportError(
            f"{where} has {len(missing)} characters without a glyph in {SANS}: {named}; "
            "mend them in the source or by a declared correction"
        )


def check_declared(names: Iterable[str], *, where: str) -> None:
    """Pass silently when the fonts embedded in a document are all declared.

    Parameters
    ----------
    names
        PostScript-like names as embedded: ``ABCDEF+Noto-Sans-CJK-SC-Bold``.

    Raises
    ------
    ReportError
        Naming the fonts that are not in the list.
    """
    declared = tuple(family.replace(" ", "-") for family in DECLARED)
    plain = {name.rpartition("+")[2].removesuffix("-Bold") for name in names}
    if strange := sorted(plain - set(declared)):
        raise ReportError(
            f"{where} is set in fonts that are not declared: {', '.join(strange)}; declared: {DECLARED}"
        )
