"""`avdlab`: the group of lazily imported verbs, and where errors become exit codes."""

import errno
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from typing import NoReturn

import click

from avdlab import __version__
from avdlab.errors import AvdlabError, CannotRunError

# verb -> (module, one line of help): the help is here so that `--help` imports no verb
VERBS: Mapping[str, tuple[str, str]] = {
    "init": ("init", "Adopt an AVD repository."),
    "generate": ("generate", "Write the inventory of a fabric of any size."),
    "check": ("check", "Check an inventory without a lab; no file is written."),
    "build": ("build", "Render configs, documentation and catalogs from the inventory."),
    "plan": ("plan", "Show what `up` would change."),
    "up": ("up", "Render, start, deploy and validate the lab."),
    "down": ("down", "Remove the lab and everything it made."),
    "status": ("status", "Show the lab's nodes and how to reach them."),
    "wait": ("wait", "Wait until every device answers."),
    "deploy": ("deploy", "Bring the configurations onto the running devices, all or none."),
    "diff": ("diff", "Show what `deploy` would change."),
    "overlay": ("overlay", "Report what the lab changes in the intended configurations."),
    "rollback": ("rollback", "Bring back what the last deployment replaced."),
    "save": ("save", "Copy running-configs to startup-configs."),
    "checkpoint": ("checkpoint", "Keep and restore the configurations of the whole fabric."),
    "test": ("test", "Validate the running lab with ANTA."),
    "fault": ("fault", "Break the lab on purpose, and heal it."),
    "mutate": ("mutate", "Measure which faults the tests notice."),
    "connect": ("connect", "Open the command line or the console of a device."),
    "exec": ("exec_", "Run show commands on devices."),
    "capture": ("capture", "Record the frames of a cable."),
    "impair": ("impair", "Delay, lose or corrupt the frames of a cable."),
    "record": ("record", "Write what a running fabric answers into a folder."),
    "graph": ("graph", "Draw the topology as Mermaid or dot."),
    "export": ("export", "Write inventories and catalogs for other tools."),
    "events": ("events", "Show what happened to the lab."),
    "config": ("config", "Show the settings and where each comes from."),
    "doctor": ("doctor", "Check this machine, and what the lab needs of it."),
    "prune": ("prune", "Remove what killed runs left behind."),
    "completion": ("completion", "Print the completion for a shell."),
    "twin": ("twin", "Ask the twin what it models."),
}
ALIASES: Mapping[str, str] = {
    "validate": "test",
    "inspect": "status",
    "destroy": "down",
    "ssh": "connect",
}

# What a disk, the rights on it or a path refuse, wherever it strikes: avdlab is not wrong then.
MACHINE = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM),
        *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
    }
)


class LazyGroup(click.Group):
    """A group whose verbs are imported when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = ALIASES.get(cmd_name, cmd_name)
        if verb not in VERBS:
            return None
        module = importlib.import_module(f"avdlab.cli.{VERBS[verb][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, text) for verb, (_, text) in VERBS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="avdlab")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def cli(debug: bool) -> None:
    """From an Arista AVD inventory to a validated lab.

    Exit codes: 0 ok, 1 internal error, 2 usage or input, 3 could not run, 4 tests failed,
    5 a device rejected its configuration, 6 not ready in time, 7 backend unreachable,
    8 lab locked, 130 interrupted.
    """


def main() -> NoReturn:
    """Run the command line; every error ends as one message and its exit code."""
    debug = "--debug" in sys.argv[1:2] or bool(os.environ.get("AVDLAB_DEBUG"))
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as exc:
        exc.show()
        code = exc.exit_code
    except AvdlabError as exc:
        if debug:
            traceback.print_exc()
        click.echo(f"error: {exc}", err=True)
        code = exc.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            "interrupted: what is there stays; run the same command again to go on, "
            "or avdlab down to remove the lab",
            err=True,
        )
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except OSError as exc:
        code = _refused_by_the_machine(exc) if exc.errno in MACHINE else _internal_error(debug)
    except Exception:  # noqa: BLE001 (the front: the one catch-all)
        code = _internal_error(debug)
    sys.exit(code if isinstance(code, int) else 0)


def _refused_by_the_machine(exc: OSError) -> int:
    where = f"{exc.filename}: " if exc.filename else ""
    click.echo(
        f"error: {where}{exc.strerror}. What is there stays: put that right, then run the same "
        "command again.",
        err=True,
    )
    return CannotRunError.exit_code


def _internal_error(debug: bool) -> int:
    text = f"avdlab {__version__}, Python {sys.version}\n\n{traceback.format_exc()}"
    if debug:
        click.echo(text, err=True)
        return 1
    with tempfile.NamedTemporaryFile(
        "w", prefix="avdlab-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as report:
        report.write(text)
    reason = text.strip().splitlines()[-1]
    click.echo(f"internal error: {reason}\nThe details are in {report.name}", err=True)
    return 1
