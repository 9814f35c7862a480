"""Entry of the `duban` command."""

from __future__ import annotations

import sys
from contextlib import suppress

import typer

from include import foreign, logs
from include.cli import (
    cases,
    digest,
    drive,
    figures,
    ledger,
    letters,
    mail,
    month,
    plan,
    rehearse,
    returns,
    state,
    upkeep,
)
from include.errors import DubanError, SettingsError
from include.settings import settings

app = typer.Typer(
    name="duban",
    help="督办：月度报送、指标进度与督办递进。每个子命令加 --help 看说明。",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
month.add_to(app)
state.add_to(app)
upkeep.add_to(app)
app.command()(figures.passport)
rehearse.add_to(app)
app.add_typer(plan.app, name="plan")
app.add_typer(cases.app, name="cases")
app.add_typer(letters.app, name="letters")
app.add_typer(ledger.app, name="ledger")
app.add_typer(returns.app, name="returns")
app.add_typer(mail.app, name="mail")
app.add_typer(digest.app, name="digest")
app.add_typer(drive.app, name="drive")
app.command()(drive.shares)
app.add_typer(figures.app, name="figures")


def main(arguments: list[str] | None = None) -> None:
    """Run the command; a wrong argument or an error of ours is one line on standard error, no traceback."""
    logs.set_up(_style())
    sys.exit(_run(arguments))


def _style() -> str:
    with suppress(SettingsError):  # which the command itself tells of
        return settings().log
    return ""


def _run(arguments: list[str] | None) -> int:
    try:
        code = app(args=arguments, standalone_mode=False)
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        print(_one_line(error), file=sys.stderr)
        return 2
    except DubanError as error:
        print(f"duban: {error}", file=sys.stderr)
        return 1
    return code if isinstance(code, int) else 0


def _one_line(error: typer.TyperException) -> str:
    """Say what is wrong with the arguments; where there are none, the help says more than a line could."""
    text = error.format_message()
    return text if text.startswith("Usage:") else f"duban: {foreign.usage(' '.join(text.split()))}"
