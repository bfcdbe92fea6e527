"""Commands that move configurations and flash files: copy, write, replace, dir, delete."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.outcome import NOTHING, Output
from avdlab.twin.cli.show.registry import Args
from avdlab.twin.config.store import ConfigStore

_FLASH_BYTES = 4_000_000_000  # a constant: the twin has no file system of its own
_TYPED = "flash:.typed"


def write_memory(session: CliSession, _: Args, __: str | None) -> Output:
    """`write [memory]` is `copy running-config startup-config`."""
    return Output.message(session.node.store.save())


def write_erase(session: CliSession, _: Args, __: str | None) -> Output:
    session.node.store.delete("startup-config")
    return NOTHING


def copy(session: CliSession, args: Args, given: str | None) -> Output:
    """Copy between running-config, startup-config, session-config, flash: and the terminal."""
    if args["target"] != "startup-config":
        session.check_lock()
    store, source = session.node.store, args["source"]
    if source == "terminal:":
        text = (given or "").replace("\x04", "")  # people end it with Ctrl-D
    elif source == "session-config":
        text = session.node.text(session.candidate(), "show session-config")
    else:
        return Output.message(*_copied(session, source, args["target"]))
    with _typed(store, text) as name:
        return Output.message(*_copied(session, name, args["target"]))


def _copied(session: CliSession, source: str, target: str) -> tuple[str, ...]:
    store = session.node.store
    if target == "session-config":
        name = session.current_session()
        messages = store.copy_to_session(source, name)
        session.enter_session(name)
        return messages
    if (source, target) == ("running-config", "startup-config"):
        return (store.save(),)
    return store.copy(source, target)


@contextmanager
def _typed(store: ConfigStore, text: str) -> Iterator[str]:
    """Hold a text that was typed as a file, while it is copied."""
    store.files[_TYPED.partition(":")[2]] = text
    try:
        yield _TYPED
    finally:
        store.delete(_TYPED)


def replace(session: CliSession, args: Args, _: str | None) -> Output:
    """`configure replace FILE`: the file becomes the running-config, or nothing happens."""
    session.check_lock()
    tolerant = args.get("tolerance") in {"ignore-errors", "best-effort"}
    complaints = session.node.store.replace(args["source"], ignore_errors=tolerant)
    return Output.message(*complaints) if complaints else NOTHING


def save_checkpoint(session: CliSession, args: Args, _: str | None) -> Output:
    node = session.node
    node.store.save_checkpoint(args.get("name", ""), node.clock(), user=session.user.name)
    return NOTHING


def restore_checkpoint(session: CliSession, args: Args, _: str | None) -> Output:
    session.check_lock()
    session.node.store.restore_checkpoint(args["name"])
    return NOTHING


def delete(session: CliSession, args: Args, _: str | None) -> Output:
    session.node.store.delete(args["file"])
    return NOTHING


def more(session: CliSession, args: Args, _: str | None) -> Output:
    """`more flash:NAME`, `more checkpoint:NAME`: a file as it stands."""
    text = session.node.store.read(args["file"])
    return Output({"messages": [text]}, text)


def directory(session: CliSession, args: Args, __: str | None) -> Output:
    """`dir [flash:|checkpoint:]`: what the twin keeps. Dates are those of the boot."""
    store = session.node.store
    place = "checkpoint" if args.get("place", "").startswith("checkpoint:") else "flash"
    files: Mapping[str, str | None] = {**store.files, "startup-config": store.startup}
    if place == "checkpoint":
        files = {name: store.read(f"checkpoint:{name}") for name in store.checkpoints}
    day = datetime.fromtimestamp(session.node.booted, UTC).strftime("%b %d %H:%M")
    rows = [
        f"       -rw-  {len(text.encode()):>10}           {day}  {name}"
        for name, text in sorted(files.items())
        if text is not None
    ]
    used = sum(len((text or "").encode()) for text in files.values())
    total = f"{_FLASH_BYTES} bytes total ({_FLASH_BYTES - used} bytes free)"
    text = "\n".join([f"Directory of {place}:/", "", *rows, "", total, ""])
    return Output({"messages": [text]}, text)
