"""How are the files of ``data/reference`` read? In one way: what is wrong is one message with its line."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from qstats.errors import QstatsError
from qstats.paths import reference_folder

Named = TypeVar("Named", bound=BaseModel)


def read_settings(path: Path, *, as_text: bool = False) -> dict[str, Any]:
    """Keys and values of a YAML file; with ``as_text`` every scalar stays the text that was written.

    Raises
    ------
    QstatsError
        No UTF-8, no YAML, an empty file or one without keys: the message names file, line and what to do.
    """
    text = _read_text(path)
    try:
        found = yaml.load(text, Loader=_Texts if as_text else _Values)
    except (yaml.YAMLError, ValueError) as error:  # a day such as 2015-02-30 is a ValueError of its own
        raise QstatsError(
            f"{path.name}{_place(error)}: not valid YAML ({_problem(error)}). Mend it"
        ) from None
    if found in (None, ""):
        raise QstatsError(f"{path.name} is empty: copy a file that stands beside it and change that")
    if not isinstance(found, dict):
        raise QstatsError(f"{path.name} holds no keys: write 'key: value' lines")
    return found


class _OnceEach:
    """A key that stands twice is an error: the last one would hold and the first be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                problem = f"the key {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)  # type: ignore[misc]


class _Values(_OnceEach, yaml.CSafeLoader): ...


class _Texts(_OnceEach, yaml.BaseLoader): ...


def find_file(folder: str, name: str, what: str, suffix: str = "yaml", *, never: Sequence[str] = ()) -> Path:
    """The file of a name in a folder of ``data/reference``; ``never`` are files that are something else.

    Looked up among the files that are there: no text of a cell or parameter ever becomes a path.

    Raises
    ------
    QstatsError
        There is none; the message lists those that there are.
    """
    paths = sorted((reference_folder() / folder).glob(f"*.{suffix}"))
    known = {path.stem: path for path in paths if path.stem not in never}
    if name not in known:
        raise QstatsError(f"there is no {what} {name!r}; data/reference/{folder} has {', '.join(known)}")
    return known[name]


def check_settings(model: type[Named], settings: Any, path: Path, what: str) -> Named:
    """Settings of a file as what they declare, if they are one and bear the name of the file.

    Raises
    ------
    QstatsError
        With the first keys that are wrong.
    """
    try:
        found = model.model_validate(settings)
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()[:5]]
        raise QstatsError("\n".join([f"{path.name} is no {what}:", *lines])) from None
    if found.id != path.stem:  # type: ignore[attr-defined]
        raise QstatsError(f"{path.name}: its id is {found.id!r}; file and id have one name")  # type: ignore[attr-defined]
    return found


def read_rows(path: Path, columns: Sequence[str] = ()) -> list[dict[str, str]]:
    """Rows of a CSV table by column; ``columns`` must be there.

    Raises
    ------
    QstatsError
        No UTF-8, a missing column, a row with more or fewer cells than the heading.
    """
    reader = csv.DictReader(io.StringIO(_read_text(path), newline=""))
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        raise QstatsError(f"{path.name}: column {missing[0]!r} is missing; it needs {', '.join(columns)}")
    rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise QstatsError(
                f"{path.name}, row {number}: not as many cells as the heading has. Mend its commas and quotes"
            )
    return rows


def _read_text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QstatsError(f"{path.name}, line {line}: not in UTF-8; save the file as UTF-8") from None


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark else ""


def _problem(error: Exception) -> str:
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    begun = getattr(error, "context_mark", None)
    return f"{problem}, {error.context} of line {begun.line + 1}" if begun else problem  # type: ignore[attr-defined]
