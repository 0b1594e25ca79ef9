"""Divisions, townships and product classes."""

from qstats.reference import (
    county_name,
    divisions_of,
    product_class_name,
    read_divisions,
    read_product_classes,
    read_townships,
)

COUNTIES_2013 = {"371502", "371521", "371522", "371523", "371524", "371525", "371526", "371581"}
ZONES = {"3715E1", "3715H1", "3715T1"}


def test_divisions_of_a_year() -> None:
    assert {one.code for one in divisions_of("371500", 2013)} == COUNTIES_2013 | ZONES
    assert {one.code for one in divisions_of("371500", 2020)} == (
        COUNTIES_2013 - {"371523"} | {"371503"} | ZONES
    )


def test_wards_of_trials_abroad_belong_to_no_place_at_home() -> None:
    """They stand in a table of their own, under codes that GB/T 2260 does not give (99)."""
    others = [one for one in read_divisions() if not one.code.startswith("3715")]
    assert others and {one.code[:2] for one in others} == {"99"}
    assert all(one.name_en.isascii() for one in others)
    codes = [one.code for one in read_divisions()]
    assert len(codes) == len(set(codes))


def test_chiping_changed_name_and_code() -> None:
    old = next(division for division in read_divisions() if division.code == "371523")
    assert (old.name, old.successor, old.valid_to) == ("茌平县", "371503", 2019)


def test_townships_lie_in_known_divisions() -> None:
    codes = {division.code for division in read_divisions()}
    towns = read_townships()
    assert len({town.code for town in towns}) == len(towns) == 136
    assert len({town.name for town in towns}) == len(towns), "a name that two townships share places nothing"
    assert {town.county_code for town in towns} <= codes
    assert {town.zone_code for town in towns if town.zone_code} == ZONES


def test_no_word_belongs_to_two_product_classes() -> None:
    words = [word for known in read_product_classes() for word in known.words]
    assert len(words) == len(set(words))


def test_names_in_both_languages_and_unknown_codes_stand_for_themselves() -> None:
    assert county_name("371524") == {"zh": "东阿县", "en": "Dong'e County"}
    assert county_name("999999") == {"zh": "999999", "en": "999999"}
    assert product_class_name("food")["zh"] == "食品"
    assert product_class_name("其他类") == {"zh": "其他类", "en": "其他类"}
