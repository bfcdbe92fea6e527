"""`avdlab connect`: a terminal on one device, over SSH, with the lab user's password."""

import asyncio
import contextlib
import os
import shutil
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import click

from avdlab.backends.base import SshAccess, SshTarget
from avdlab.cli import options
from avdlab.errors import BackendError, InputError
from avdlab.lab import Lab


@click.command("connect")
@click.argument("node")
@options.inventory_option
@options.name_option
@click.option("--show", is_flag=True, help="Print the ssh command instead of connecting.")
def command(node: str, inventory: Path | None, name: str | None, show: bool) -> None:
    """Open the command line of NODE over SSH.

    Input may come from a pipe: echo 'show version' | avdlab connect leaf1
    """
    lab = Lab.open(inventory, name)
    backend = lab.backend
    if not isinstance(backend, SshAccess):
        raise InputError(f"the backend {backend.name} offers no SSH")
    target = backend.ssh(node)
    if show:
        click.echo(_openssh(target))
        return
    sys.exit(asyncio.run(_connect(target)))


def _openssh(target: SshTarget) -> str:
    unknown = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    return f"ssh {unknown} -p {target.port} {target.user.name}@{target.host}"


async def _connect(target: SshTarget) -> int:
    """Join this terminal, or a pipe, with a shell on the device; return its exit code."""
    import asyncssh

    try:
        async with asyncssh.connect(
            target.host,
            target.port,
            username=target.user.name,
            password=target.user.password,
            known_hosts=None,  # the host key of a lab is as young as the lab
            client_keys=None,
            agent_path=None,
            config=None,
        ) as connection:
            return await _terminal(connection)
    except asyncssh.PermissionDenied as exc:
        raise BackendError(
            f"{target.device} refuses the lab user {target.user.name} over SSH",
            hint="Its running-config may have lost the user; `avdlab deploy` brings it back.",
        ) from exc
    except (OSError, asyncssh.Error) as exc:
        raise BackendError(f"{target.device} does not answer SSH: {exc}") from exc


async def _terminal(connection: "asyncssh.SSHClientConnection") -> int:  # type: ignore[name-defined]  # noqa: F821 (imported in the verb)
    person = sys.stdin.isatty()
    columns, lines = shutil.get_terminal_size()
    process = await connection.create_process(
        term_type=os.environ.get("TERM", "vt100") if person else None,
        term_size=(columns, lines) if person else None,
        encoding=None,
    )
    with _raw() if person else contextlib.nullcontext():
        await process.redirect(
            stdin=sys.stdin.buffer, stdout=sys.stdout.buffer, stderr=sys.stderr.buffer
        )
        await process.wait()
    return process.exit_status or 0


@contextlib.contextmanager
def _raw() -> Iterator[None]:
    """Hand every key to the device."""
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setraw(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
