"""`avdlab connect`: a terminal on one device, over SSH or on its console."""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import click

from avdlab.backends.base import Behind, ConsoleAccess, ConsoleTarget, SshAccess, SshTarget
from avdlab.cli import options, telnet
from avdlab.cli.complete import complete_nodes
from avdlab.errors import BackendError, InputError
from avdlab.lab import Lab


@click.command("connect")
@click.argument("node", shell_complete=complete_nodes)
@options.inventory_option
@options.name_option
@click.option("--console", is_flag=True, help="Open the node's console (GNS3).")
@click.option("--rescue", is_flag=True, help="Open a shell beside the console (GNS3).")
@click.option("--show", is_flag=True, help="Print the command instead of connecting.")
def command(
    node: str,
    inventory: Path | None,
    name: str | None,
    console: bool,
    rescue: bool,
    show: bool,
) -> None:
    """Open the command line of NODE over SSH, or its console.

    Input may come from a pipe: echo 'show version' | avdlab connect leaf1. A console is left with
    ^]. Where SSH does not answer, the shell beside the console is opened, if there is one.
    """
    lab = Lab.open(inventory, name)
    backend = lab.backend
    if console or rescue:
        if not isinstance(backend, ConsoleAccess):
            raise InputError(f"the backend {backend.name} offers no console")
        _join_console(backend.console(node), rescue=rescue, show=show)
        return
    if not isinstance(backend, SshAccess):
        raise InputError(f"the backend {backend.name} offers no SSH")
    target = backend.ssh(node)
    if show:
        click.echo(_openssh(target))
        return
    if isinstance(backend, ConsoleAccess) and not _answers(target):
        click.echo(f"{node} does not answer SSH: this is the shell beside its console", err=True)
        _join_console(backend.console(node), rescue=True, show=False, first=CLI)
        return
    sys.exit(asyncio.run(_connect(target)))


CLI = b"Cli -p 15\r"  # EOS's command line, from its shell


def _join_console(target: ConsoleTarget, *, rescue: bool, show: bool, first: bytes = b"") -> None:
    port = target.auxiliary if rescue else target.port
    if not port:
        raise InputError(f"{target.node} has no shell beside its console")
    if show:
        click.echo(_telnet(target, port, target.auxiliary_behind if rescue else target.behind))
        return
    person = sys.stdin.isatty()
    if person:
        click.echo("Escape character is '^]'.", err=True)
    try:
        with _raw() if person else contextlib.nullcontext():
            asyncio.run(telnet.join(target.host, port, first))
    except OSError as exc:
        raise BackendError(
            f"the console of {target.node} does not answer at {target.host} port {port}: {exc}",
            hint="GNS3 opens consoles to other machines only where its server allows it "
            "(allow_remote_console).",
        ) from exc


def _answers(target: SshTarget) -> bool:
    try:
        with socket.create_connection((target.host, target.port), timeout=3):
            return True
    except OSError:
        return False


def _telnet(target: ConsoleTarget, port: int, behind: Behind | None) -> str:
    if behind is None:
        return f"telnet {target.host} {port}"
    return f"ssh -t {_ssh_place(behind.jump)} telnet {behind.host} {behind.port}"


def _openssh(target: SshTarget) -> str:
    unknown = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    there = target.behind or target
    jump = f"-J {target.behind.jump} " if target.behind else ""
    return f"ssh {jump}{unknown} -p {there.port} {target.user.name}@{there.host}"


def _ssh_place(jump: str) -> str:
    """Return user@host:port as ssh takes it."""
    host, _, port = jump.partition(":")
    return f"-p {port} {host}" if port else host


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
