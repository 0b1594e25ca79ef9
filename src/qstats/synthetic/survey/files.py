"""How do institutes send a satisfaction survey? Samples of the customers, files with faults at known places.

Each wave draws outlets within industries and customers within outlets; the young answer less often, and
those asked on the web answer a little lower. Institutes differ in format, headings and habits.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import xlsxwriter

from qstats.questionnaires import Questionnaire, read_questionnaires
from qstats.reference import read_divisions
from qstats.synthetic.sheet import FIXED_DATE
from qstats.synthetic.survey.customers import WAVES, Customers, draw_customers, tabulate_truth

OUTLETS_SAMPLED = {"tiny": 5, "demo": 25, "large": 60}
CUSTOMERS_ASKED = 12
FEWEST_SAME = 8
"""Scores that are all the same are noticed from so many on."""

ANSWERS_BY_AGE = {"18-29": 0.55, "30-44": 0.8, "45-59": 1.0, "60+": 0.9}
MODES = {"face_to_face": 0.5, "telephone": 0.25, "web": 0.25}
WEB_SHIFT = -0.2
"""Answers on the web are lower by this much on the scale of 1–10."""

SECONDS = (420, 0.25)
_SAV_STAMP = (92, b"31 Jan 1600:00:00")
"""Where an SPSS file holds its time of creation: set, so that the bytes depend on the seed only."""


@dataclass
class SurveyFile:
    """Rows of a survey as an institute writes them, and the faults in them (rule, row in the file)."""

    file: str
    rows: list[dict[str, str]]
    headings: dict[str, str]
    encoding: str = "utf-8-sig"
    faults: list[tuple[str, int, str]] = field(default_factory=list)


def write_survey(folder: Path, truth: Path, *, seed: int, size: str = "demo") -> None:
    """Write the files of three waves with their margins to ``folder``, and what is true to ``truth``."""
    questionnaire = read_questionnaires()["service_satisfaction"]
    generator = np.random.default_rng([seed, 4])
    outlets = OUTLETS_SAMPLED.get(size, OUTLETS_SAMPLED["demo"])
    files: list[SurveyFile] = []
    truths, margins, respondents = [], [], []
    for wave in WAVES:
        customers = draw_customers(questionnaire, wave, generator)
        truths.append(tabulate_truth(customers, questionnaire))
        margins.append(_tabulate_margins(customers))
        sample = _draw_sample(customers, questionnaire, outlets, generator)
        respondents.append(sample)
        files += _files_of_wave(sample, questionnaire, wave, generator)
    for one in files:
        _write(one, folder)
    pl.concat(margins).write_csv(folder / "margins.csv")
    truth.mkdir(parents=True, exist_ok=True)
    pl.concat(truths).write_csv(truth / "survey_truth.csv", float_precision=6)
    pl.concat(respondents).write_parquet(truth / "respondents.parquet")
    rows = [(one.file, row, rule, cell) for one in files for rule, row, cell in sorted(one.faults)]
    schema = {"file": pl.String, "source_row": pl.Int64, "rule": pl.String, "written": pl.String}
    pl.DataFrame(rows, schema=schema, orient="row").write_csv(truth / "survey_faults.csv")


def _draw_sample(
    customers: Customers, questionnaire: Questionnaire, outlets: int, generator: np.random.Generator
) -> pl.DataFrame:
    """Respondents of one wave with their true answers and how they were asked."""
    frame = customers.frame.with_row_index("customer")
    picked, industries = [], frame["industry"].unique(maintain_order=True).to_list()
    for industry in industries:
        within = frame.filter(pl.col("industry") == industry)
        chosen = generator.choice(within["outlet_index"].unique().sort().to_numpy(), outlets, replace=False)
        count = within["outlet_index"].n_unique()
        for outlet in np.sort(chosen):
            people = within.filter(pl.col("outlet_index") == outlet)
            chance = np.array([ANSWERS_BY_AGE[one] for one in people["age_group"]])
            asked = generator.choice(people.height, CUSTOMERS_ASKED, replace=False, p=chance / chance.sum())
            weight = count / outlets * people.height / len(asked)
            picked.append(people[np.sort(asked)].with_columns(pl.lit(round(weight, 4)).alias("weight")))
    sample = pl.concat(picked)
    n = sample.height
    mode = generator.choice(list(MODES), n, p=list(MODES.values()))
    answers = customers.answers[sample["customer"].to_numpy()]
    lower = (mode == "web")[:, None] & (generator.random(answers.shape) < -WEB_SHIFT)
    answers = np.where(lower, np.maximum(answers - 1, 1), answers)
    start = np.array([np.datetime64(f"{customers.wave}-10-08")] * n)
    return sample.select("outlet", "industry", "county_code", "age_group", "sex", "weight").with_columns(
        pl.Series("respondent_id", [f"{customers.wave}-{at:05d}" for at in range(1, n + 1)]),
        pl.lit(customers.wave).alias("wave"),
        pl.Series("mode", mode),
        pl.Series("surveyed_on", start + generator.integers(0, 40, n).astype("timedelta64[D]")),
        pl.Series("seconds", np.round(SECONDS[0] * generator.lognormal(0, SECONDS[1], n)).astype(int)),
        *(pl.Series(item, answers[:, at].astype(int)) for at, item in enumerate(questionnaire.items)),
    )


def _tabulate_margins(customers: Customers) -> pl.DataFrame:
    """Population by industry, age and sex, as the bureau declares it."""
    return pl.concat(
        customers.frame.group_by(pl.col(name).alias("category"))
        .agg(pl.len().alias("population"))
        .sort("category")
        .select(
            pl.lit(customers.wave).alias("wave"), pl.lit(name).alias("variable"), "category", "population"
        )
        for name in ("industry", "age_group", "sex")
    )


def _files_of_wave(
    sample: pl.DataFrame, questionnaire: Questionnaire, wave: str, generator: np.random.Generator
) -> list[SurveyFile]:
    """Files of a wave; the last comes from two institutes, with two files that do not belong."""
    codes = {item: one.headings[0] for item, one in questionnaire.items.items()}
    texts = {item: one.headings[1] for item, one in questionnaire.items.items()}
    if wave == "2013":
        files = [_as_file(f"服务满意度_{wave}.csv", sample, questionnaire, codes, "gb18030")]
    elif wave == "2014":
        files = [_as_file(f"服务满意度_{wave}.csv", sample, questionnaire, texts, "utf-8-sig")]
    else:
        by_phone = pl.col("mode") == "telephone"
        files = [
            _as_file(f"服务满意度_{wave}.xlsx", sample.filter(~by_phone), questionnaire, texts, ""),
            _as_file(f"服务满意度_{wave}_电话.sav", sample.filter(by_phone), questionnaire, codes, ""),
        ]
    for one in files:
        _put_faults(one, questionnaire, generator)
    if wave == WAVES[-1]:
        _repeat_respondents(files[0], files[1], 3)
        files += _strangers(sample, questionnaire)
    return files


def _as_file(
    file: str, sample: pl.DataFrame, questionnaire: Questionnaire, items: dict[str, str], encoding: str
) -> SurveyFile:
    names = {one.code: one.name for one in read_divisions()}
    words = {
        column: {code: one.words[0] for code, one in questionnaire.categories_of(column).items()}
        for column in ("industry", "mode", "sex", "age_group")
    }
    headings = {
        name: _heading_of(questionnaire, name)
        for name in (
            "respondent_id", "wave", "surveyed_on", "county_code", "industry", "mode", "sex", "age_group",
            "stratum", "cluster", "weight", "seconds",
        )
    }  # fmt: skip
    rows = [
        {
            **{
                name: str(row[name]) for name in ("respondent_id", "wave", "surveyed_on", "weight", "seconds")
            },
            **{column: words[column][row[column]] for column in words},
            "county_code": names[row["county_code"]],
            "stratum": words["industry"][row["industry"]],
            "cluster": row["outlet"],
            **{item: str(row[item]) for item in questionnaire.items},
        }
        for row in sample.iter_rows(named=True)
    ]
    return SurveyFile(file, rows, headings | items, encoding)


def _heading_of(questionnaire: Questionnaire, name: str) -> str:
    if name in questionnaire.profile:
        return questionnaire.profile[name].headings[0]
    return questionnaire.columns[name][0]


def _put_faults(one: SurveyFile, questionnaire: Questionnaire, generator: np.random.Generator) -> None:
    """Faults in rows of their own; ordinary don't-knows and blanks in many others."""
    items, last = list(questionnaire.items), len(one.rows)
    free = [int(row) for row in generator.permutation(last)]
    numbers_only = one.file.endswith(".sav")

    def mark(rule: str, cells: dict[str, str]) -> None:
        row = free.pop()
        one.rows[row].update(cells)
        one.faults.append((rule, row + 2, next(iter(cells.values()), "")))
        one.faults += [("answer.dont_know", row + 2, word) for word in cells.values() if word == "99"]

    for _ in range(max(last // 50, 4)):
        score = str(generator.integers(5, 11))
        mark("respondent.straight_line", dict.fromkeys(items, score))
        mark("respondent.speeder", {"seconds": str(generator.integers(30, 80))})
    for at in range(4):
        mark("answer.out_of_range", {items[at]: ("11", "55", "12", "77")[at]})
        mark("answer.refused", {items[at + 4]: "98" if numbers_only else ("98", "拒答")[at % 2]})
        if not numbers_only:
            mark("category.unknown", {"mode": ("飞鸽传书", "其他方式")[at % 2]})
            mark("text.width", {items[at]: ("８", "９")[at % 2]})
        mark("respondent.no_answers", dict.fromkeys(items, ("99", "")[at % 2]))
    for row in free[: last // 4]:
        for item in generator.choice(items, 1 + int(generator.integers(0, 2)), replace=False):
            word = ("99", "")[int(generator.integers(0, 2))]
            one.rows[row][item] = word
            one.faults += [("answer.dont_know", row + 2, word)] if word else []
    _record_uniform(one, items)


def _record_uniform(one: SurveyFile, items: list[str]) -> None:
    """Customers who mean the same score throughout look like those who did not read the questions."""
    known = {row for rule, row, _ in one.faults if rule.startswith("respondent.")}
    for number, row in enumerate(one.rows, start=2):
        scores = [int(row[item]) for item in items if row[item].isdigit() and 1 <= int(row[item]) <= 10]
        if number not in known and len(scores) >= FEWEST_SAME and len(set(scores)) == 1:
            one.faults.append(("respondent.straight_line", number, str(scores[0])))


def _repeat_respondents(first: SurveyFile, second: SurveyFile, count: int) -> None:
    """Some rows of the first file, sound ones, were sent in the second one as well."""
    wrong = {row for rule, row, _ in first.faults if rule != "answer.dont_know"}
    sound = [row for row in range(2, len(first.rows) + 2) if row not in wrong]
    for number in sound[-count:]:
        cells = first.rows[number - 2]
        second.faults.append(("respondent.duplicate", len(second.rows) + 2, cells["respondent_id"]))
        again = [fault for fault in first.faults if fault[1] == number]
        second.faults += [(rule, len(second.rows) + 2, word) for rule, _, word in again]
        second.rows.append(dict(cells))


def _strangers(sample: pl.DataFrame, questionnaire: Questionnaire) -> list[SurveyFile]:
    """A questionnaire with other items, and one on a scale of five: both must be refused."""
    few = sample.head(60)
    other = SurveyFile(
        "旧版问卷_2012.csv",
        [{"id": str(at), **{f"a{k}": str(1 + (at + k) % 10) for k in range(8)}} for at in range(40)],
        {"id": "编号", **{f"a{k}": f"A{k + 1}旧题" for k in range(8)}},
    )
    five = _as_file(
        "服务满意度_五分制.csv",
        few,
        questionnaire,
        {i: o.headings[0] for i, o in questionnaire.items.items()},
        "utf-8-sig",
    )
    for row in five.rows:
        row.update({item: str(-(-int(row[item]) // 2)) for item in questionnaire.items})
    for one in (other, five):
        one.faults.append(("file.refused", 0, one.file))
    return [other, five]


def _write(one: SurveyFile, folder: Path) -> None:
    fields = list(one.headings)
    lines = [
        [one.headings[name] for name in fields],
        *([row.get(name, "") for name in fields] for row in one.rows),
    ]
    path = folder / one.file
    if path.suffix == ".sav":
        _write_spss(lines, path)
    elif path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            book.set_properties({"created": FIXED_DATE})
            sheet = book.add_worksheet("问卷")
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line)
    else:
        with path.open("w", encoding=one.encoding, newline="") as stream:
            csv.writer(stream).writerows(lines)


def _write_spss(lines: list[list[str]], path: Path) -> None:
    """Variables v1 …, headings as labels; coded columns as numbers with value labels."""
    table = pd.DataFrame(lines[1:], columns=lines[0])
    labels: dict[str, dict[float, str]] = {}
    coded = ("所属行业", "访问方式", "性别", "年龄组", "县区")
    columns = {}
    for number, heading in enumerate(table, start=1):
        name, column = f"v{number}", table[heading]
        if heading in coded:
            words = sorted(column.unique())
            labels[name] = {float(at): word for at, word in enumerate(words, start=1)}
            columns[name] = column.map({word: float(at) for at, word in enumerate(words, start=1)})
        elif heading.startswith("Q"):
            columns[name] = pd.to_numeric(column)
        else:
            columns[name] = column
    pyreadstat.write_sav(pd.DataFrame(columns), path, column_labels=list(table), variable_value_labels=labels)
    start, stamp = _SAV_STAMP
    content = bytearray(path.read_bytes())
    content[start : start + len(stamp)] = stamp
    path.write_bytes(content)
