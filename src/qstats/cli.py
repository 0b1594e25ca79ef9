"""The command line: ``qstats run``, ``check``, ``demo``, ``template``, ``schema``.

Each command loads what it needs when it runs, so that help and a mistyped command answer at once.
"""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qstats.errors import ParameterError, QstatsError
from qstats.paths import params_folder, project_root, raw_folder

if TYPE_CHECKING:
    from qstats.params import Params

_STOPPED = (130, 143)  # as a shell counts: 128 and the number of the signal

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Assess a city's quality situation from raw files.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

ParamsFile = Annotated[Path, typer.Argument(help="parameter file, e.g. params/demo-2015Q4.yaml")]


@app.command()
def run(params_file: ParamsFile) -> None:
    """Clean, execute the chapters, publish the report."""
    from qstats.params import read_params

    params = read_params(params_file)
    from qstats.pipeline.run import run_report  # takes a second to load: only for parameters that are valid

    folder = run_report(params, _say)
    _say(f"done: {_shown(folder / 'zh' / 'index.html')}, {_shown(folder / 'en' / 'index.html')}")


@app.command()
def check(params_file: ParamsFile) -> None:
    """Validate a parameter file without running anything."""
    from qstats.params import read_params
    from qstats.pipeline.chapters import check_executions
    from qstats.pipeline.clean import check_raw_folder

    params = read_params(params_file)
    check_executions(params)
    files = check_raw_folder(params)
    _say(f"{params_file} is valid: run {params.run}, period {params.period}, {files} supplier files")


@app.command()
def demo(
    run: Annotated[str, typer.Option(help="name of the demonstration run")] = "demo-2015Q4",
    size: Annotated[str | None, typer.Option(help="tiny, demo, large or a number of batches")] = None,
) -> None:
    """Write the supplier files of the synthetic city; in another size only where none stand yet."""
    from qstats.pipeline.atomic import replacing_folder
    from qstats.synthetic import write_everything
    from qstats.synthetic.write import SIZES

    params = _demonstration(run)
    assert params.synthetic is not None
    wanted = size or params.synthetic.size
    if wanted not in SIZES and not wanted.isdecimal():
        raise ParameterError(f"there is no size {wanted!r}: give {', '.join(SIZES)} or a number of batches")
    target = raw_folder(run)
    if target.exists():
        _check_replacing(target, wanted, params.synthetic.size)
    target.parent.mkdir(parents=True, exist_ok=True)
    truth = target.with_name(f"{run}.truth")
    _say(f"writing the synthetic city ({wanted}) to {_shown(target)}")
    with replacing_folder(truth) as true_side, replacing_folder(target) as folder:
        write_everything(folder, true_side, seed=params.synthetic.seed, size=wanted)


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
    """Write params/schema.json, by which editors complete keys."""
    from qstats.params import params_schema
    from qstats.pipeline.atomic import write_file

    write_file(params_folder() / "schema.json", params_schema())


def main() -> None:
    """Entry point: a problem that the user can mend is one message and an exit code, never a traceback."""
    signal.signal(signal.SIGTERM, _end)  # a scheduler's stop cleans up like the user's own
    try:
        app()
    except ParameterError as error:
        _fail(error, 2)
    except QstatsError as error:
        _fail(error, 1)
    except OSError as error:
        _fail(error, 1)
    except SystemExit as ended:
        if ended.code in _STOPPED:
            typer.echo("qstats: stopped; what was published before stands as it was", err=True)
        raise


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _demonstration(run: str) -> "Params":
    from qstats.params import read_params

    params = read_params(params_folder() / f"{run}.yaml")
    if params.synthetic is None:
        raise ParameterError(f"params/{run}.yaml has no 'synthetic' settings: it is no demonstration run")
    return params


def _check_replacing(target: Path, size: str, declared: str) -> None:
    """Files made anew, as the parameters declare them, are announced; another size needs another run."""
    if size != declared:
        raise ParameterError(
            f"{_shown(target)} is there already, and its parameters declare the size {declared}. Copy "
            f"params/{target.name}.yaml to params/demo-{size}.yaml, change run and size there, and make it "
            f"by 'qstats demo --run demo-{size}'; or remove the folder first"
        )
    files = sum(path.is_file() for path in target.rglob("*"))
    _say(f"replacing the {files} files that stand in {_shown(target)}")


def _say(message: str) -> None:
    typer.echo(message, err=False)


def _fail(error: Exception, code: int) -> None:
    typer.echo(f"qstats: {error}", err=True)
    sys.exit(code)


def _shown(path: Path) -> str:
    return str(path.relative_to(project_root())) if path.is_relative_to(project_root()) else str(path)
