"""Which tables show credit? Grades by scheme, by county and industry, moves in a year, failures by grade."""

from collections.abc import Callable

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.methods.disclosure import TOTAL
from qstats.reference import county_name, industry_name
from qstats.report.columns import Column
from qstats.report.credit.assessment import Assessment, SchemeGrades
from qstats.report.credit.publication import SMALL
from qstats.report.credit.wording import say_group, say_nothing, say_when
from qstats.report.disclosure import SUPPRESSED, ProtectedTable
from qstats.report.display import Display, show_table, show_text

_SCHEME = Column(format="bilingual", label={"zh": "办法", "en": "Scheme"})
_GRADE = Column(format="bilingual", label={"zh": "等级", "en": "Grade"})
_COUNT = Column(format="count", label={"zh": "家数", "en": "Enterprises"})
_ALL: Text = {"zh": "合计", "en": "Total"}
_NOT_STATED: Text = {"zh": "未注明", "en": "Not stated"}
_OTHERS: Text = {"zh": "其他行业", "en": "Other industries"}


def _spread(texts: dict[str, Text]) -> dict[str, str]:
    return {f"{name}_{one}": words[one] for name, words in texts.items() for one in LANGUAGES}


def tabulate_grades(assessed: Assessment) -> Display:
    """Enterprises by grade, now and a year ago, with the checks that follow."""
    if not assessed.schemes:
        return show_text(say_nothing(assessed), style="note", instead_of="credit_grades")
    rows = [
        {
            "key": one.key(group), "scheme": one.scheme.id, "grade": "+".join(group), "n": one.now[group],
            "share": one.share(group), "n_before": one.before[group],
            "share_before": one.share(group, before=True), "total": one.total,
        }
        | _spread({
            "scheme_name": one.scheme.short.text, "grade_said": say_group(group), "meaning": one.meaning(group),
            "supervision": _say_supervision(one, group), "checks_said": _say_checks(one, group),
        })
        for one in assessed.schemes
        for group in one.groups
    ]  # fmt: skip
    when = say_when(assessed.on)
    return show_table(
        pd.DataFrame(rows),
        name="credit_grades",
        caption={
            "zh": f"{assessed.place['zh']}企业质量信用等级（{when['zh']}，家）",
            "en": f"Enterprises of {assessed.place['en']} by grade of quality credit, {when['en']}",
        },
        columns={
            "scheme_name": _SCHEME,
            "grade_said": _GRADE,
            "meaning": Column(format="bilingual", label={"zh": "含义", "en": "Meaning"}),
            "n": _COUNT,
            "share": Column(format="percent", label={"zh": "占比", "en": "Share"}),
            "n_before": Column(format="count", label={"zh": "上年家数", "en": "Year before"}),
            "share_before": Column(format="percent", label={"zh": "上年占比", "en": "Share before"}),
            "supervision": Column(format="bilingual", label={"zh": "监督方式", "en": "Supervision"}),
            "checks_said": Column(format="bilingual", label={"zh": "每年抽查次数", "en": "Checks a year"}),
        },
        notes=[{
            "zh": f"不足{assessed.rule.minimum_enterprises}家的等级与相邻等级合并；抽查次数按产品级别不同，列出范围。",
            "en": f"Grades with fewer than {assessed.rule.minimum_enterprises} enterprises stand together with their neighbour; checks depend on the class of product and are given as a range.",
        }],
    )  # fmt: skip


def _say_supervision(one: SchemeGrades, group: tuple[str, ...]) -> Text:
    rules = [rule.label.text for rule in one.scheme.supervision if rule.grade in group]
    return {
        lang: ("、" if lang == "zh" else "; ").join(dict.fromkeys(label[lang] for label in rules))
        for lang in LANGUAGES
    }


def _say_checks(one: SchemeGrades, group: tuple[str, ...]) -> Text:
    counts = [rule.checks for rule in one.scheme.supervision if rule.grade in group]
    low, high = min(counts), max(counts)
    if low == high:
        return {"zh": f"{low}", "en": f"{low}"}
    return {"zh": f"{low}～{high}", "en": f"{low} to {high}"}


def tabulate_counties(assessed: Assessment) -> Display:
    """Enterprises by county and grade; few of them are hidden."""
    tables = {key: pair[1] for key, pair in assessed.published.counties.items()} if assessed.published else {}
    label: Text = {"zh": "县（市、区）", "en": "County"}
    return _tabulate_groups(assessed, tables, "credit_counties", label, county_name)


def tabulate_industries(assessed: Assessment) -> Display:
    """Enterprises by industry and grade."""
    tables = (
        {key: pair[1] for key, pair in assessed.published.industries.items()} if assessed.published else {}
    )
    return _tabulate_groups(
        assessed, tables, "credit_industries", {"zh": "行业", "en": "Industry"}, industry_name
    )


def _tabulate_groups(
    assessed: Assessment, tables: dict[str, ProtectedTable], name: str, label: Text, name_of: Callable[[str], Text]
) -> Display:  # fmt: skip
    if refusal := _refusal(assessed, list(tables.values())):
        return show_text(refusal, style="note", instead_of=name)
    first = next(iter(tables.values())).cells
    totals = first[first["grade"] == TOTAL].set_index("row")["n"].astype(int)
    codes = sorted(
        totals.index, key=lambda code: (code == TOTAL, code.endswith("."), code.endswith(SMALL), code)
    )
    columns = {
        f"{one.scheme.id}.{'+'.join(group)}": Column(
            format="marked_count",
            label={lang: f"{one.scheme.short.text[lang]} {say_group(group)[lang]}" for lang in LANGUAGES},
        )
        for one in assessed.schemes
        for group in one.groups
    }
    rows = [
        {"code": code.split(".", 1)[-1]}
        | _spread({"name": _name_row(code, name_of)})
        | {key: _cell(tables[key.split(".")[0]], ("row", "grade"), (code, key)) for key in columns}
        | {"n": int(totals[code])}
        for code in codes
    ]
    when = say_when(assessed.on)
    return show_table(
        pd.DataFrame(rows),
        name=name,
        caption={
            "zh": f"分{label['zh']}的质量信用等级（{when['zh']}，家）",
            "en": f"Enterprises by {label['en'].lower()} and grade, {when['en']}",
        },
        columns={
            "name": Column(format="bilingual", label=label),
            **columns,
            "n": Column(format="count", label=_ALL),
        },
        notes=[_hidden(assessed)],
    )


def _name_row(code: str, name_of: Callable[[str], Text]) -> Text:
    bare = code.split(".", 1)[-1]
    if code == TOTAL:
        return _ALL
    if bare == SMALL:
        return _OTHERS
    return name_of(bare) if bare else _NOT_STATED


def _cell(table: ProtectedTable, by: tuple[str, str], at: tuple[str, str]) -> object:
    """What may be read of a cell; a pair that nobody has is 0."""
    cells = table.cells
    found = cells[(cells[by[0]] == at[0]) & (cells[by[1]] == at[1])]
    if found.empty:
        return 0
    row = found.iloc[0]
    return SUPPRESSED if row["status"] == "suppressed" else int(row["n"])


def _refusal(assessed: Assessment, tables: list[ProtectedTable]) -> Text | None:
    """Why a table is not published, if so."""
    if not tables or assessed.published is None:
        return say_nothing(assessed)
    if any(one.refused for one in tables) or not assessed.published.audit.holds:
        return {
            "zh": f"本表不发布：有的格不足{assessed.rule.minimum_enterprises}家企业，合计会使其可以推算。",
            "en": f"The table is not published: cells have fewer than {assessed.rule.minimum_enterprises} enterprises, and totals would give them away.",
        }
    return None


def _hidden(assessed: Assessment) -> Text:
    least = assessed.rule.minimum_enterprises
    zh = f"{SUPPRESSED}：不足{least}家，或为使不足{least}家的格不能推算而一并隐去；0表示没有。"
    en = f"{SUPPRESSED}: fewer than {least} enterprises, or hidden so that such a cell cannot be worked out; 0 is none."
    if len(assessed.schemes) > 1:
        zh, en = f"{zh}各办法的字母含义不同。", f"{en} Letters of the schemes have different meanings."
    return {"zh": zh, "en": en}


def tabulate_moves(assessed: Assessment) -> Display:
    """Grades of a year ago in rows, those now in columns: of each scheme its own, from the best to the worst."""
    tables = assessed.published.moves if assessed.published else {}
    if refusal := _refusal(assessed, list(tables.values())):
        return show_text(refusal, style="note", instead_of="credit_moves")
    places = range(max(len(one.groups) for one in assessed.schemes))
    rows = [
        _row_of_moves(one, tables[one.scheme.id], start, len(places))
        for one in assessed.schemes
        for start in [*("+".join(group) for group in one.groups), "new"]
    ]
    return show_table(
        pd.DataFrame([row for row in rows if row["n"] != 0]),
        name="credit_moves",
        caption={
            "zh": f"等级的变动（{say_when(assessed.before)['zh']}至{say_when(assessed.on)['zh']}，家）",
            "en": f"Enterprises by grade before and now, {say_when(assessed.before)['en']} to {say_when(assessed.on)['en']}",
        },
        columns={
            "scheme_name": _SCHEME,
            "before_said": Column(format="bilingual", label={"zh": "上年等级", "en": "Grade before"}),
            **{
                f"now_{at + 1}": Column(format="marked_count", label=_name_place(assessed, at)) for at in places
            },
            "gone": Column(format="marked_count", label=text("credit_state", "gone")),
            "n": Column(format="marked_count", label=_ALL),
        },
        notes=[_hidden(assessed), {
            "zh": "列按各办法自己的等级由优到劣排列；等级变动可以只由旧记录的衰减引起。",
            "en": "Columns are the grades of the scheme in the row, best first; a grade may move because old records fade.",
        }],
    )  # fmt: skip


def _row_of_moves(one: SchemeGrades, table: ProtectedTable, start: str, places: int) -> dict[str, object]:
    """Where the enterprises of a grade of the year before are now; a scheme with fewer grades leaves blanks."""
    ends = ["+".join(group) for group in one.groups]
    counts = {end: _cell(table, ("before", "now"), (f"{one.scheme.id}.{start}", f"{one.scheme.id}.{end}"))
              for end in (*ends, "gone")}  # fmt: skip
    named = dict(enumerate(ends, start=1))
    return (
        {"scheme": one.scheme.id, "before": start}
        | {f"now_{at}": counts[named[at]] if at in named else "" for at in range(1, places + 1)}
        | {"gone": counts["gone"], "n": _cell(table, ("before", "now"), (f"{one.scheme.id}.{start}", TOTAL))}
        | _spread({"scheme_name": one.scheme.short.text, "before_said": _say_state(start)})
    )


def _name_place(assessed: Assessment, at: int) -> Text:
    """Letters of the grades that stand at one place in the schemes."""
    letters = [say_group(one.groups[at]) for one in assessed.schemes if at < len(one.groups)]
    zh, en = (list(dict.fromkeys(one[lang] for one in letters)) for lang in LANGUAGES)
    return {"zh": f"现在{'或'.join(zh)}", "en": f"Now {' or '.join(en)}"}


def _say_state(state: str) -> Text:
    if state in ("new", "gone"):
        return text("credit_state", state)
    return say_group(state.split("+"))


def tabulate_prediction(assessed: Assessment) -> Display:
    """Failures of batches in the year after the grade."""
    if not assessed.schemes:
        return show_text(say_nothing(assessed), style="note", instead_of="credit_prediction")
    parts = [
        one.prediction.rates.assign(
            key=[one.key(group.split("+")) for group in one.prediction.rates["grades"]], scheme=one.scheme.id,
            **{f"scheme_name_{lang}": one.scheme.short.text[lang] for lang in LANGUAGES},
            **{
                f"grade_said_{lang}": [say_group(group.split("+"))[lang] for group in one.prediction.rates["grades"]]
                for lang in LANGUAGES
            },
        )
        for one in assessed.schemes
    ]  # fmt: skip
    frame = pd.concat(parts, ignore_index=True)
    stated = frame["estimate"].notna().map({True: "stated", False: "cannot_be_stated"})
    return show_table(
        frame.assign(status=stated, confidence=assessed.confidence),
        name="credit_prediction",
        caption={
            "zh": f"{say_when(assessed.before)['zh']}的等级与此后一年的批次不合格率（{assessed.level}置信区间）",
            "en": f"Failure rates of batches in the year after the grade of {say_when(assessed.before)['en']} ({assessed.level} confidence intervals)",
        },
        columns={
            "scheme_name": _SCHEME,
            "grade_said": _GRADE,
            "graded": Column(format="count", label={"zh": "上年家数", "en": "Graded"}),
            "enterprises": Column(format="count", label={"zh": "其中受检", "en": "Sampled since"}),
            "n": Column(format="count", label={"zh": "批次", "en": "Batches"}),
            "failures": Column(format="count", label={"zh": "不合格", "en": "Failed"}),
            "estimate": Column(format="percent", label={"zh": "不合格率", "en": "Failure rate"}),
            "interval": Column(format="interval", label={"zh": "置信区间", "en": "Interval"}),
        },
        status="status",
        notes=[{
            "zh": "受检企业太少的等级与相邻等级合并。未受检的企业不进入比较；企业可能按等级选取受检。",
            "en": "Grades with few enterprises sampled stand together with their neighbour. Enterprises not sampled are not in the comparison; which are sampled may depend on the grade.",
        }],
    )  # fmt: skip
