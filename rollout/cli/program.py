"""The program `rollout`: its commands, and what becomes of every kind of failure."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import rollout
from rollout.cli import (
    build,
    check,
    deliveries,
    diff,
    forecast,
    proposals,
    reach,
    share,
    sheets,
    snapshot,
    start,
    table,
    verify,
)
from rollout.cli.speaking import report_failure
from rollout.errors import RolloutError
from rollout.one_run import expect_one_run

INTERRUPTED = 130

app = typer.Typer(
    name="rollout",
    help="Karten und Tabellen zum Stand des Glasfaserausbaus.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would take half of the time that `--help` has
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("build")(build.build)
app.command("print")(sheets.print_sheets)
app.command("table")(table.table)
app.command("forecast")(forecast.forecast)
app.command("stock")(forecast.stock)
app.command("check")(check.check)
app.command("reach")(reach.reach)
app.command("unlock")(reach.unlock)
app.command("receive")(deliveries.receive)
app.add_typer(proposals.group, name="proposals")
app.command("log")(deliveries.log)
app.command("diff")(diff.diff)
app.command("explain")(deliveries.explain)
app.command("undo")(deliveries.undo)
app.command("redo")(deliveries.redo)
app.command("replay")(deliveries.replay)
app.command("backup")(deliveries.backup)
app.command("snapshot")(snapshot.snapshot)
app.command("share")(share.share)
app.command("publish")(share.publish)
app.command("verify")(verify.verify)
app.command("keys")(verify.keys)
app.command("init")(start.init)
app.command("synthetic")(start.synthetic)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo(f"rollout {rollout.__version__}")
        raise typer.Exit


@app.callback()
def _program(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Version nennen und enden.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def run() -> None:
    """Run the program and end with its exit code: 0 done, 2 wrong usage, 3 input, 4 data, 5 output, 130 interrupted."""
    expect_one_run()
    try:
        app(standalone_mode=True)
    except RolloutError as error:
        report_failure(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
