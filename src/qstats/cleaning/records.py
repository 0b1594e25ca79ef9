"""What do rows of the smaller streams have in common? Lines that are none, days, places, words, counts."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from qstats.cleaning.dates import date_rule
from qstats.cleaning.distinct import Cleaned, Hit, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.places import SEPARATOR, place_rule
from qstats.cleaning.streams import StreamSetting
from qstats.codebook import read_vocabulary
from qstats.sources.layouts import SourceLayout

_COUNT = re.compile(r"^([0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]{1,7})(?:\.0+)?\s*(?:户|套|项|个|件|批)?$")
_DASHES = re.compile(r"\s*[\-‐‑‒–—―−－]+\s*")
LATEST_REPORT = timedelta(days=366)
"""A register that arrives late may hold days up to so long after the cutoff."""

_TWIN = re.compile(r"\.\d+$")


def reject_lines(
    raw: pl.DataFrame, layout: SourceLayout, log: IssueLog, *, headed: Iterable[str], texts: Iterable[str]
) -> pl.DataFrame:
    """Rows that are records; each other one is logged under the first rule that it breaks.

    Rules ``row.header_repeated`` (two headings of ``headed`` in their own columns), ``row.total`` and
    ``row.note`` (in one of ``texts``), ``row.blank``, ``row.not_a_record`` (the layout's ``reject_where``).
    """
    vocabulary = read_vocabulary()
    stated = [name for name in raw.columns if name not in ("source_row", "sequence", *layout.defaults)]
    words = "|".join(vocabulary["total"])
    total = rf"^[\u4e00-\u9fff]{{0,8}}(?:{words})(?:[:：（(\d].*)?$|^共\d+[项个户套件栋幢]"
    note = rf"^(?:{'|'.join(vocabulary['note'])})\s*(?:[:：]|\d+[、.．])"
    repeats = pl.sum_horizontal(
        pl.col(name).is_in(layout.columns[name]).fill_null(False).cast(pl.Int8) for name in headed
    )
    known = [name for name in texts if name in raw.columns]
    plain = [pl.col(name).str.replace_all(" ", "") for name in known]
    refused = [
        pl.col(name).str.contains("|".join(f"(?:{one})" for one in patterns)).fill_null(False)
        for name, patterns in layout.reject_where.items()
    ]
    rule = (
        pl.when(repeats >= 2).then(pl.lit("row.header_repeated"))
        .when(pl.any_horizontal(False, *(one.str.contains(total) for one in plain)))
        .then(pl.lit("row.total"))
        .when(pl.any_horizontal(False, *(pl.col(n).str.contains(note) for n in known)))
        .then(pl.lit("row.note"))
        .when(pl.all_horizontal(pl.col(stated).is_null())).then(pl.lit("row.blank"))
        .when(pl.any_horizontal(*refused) if refused else pl.lit(False)).then(pl.lit("row.not_a_record"))
    )  # fmt: skip
    judged = raw.with_columns(rule.alias("_rule"))
    for (broken,), rows in judged.filter(pl.col("_rule").is_not_null()).group_by(
        "_rule", maintain_order=True
    ):
        log.add_rows(rows, str(broken))
    return judged.filter(pl.col("_rule").is_null()).drop("_rule")


def with_fields(raw: pl.DataFrame, fields: Iterable[str], layout: SourceLayout) -> pl.DataFrame:
    """The rows with every field, null where the layout has none, and with the layout's defaults."""
    absent = [name for name in fields if name not in raw.columns]
    frame = raw.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    return frame.with_columns(
        pl.col(name).fill_null(pl.lit(value)) for name, value in layout.defaults.items()
    )


def read_days(
    frame: pl.DataFrame, names: Iterable[str], setting: StreamSetting, log: IssueLog
) -> pl.DataFrame:
    """Columns as dates; impossible ones blanked."""
    rule = date_rule(setting.cutoff, setting.layout.date_day_first)
    return frame.with_columns(
        clean_column(frame, name, rule, log).str.to_date("%Y-%m-%d", strict=False) for name in names
    )


def days_to_come(texts: pl.Series, setting: StreamSetting) -> pl.Series:
    """Whether each text is a day soon after the cutoff: what it tells of has not happened yet."""
    latest = min(setting.cutoff, date.max - LATEST_REPORT) + LATEST_REPORT
    read = date_rule(latest, setting.layout.date_day_first)
    days = {text: read(text).value for text in texts.unique().drop_nulls()}
    after = {text for text, day in days.items() if day and day > setting.cutoff.isoformat()}
    return pl.Series([text in after for text in texts], dtype=pl.Boolean)


def read_counties(
    frame: pl.DataFrame, setting: StreamSetting, log: IssueLog, *, column: str = "county"
) -> pl.Series:
    """``county_code`` of the run's vintage from names or codes, by the layout's own words first."""
    own = {word: code for code, words in setting.layout.words.get("county", {}).items() for word in words}
    texts = frame.select(
        "source_row",
        pl.format(f"{{}}{SEPARATOR}{SEPARATOR}", pl.col(column).replace(own)).alias("county_code"),
    )
    found = clean_column(texts, "county_code", place_rule(setting.vintage), log)
    return found.str.split(SEPARATOR).list.first().replace("", None).alias("county_code")


def read_words(
    frame: pl.DataFrame, name: str, vocabulary: str, setting: StreamSetting, log: IssueLog
) -> pl.Series:
    """Codes of a coded field: the layout's own words, then the vocabulary's."""
    known = read_vocabulary()[vocabulary].items()
    words = {word: code for code, listed in known for word in (*listed, code)}
    words |= {w: code for code, listed in setting.layout.words.get(name, {}).items() for w in listed}
    return clean_column(
        frame, name, words_rule({w.replace(" ", "").casefold(): c for w, c in words.items()}), log
    )


def words_rule(words: dict[str, str]) -> Callable[[str], Cleaned]:
    """Rule: a word → its code; an unknown one is blanked (``category.unknown``)."""

    def read_word(text: str) -> Cleaned:
        code = words.get(text.replace(" ", "").casefold())
        return Cleaned(code, () if code else (Hit("category.unknown", text, None),))

    return read_word


@lru_cache(maxsize=1 << 14)
def count_rule(text: str) -> Cleaned:
    """Rule: a whole number, also with thousands or a counting word; else ``number.unreadable``."""
    match = _COUNT.match(text)
    if not match:
        return Cleaned(None, (Hit("number.unreadable", text, None),))
    return Cleaned(re.sub("[,，]", "", match[1]))


def read_numbers(frame: pl.DataFrame, column: str, log: IssueLog) -> pl.Series:
    """Numbers of records as they are compared; words that are no number (暂无) are blanked."""
    return clean_column(frame, column, number_rule, log)


@lru_cache(maxsize=1 << 16)
def number_rule(text: str) -> Cleaned:
    """Rule: the number of a record in its plain form; a text without any digit is none."""
    if any(letter.isdigit() for letter in text):
        return Cleaned(plain_number(text))
    return Cleaned(None, (Hit("text.placeholder", text, None),))


@lru_cache(maxsize=1 << 16)
def plain_number(text: str) -> str:
    """A number as it is compared: capitals, no spaces, one kind of dash, bare digits without zeros first."""
    plain = _DASHES.sub("-", text.replace(" ", "").upper())
    return plain.lstrip("0") or "0" if plain.isdecimal() else plain


@lru_cache(maxsize=1 << 16)
def plain_name(text: str) -> str:
    """A name as it is compared: brackets and marks of buildings (``1#楼``, ``1号楼``) written one way."""
    return plain_number(text.replace("（", "(").replace("）", ")").replace("号楼", "#楼").replace("＃", "#"))


def project_ids(frame: pl.DataFrame) -> pl.Series:
    """``project_id``: the number as read, else county and name, else null; needs ``county_code``."""
    names = frame.select("project_no", "project_name", "county_code").iter_rows()
    return pl.Series("project_id", [_project_id(*one) for one in names], dtype=pl.String)


def first_sent(source_id: str) -> str:
    """Id of the source whose content a file repeats, its own where it repeats none."""
    return _TWIN.sub("", source_id)


def _project_id(number: str | None, name: str | None, county: str | None) -> str | None:
    if number:
        return number
    return f"{county or '-'}:{plain_name(name)}" if name else None
