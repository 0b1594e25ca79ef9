"""The command line: ``qstats run``, ``check``, ``demo``, ``template``, ``schema``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from qstats.errors import ParameterError, QstatsError
from qstats.params import Params, params_schema, read_params
from qstats.paths import params_folder, project_root, raw_folder

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Assess a city's quality situation from raw files."
)

ParamsFile = Annotated[Path, typer.Argument(help="parameter file, e.g. params/demo-2015Q4.yaml")]


@app.command()
def run(params_file: ParamsFile) -> None:
    """Clean the raw files, execute the chapters and publish the report."""
    from qstats.pipeline.run import run_report

    folder = run_report(read_params(params_file), _say)
    _say(f"done: {_shown(folder / 'zh' / 'index.html')}, {_shown(folder / 'en' / 'index.html')}")


@app.command()
def check(params_file: ParamsFile) -> None:
    """Validate a parameter file without running anything."""
    from qstats.pipeline.clean import find_raw_folder, supplier_files
    from qstats.pipeline.execute import chapter_parameters

    params = read_params(params_file)
    for chapter in params.chapters:
        chapter_parameters(chapter, params)
    folder = find_raw_folder(params)
    _say(
        f"{params_file} is valid: run {params.run}, period {params.period}, {len(supplier_files(folder))} supplier files"
    )


@app.command()
def demo(
    run: Annotated[str, typer.Option(help="name of the demonstration run")] = "demo-2015Q4",
    size: Annotated[str | None, typer.Option(help="tiny, demo, large or a number of batches")] = None,
) -> None:
    """Write the supplier files of the synthetic city, with the truth beside them."""
    from qstats.pipeline.atomic import replacing_folder
    from qstats.synthetic import write_city

    params = _demonstration(run)
    assert params.synthetic is not None
    wanted = size or params.synthetic.size
    target = raw_folder(run)
    target.parent.mkdir(parents=True, exist_ok=True)
    truth = target.with_name(f"{run}.truth")
    _say(f"writing the synthetic city ({wanted}) to {_shown(target)}")
    with replacing_folder(truth) as true_side, replacing_folder(target) as folder:
        write_city(
            folder, truth=true_side, seed=params.synthetic.seed, cutoff=params.cutoff,
            size=int(wanted) if wanted.isdecimal() else wanted,
        )  # fmt: skip


@app.command()
def template(
    table: Annotated[str, typer.Argument(help="inspection")],
    path: Annotated[Path | None, typer.Option(help="where to write it")] = None,
) -> None:
    """Write the empty XLSX form that suppliers fill in."""
    from qstats.sources.template import write_inspection_template

    if table != "inspection":
        raise ParameterError(f"there is no template {table!r}; there is: inspection")
    target = path or Path("template-inspection.xlsx")
    write_inspection_template(target)
    _say(f"written: {target}")


@app.command()
def schema() -> None:
    """Write params/schema.json, by which editors complete the keys of parameter files."""
    from qstats.pipeline.atomic import write_file

    write_file(params_folder() / "schema.json", params_schema())


def main() -> None:
    """Entry point: a problem that the user can mend is one message and an exit code, never a traceback."""
    try:
        app()
    except ParameterError as error:
        _fail(error, 2)
    except QstatsError as error:
        _fail(error, 1)


def _demonstration(run: str) -> Params:
    params = read_params(params_folder() / f"{run}.yaml")
    if params.synthetic is None:
        raise ParameterError(f"params/{run}.yaml has no 'synthetic' settings: it is no demonstration run")
    return params


def _say(message: str) -> None:
    typer.echo(message, err=False)


def _fail(error: QstatsError, code: int) -> None:
    typer.echo(f"qstats: {error}", err=True)
    sys.exit(code)


def _shown(path: Path) -> str:
    return str(path.relative_to(project_root())) if path.is_relative_to(project_root()) else str(path)
