"""How long does the same cleaning take, written plainly in pandas? The rules that a load file can break.

Vectorised where pandas can, ``.map`` over dictionaries and for check digits and items, ``drop_duplicates``
and ``groupby`` for batches. The words, places and item rule are the project's own, so that both programs
know the same; everything else is written as a good analyst would.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from qstats.cleaning.items import SEPARATOR, read_items
from qstats.cleaning.places import SEPARATOR as PLACE_SEPARATOR
from qstats.cleaning.places import place_rule
from qstats.cleaning.rules import RULES
from qstats.codebook import read_vocabulary
from qstats.methods.identifiers import CREDIT_ALPHABET
from qstats.reference import read_product_classes
from qstats.schemas import INSPECTION_ITEMS, INSPECTIONS, ISSUES
from qstats.synthetic.load import HEADINGS

WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
WIDE |= {ord(wide): narrow for wide, narrow in zip("％＋－．／＝＜＞＃＆＊", "%+-./=<>#&*", strict=True)}
ERRORS = r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)"
SPACES = "\x00-\x20\x7f\u00a0\u200b-\u200d\u2060\ufeff\u3000"
ATTENTION = f"[{SPACES}％＋－-９＜-＞＃＆＊Ａ-Ｚａ-ｚ<#]|^[-=@+/.—―。*\\\\空无不未Nn]"
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d")
COSMETIC = {rule.id for rule in RULES.values() if rule.cosmetic}
COLUMNS = list(INSPECTIONS)
NATURAL = ["sampled_unit", "brand", "model", "production", "sampled_on", "announced_on", "programme", "level",
           "county_code", "issuer"]  # fmt: skip
NEVER_IN_CONFLICT = {"batch_id", "source_id", "source_row", "listing", "announced_on", "enterprise_name",
                     "product_name", "first_outcome", "outcome", "fate"}  # fmt: skip


class Issues:
    """Cases of each rule; cosmetic ones counted by distinct change."""

    def __init__(self):
        self.parts = []

    def add(self, frame, mask, rule, field=None, old=None, new=None):
        found = frame.loc[mask, ["source_row"]].assign(rule=rule, field=field, old_value=None, new_value=None)
        for column, values in (("old_value", old), ("new_value", new)):
            if isinstance(values, pd.Series):
                found[column] = values.loc[found.index].astype("str")
        if rule in COSMETIC:
            keys = ["rule", "field", "old_value", "new_value"]
            groups = found.groupby(keys, dropna=False)["source_row"].agg(source_row="min", cases="size")
            found = groups.reset_index()
        else:
            found["cases"] = 1
        self.parts.append(found)

    def table(self, source_id):
        table = pd.concat([part for part in self.parts if len(part)], ignore_index=True)
        table["source_id"], table["table"] = source_id, "inspections"
        table["action"] = table["rule"].map({rule.id: rule.action for rule in RULES.values()})
        return table.sort_values(["source_row", "rule", "field"])[list(ISSUES)]


def clean_file(path: Path, target: Path, cutoff: date) -> None:
    """Clean a load file into inspections, items, issues, lineage and sources (Parquet)."""
    issues = Issues()
    raw = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], skip_blank_lines=False)
    raw = raw.rename(columns={heading: name for name, heading in HEADINGS.items()})
    raw.insert(0, "source_row", np.arange(len(raw)) + 2)
    rows_in = len(raw)
    for name in HEADINGS:
        raw[name] = clean_text(raw, name, issues)
    frame = reject_rows(raw, issues)
    clean_enterprises(frame, issues)
    clean_places(frame, issues)
    clean_dates(frame, issues, cutoff)
    clean_categories(frame, issues)
    clean_outcomes(frame, issues)
    items = clean_items(frame, issues)
    check_items(frame, issues)
    frame["source_id"] = "load"
    inspections, owner = merge_batches(frame, issues)
    write_tables(inspections, items, owner, issues, rows_in, len(frame), target)


def clean_text(raw, name, issues):
    """Column normalised; only texts that need it are touched."""
    whole = raw[name]
    touched = has(whole, ATTENTION) | (whole.str.len() > 32_767)
    text, rows = whole[touched], raw[touched]
    if text.empty:
        return whole
    too_long = text.str.len() > 32_767
    issues.add(rows, too_long, "cell.too_long", name, text)
    text = text.mask(too_long)
    narrow = text.str.translate(WIDE)
    issues.add(rows, (narrow != text) & text.notna(), "text.width", name, text, narrow)
    spaced = narrow.str.replace(f"[{SPACES}]+", " ", regex=True).str.strip()
    issues.add(rows, (spaced != narrow) & narrow.notna(), "text.whitespace", name, narrow, spaced)
    spaced = spaced.mask(spaced == "")
    error = spaced.str.fullmatch(ERRORS).fillna(False).astype(bool)
    issues.add(rows, error, "cell.error", name, spaced)
    unknown = spaced.isin(read_vocabulary()["placeholder"])
    issues.add(rows, unknown, "text.placeholder", name, spaced)
    spaced = spaced.mask(error | unknown)
    issues.add(rows, has(spaced, "^(?:[=@] *[^ ]|[+-][A-Za-z(=])"), "text.formula", name, spaced, spaced)
    issues.add(rows, has(spaced, "< */? *[A-Za-z!][^<>]*>"), "text.markup", name, spaced, spaced)
    whole = whole.copy()
    whole[touched] = spaced
    return whole


def has(text, pattern):
    """Where a text holds the pattern; plain characters keep Arrow's own regular expressions in use."""
    return text.str.contains(pattern).fillna(False).astype(bool)


def reject_rows(raw, issues):
    words = read_vocabulary()
    texts = raw[["sheet_no", "enterprise_name", "county", "product_name", "product_class"]]
    blank = raw[list(HEADINGS)].isna().all(axis=1)
    headed = ["enterprise_name", "product_name", "sheet_no", "sampled_on", "announced_on", "result"]
    header = sum((raw[name] == HEADINGS[name]).fillna(False).astype(int) for name in headed) >= 2
    no_product = raw["enterprise_name"].isna() | raw["product_name"].isna()
    total, note = pd.Series(False, raw.index), pd.Series(False, raw.index)
    for name in texts:
        total |= has(texts[name].str.replace(" ", ""), f"^(?:{'|'.join(words['total'])})(?:[:：].*)?$")
        note |= has(texts[name], f"^(?:{'|'.join(words['note'])}) *(?:[:：]|[0-9]+[、.．])")
    nameless = raw["enterprise_name"].isna() & raw["sheet_no"].isna() & raw["product_name"].isna()
    rest = pd.Series(True, raw.index)
    for rule, mask in (
        ("row.blank", blank), ("row.header_repeated", header), ("row.total", no_product & total),
        ("row.note", no_product & note), ("row.no_identity", nameless),
    ):  # fmt: skip
        issues.add(raw, rest & mask, rule)
        rest &= ~mask
    return raw[rest].reset_index(drop=True)


def clean_enterprises(frame, issues):
    name = frame["enterprise_name"]
    plain, spaced = name.copy(), has(name, "[ ()]") & has(name, "[一-鿿]")
    part = name[spaced].str.replace("(", "（").str.replace(")", "）")
    for pattern in (r"([\u4e00-\u9fff（）]) +", r" +([\u4e00-\u9fff（）])"):
        part = part.str.replace(pattern, r"\1", regex=True)
    plain[spaced] = part
    issues.add(frame, (plain != name) & name.notna(), "enterprise.name", "enterprise_name", name, plain)
    issues.add(frame, name.isna(), "enterprise.missing", "enterprise_name")
    frame["enterprise_name"] = plain
    stated = frame["enterprise_code"]
    code = stated.str.replace("[ –—－_.·-]+", "", regex=True).str.upper()
    formed = has(code, "^(?:[0-9A-Z]{9}|[0-9A-Z]{18})$")
    valid = code.map(code_is_valid, na_action="ignore").fillna(False).astype(bool)
    issues.add(frame, stated.notna() & ~formed, "code.form", "enterprise_code", stated)
    issues.add(frame, formed & ~valid, "code.check_digit", "enterprise_code", stated)
    organisation = code.mask(code.str.len() == 18, code.str[8:17]).where(valid)
    frame["enterprise_id"] = ("org:" + organisation).fillna("name:" + plain)


def code_is_valid(code: str) -> bool:
    """Check character of GB 32100-2015 (18 characters) or GB 11714-1997 (9 characters)."""
    if len(code) == 18:
        if any(character not in CREDIT_ALPHABET for character in code):
            return False
        total = sum(CREDIT_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(code[:17]))
        return CREDIT_ALPHABET[-total % 31] == code[17]
    if len(code) == 9 and code.isascii() and code.isalnum():
        total = sum(int(c, 36) * weight for c, weight in zip(code, (3, 7, 9, 10, 5, 8, 4, 2), strict=False))
        return "0X987654321"[total % 11] == code[8]
    return False


def clean_places(frame, issues):
    """County names are few: one look at each, then a dictionary."""
    rule, names = place_rule(2013), frame["county"].dropna().unique()
    read = {name: rule(f"{name}{PLACE_SEPARATOR}{PLACE_SEPARATOR}") for name in names}
    codes = {name: found.value.split(PLACE_SEPARATOR)[0] or None for name, found in read.items()}
    frame["county_code"] = frame["county"].map(codes)
    broken = {hit.rule for found in read.values() for hit in found.hits}
    for rule_id in sorted(broken):
        names = [name for name, found in read.items() if any(hit.rule == rule_id for hit in found.hits)]
        mask = frame["county"].isin(names)
        issues.add(frame, mask, rule_id, "county_code", frame["county"], frame["county_code"])


def clean_dates(frame, issues, cutoff):
    for name in ("sampled_on", "announced_on"):
        text = frame[name]
        day = pd.to_datetime(text, format=DATE_FORMS[0], errors="coerce")
        for form in DATE_FORMS[1:]:
            unread = text[text.notna() & day.isna()]
            day = day.fillna(pd.to_datetime(unread, format=form, errors="coerce"))
        other = text[text.notna() & day.isna()]
        parts = other.str.extract(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(.*)$")
        parts = parts.fillna(other.str.extract(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)(.*)$"))
        written = parts[0] + "-" + parts[1].str.zfill(2) + "-" + parts[2].str.zfill(2)
        serial = pd.to_numeric(other.where(other.str.fullmatch(r"\d{5}(?:\.\d+)?")))
        day = day.fillna(pd.to_datetime(written, format="%Y-%m-%d", errors="coerce"))
        day = day.fillna(pd.Timestamp("1899-12-30") + pd.to_timedelta(serial // 1, unit="D"))
        day = day.where((day >= "2000-01-01") & (day <= pd.Timestamp(cutoff)))
        issues.add(frame, text.notna() & day.isna(), "date.impossible", name, text)
        found, iso = day[other.index].notna(), day[other.index].dt.strftime("%Y-%m-%d")
        issues.add(frame.loc[other.index], serial.notna() & found, "date.serial", name, other, iso)
        time = r"[T\s]*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?\s*Z?"
        remark = parts[3].notna() & ~parts[3].str.fullmatch(time).fillna(True).astype(bool)
        issues.add(frame.loc[other.index], remark & found, "date.remark", name, other, iso)
        frame[name] = day
    issues.add(frame, frame["sampled_on"].isna(), "date.missing", "sampled_on")
    late = frame["announced_on"] < frame["sampled_on"]
    issues.add(frame, late, "date.order", "announced_on", frame["announced_on"], frame["sampled_on"])
    made = pd.to_datetime(frame["production"], format="%Y-%m-%d", errors="coerce")
    early = frame["sampled_on"] < made
    issues.add(frame, early, "date.order", "production", frame["production"], frame["sampled_on"])


def clean_categories(frame, issues):
    words = read_vocabulary()
    for name, rule in (
        ("programme", "programme.unknown"), ("level", "level.unknown"), ("stage", "stage.unknown"),
        ("enterprise_size", "size.unknown"),
    ):  # fmt: skip
        codes = {word: code for code, known in words[name].items() for word in (*known, code)}
        text = frame[name]
        code = text.str.replace(" ", "").map(codes)
        issues.add(frame, text.notna() & code.isna(), rule, name, text)
        frame[name] = code
    classes = {word: known.code for known in read_product_classes() for word in known.words}
    text = frame["product_class"]
    top = text.str.split("-->", n=1, regex=False).str[0].str.strip()
    code = top.map(classes)
    issues.add(frame, text.notna() & code.isna(), "product_class.unknown", "product_class", text, top)
    frame["product_class"] = code.fillna(top)


def clean_outcomes(frame, issues):
    words = read_vocabulary()
    codes = {word: code for code, known in words["outcome"].items() for word in known}
    standard = {code: known[0] for code, known in words["outcome"].items()}
    text = frame["result"].str.replace(" ", "")
    outcome = text.map(codes)
    fate = pd.Series(None, frame.index, dtype="str")
    for code, known in words["fate"].items():
        fate = fate.mask(fate.isna() & has(text, "|".join(known)), code)
    other = outcome.notna() & (text != outcome.map(standard))
    issues.add(frame, other, "outcome.vocabulary", "result", text, outcome.map(standard))
    unknown = text.notna() & outcome.isna() & fate.isna()
    issues.add(frame, unknown, "outcome.unknown", "result", text)
    issues.add(frame, text.isna(), "outcome.missing", "result")
    frame["outcome"] = frame["first_outcome"] = outcome
    frame["fate"] = fate.mask(outcome.notna(), "sampled").fillna("pending")


def clean_items(frame, issues):
    listed = frame[frame["failed_items"].notna()]
    cells = [listed[name].fillna("") for name in ("failed_items", "item_result", "item_unit", "item_limit")]
    key = cells[0].str.cat(cells[1:], sep=SEPARATOR)
    frame["item_key"] = key.reindex(frame.index)
    read = key.map(read_items)
    hits = read.map(lambda found: found[1]).explode().dropna()
    for rule, group in hits.groupby(hits.map(lambda hit: hit.rule)):
        old, new = (pd.Series([hit[place] for hit in group], index=range(len(group))) for place in (1, 2))
        rows = pd.DataFrame({"source_row": listed.loc[group.index, "source_row"].to_numpy()})
        issues.add(rows, pd.Series(True, rows.index), rule, "failed_items", old, new)
    items = read.map(lambda found: found[0]).explode().dropna()
    columns = ["item", "result", "unit", "limit_operator", "limit"]
    table = pd.DataFrame(items.tolist(), columns=columns, index=items.index)
    return table.assign(verdict="fail", severity=None)


def check_items(frame, issues):
    listed = frame["failed_items"].notna()
    passed = listed & (frame["first_outcome"] == "pass")
    issues.add(frame, passed, "outcome.pass_with_failed_item", "failed_items", frame["failed_items"])
    failed = ~listed & (frame["outcome"] == "fail")
    issues.add(frame, failed, "outcome.fail_without_item", "failed_items")


def merge_batches(frame, issues):
    """One row per batch, and the batch of every row."""
    for name in set(COLUMNS) - set(frame.columns):
        frame[name] = None
    alone = frame["source_id"] + "-" + frame["source_row"].astype("str")
    natural = frame[NATURAL].where(frame["sheet_no"].isna())
    keys = pd.concat(
        [frame[["sheet_no", "enterprise_name", "product_name"]], natural.add_prefix("_")], axis=1
    )
    keys = keys.loc[:, keys.notna().any()]
    shared = keys.duplicated(keep=False)
    group = keys[shared].groupby(list(keys), dropna=False, sort=False).ngroup()
    later = keys.duplicated()
    lead = pd.Series(group.index, group.index).groupby(group).transform("first")
    content = [name for name in COLUMNS if name not in ("batch_id", "source_row", "listing")]
    exact = frame.loc[shared, [*content, "sheet_no", "item_key"]].astype("str").duplicated()
    repeats = later[shared] & exact
    row_issue = frame[shared]
    firsts = frame.loc[~later, "sheet_no"].dropna()
    use = firsts.groupby(firsts).cumcount()
    batch_id = frame["sheet_no"].fillna(alone)
    reused = use[use > 0].index
    batch_id.loc[reused] = batch_id.loc[reused] + "#" + (use.loc[reused] + 1).astype("str")
    batch_id.loc[shared] = batch_id[shared].groupby(group).transform("first")
    issues.add(row_issue, repeats, "batch.duplicate_row", "batch_id", None, batch_id[shared])
    issues.add(row_issue, later[shared] & ~exact, "batch.rows_merged", "batch_id", None, batch_id[shared])
    issues.add(
        frame.loc[reused], pd.Series(True, reused), "batch.conflict", "sheet_no", frame["sheet_no"], batch_id
    )
    for name in [name for name in COLUMNS if name not in NEVER_IN_CONFLICT] + ["outcome"]:
        values = frame.loc[shared, name]
        stands = values.loc[lead].set_axis(values.index)
        differs = values.notna() & stands.notna() & (values != stands)
        issues.add(row_issue, differs, "batch.conflict", name, values, stands)
    merged = frame[shared].assign(
        _failed=frame["outcome"] == "fail", _first_failed=frame["first_outcome"] == "fail"
    ).groupby(group)  # fmt: skip
    values = merged[COLUMNS].first()
    values["source_row"] = merged["source_row"].min()
    values["outcome"] = values["outcome"].mask(merged["_failed"].any(), "fail")
    values["first_outcome"] = values["first_outcome"].mask(merged["_first_failed"].any(), "fail")
    values["fate"] = values["fate"].mask(
        (frame.loc[shared, "fate"] == "sampled").groupby(group).any(), "sampled"
    )
    frame["batch_id"] = batch_id
    stand = frame.index[shared & ~later]
    values["batch_id"] = batch_id.loc[stand].to_numpy()
    values.index = stand
    inspections = pd.concat([frame.loc[~shared, COLUMNS], values[COLUMNS]]).sort_index()
    return inspections, frame[["batch_id", "source_id", "source_row"]]


def write_tables(inspections, items, owner, issues, rows_in, rows_clean, target):
    target.mkdir(parents=True, exist_ok=True)
    items = items.assign(batch_id=owner["batch_id"].reindex(items.index))
    items = items.drop_duplicates(ignore_index=True)
    items["item_no"] = items.groupby("batch_id").cumcount() + 1
    items[list(INSPECTION_ITEMS)].to_parquet(target / "inspection_items.parquet", compression="zstd")
    inspections.to_parquet(target / "inspections.parquet", compression="zstd", index=False)
    owner.to_parquet(target / "batch_rows.parquet", compression="zstd", index=False)
    issues.table("load").to_parquet(target / "issues.parquet", compression="zstd", index=False)
    account = {"rows_in": rows_in, "rows_kept": len(inspections), "rows_rejected": rows_in - rows_clean}
    pd.DataFrame([account | {"rows_merged": rows_clean - len(inspections)}]).to_parquet(
        target / "sources.parquet"
    )
