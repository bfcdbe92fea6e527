"""Commands that enter, leave and finish configuration modes and configuration sessions."""

import re

from avdlab.twin.cli.exec import CliSession, Mode
from avdlab.twin.cli.node import Lock
from avdlab.twin.cli.outcome import NOTHING, Code, CommandError, Output
from avdlab.twin.cli.show.registry import Args


def configure_terminal(session: CliSession, _: Args, __: str | None) -> Output:
    session.enter_terminal()
    return NOTHING


def configure_session(session: CliSession, args: Args, _: str | None) -> Output:
    """Enter a session, new or pending; without a name EOS makes one up."""
    session.enter_session(args.get("name", ""))
    return NOTHING


def describe_session(session: CliSession, args: Args, _: str | None) -> Output:
    session.enter_session(args["name"])
    session.node.descriptions[args["name"]] = args["text"]
    return NOTHING


def commit_named(session: CliSession, args: Args, _: str | None) -> Output:
    """`configure session N commit [timer hh:mm:ss]`; without a timer it confirms a pending one."""
    return _commit(session, args["name"], args.get("timer"))


def commit(session: CliSession, args: Args, _: str | None) -> Output:
    return _commit(session, session.current_session(), args.get("timer"))


def _commit(session: CliSession, name: str, timer: str | None) -> Output:
    session.check_lock()
    node = session.node
    seconds = None if timer is None else _seconds(timer)
    node.store.commit(name, node.clock(), timer=seconds)
    session.leave_configuration()
    return NOTHING


def abort_named(session: CliSession, args: Args, _: str | None) -> Output:
    session.node.store.abort(args["name"])
    session.leave_configuration()
    return NOTHING


def abort(session: CliSession, _: Args, __: str | None) -> Output:
    session.node.store.abort(session.current_session())
    session.leave_configuration()
    return NOTHING


def rollback_clean(session: CliSession, _: Args, __: str | None) -> Output:
    """Empty the candidate: what follows is a whole new configuration."""
    session.node.store.session(session.current_session()).editor.clear()
    return NOTHING


def end(session: CliSession, _: Args, __: str | None) -> Output:
    """Leave every configuration mode; a session stays pending."""
    session.leave_configuration()
    return NOTHING


_TIMER = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2})")


def _seconds(timer: str) -> float:
    found = _TIMER.fullmatch(timer)
    if not found:
        raise CommandError(Code.INVALID, f"Invalid input (at token 2: '{timer}')")
    hours, minutes, seconds = (int(part) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def lock(session: CliSession, args: Args, _: str | None) -> Output:
    """`configure lock`: only this user configures until `configure unlock`."""
    session.check_lock()
    session.node.lock = Lock(session.user.name, args.get("reason", ""), session.node.clock())
    return NOTHING


def unlock(session: CliSession, _: Args, __: str | None) -> Output:
    session.check_lock()
    session.node.lock = None
    return NOTHING


def enable(session: CliSession, _: Args, given: str | None) -> Output:
    """Enter enabled mode; the enable secret is asked where one is configured."""
    if session.mode is not Mode.EXEC:
        return NOTHING
    if not session.node.accepts_enable(given):
        # EOS: an empty line comes first
        raise CommandError(Code.DENIED, "", "Cannot authenticate unknown uid 10095")
    session.mode = Mode.ENABLED
    return NOTHING


def disable(session: CliSession, _: Args, __: str | None) -> Output:
    session.mode = Mode.EXEC
    return NOTHING
