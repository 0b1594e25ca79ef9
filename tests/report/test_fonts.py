import pytest

from qstats.errors import ReportError
from qstats.report.fonts import MONO, SANS, check_declared, check_glyphs, covered_characters, locate_font


def test_rare_characters_of_place_names_have_glyphs() -> None:
    assert {ord(character) for character in "猇甪氹直骨"} <= covered_characters()
    check_glyphs("猇亭 甪直\n氹仔\u200b", where="a page")


def test_character_without_glyph_is_named() -> None:
    with pytest.raises(ReportError, match=r"index\.html has 1 characters without a glyph .* U\+E000"):
        check_glyphs("名称\ue000", where="index.html")


def test_font_that_is_not_declared_stops_the_build() -> None:
    check_declared(["ABCDEF+Noto-Sans-CJK-SC-Bold", "GHIJKL+Noto-Sans-Mono-CJK-SC"], where="x")
    for strange in ("ABCDEF+Noto-Sans-CJK-JP", "ABCDEF+DejaVu-Sans", "ABCDEF+Noto-Serif-CJK-SC"):
        with pytest.raises(ReportError, match="not declared"):
            check_declared([strange], where="x")


def test_missing_family_says_how_to_get_it() -> None:
    with pytest.raises(ReportError, match="fonts-noto-cjk"):
        locate_font("No Such Family")


def test_mainland_faces_are_found() -> None:
    assert locate_font(SANS)[1] != locate_font(MONO)[1]
