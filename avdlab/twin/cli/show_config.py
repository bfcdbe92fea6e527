"""Show commands of the configuration itself: running, startup, session, their diffs and lists."""

from dataclasses import replace
from datetime import UTC, datetime

from avdlab.net.release import Release
from avdlab.twin.cli import pipes
from avdlab.twin.cli.all_defaults import with_defaults
from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.node import Node
from avdlab.twin.cli.outcome import Code, CommandError, Json, Output
from avdlab.twin.cli.show.registry import Args
from avdlab.twin.cli.show.scope import expand
from avdlab.twin.config import canonical
from avdlab.twin.config.sessions import MAX_COMPLETED, MAX_PENDING
from avdlab.twin.config.tree import Config, Line, parse_indented


def running(session: CliSession, args: Args, _: str | None) -> Output:
    """`show running-config [section X]`."""
    return _printed(session, session.node.store.running, args, "show running-config")


def running_interfaces(session: CliSession, args: Args, _: str | None) -> Output:
    """`show running-config interfaces X`: their sections alone, without the header."""
    return _printed(session, session.node.store.running, args, "show running-config")


def running_all(session: CliSession, args: Args, _: str | None) -> Output:
    """`show running-config all [section X]`."""
    config = with_defaults(session.node.store.running)
    return _printed(session, config, args, "show running-config all")


def sanitized(session: CliSession, _: Args, __: str | None) -> Output:
    """`show running-config sanitized`: secrets are replaced, in the JSON too."""
    command = "show running-config sanitized"
    text = session.node.text(session.node.store.running, command, sanitized=True)
    return Output(_json(parse_indented(text)), text)


def startup(session: CliSession, _: Args, __: str | None) -> Output:
    """`show startup-config`: the text as it was saved."""
    text = session.node.store.startup
    if text is None:
        raise CommandError(Code.COULD_NOT_RUN, "Startup-config does not exist")
    header = "! Command: show startup-config\n"
    return Output(None, header + text)


def running_diffs(session: CliSession, _: Args, __: str | None) -> Output:
    """`show running-config diffs`: "" when the running-config is saved."""
    return Output(None, session.node.store.running_diffs())


def sanitized_candidate(session: CliSession, args: Args, _: str | None) -> Output:
    """`show session-config [named N] sanitized`."""
    config = session.candidate(args.get("name", ""))
    text = session.node.text(config, "show session-config sanitized", sanitized=True)
    return Output(_json(parse_indented(text)), text)


def candidate(session: CliSession, args: Args, _: str | None) -> Output:
    """`show session-config [named N]`."""
    return _printed(session, session.candidate(args.get("name", "")), args, "show session-config")


def candidate_diffs(session: CliSession, args: Args, _: str | None) -> Output:
    """`show session-config [named N] diffs`: "" when a commit would change nothing."""
    return Output(None, _diffs(session, args.get("name")))


def _diffs(session: CliSession, name: str | None) -> str:
    return session.node.store.session_diffs(name or session.current_session())


def _printed(session: CliSession, config: Config, args: Args, command: str) -> Output:
    """Print a configuration, or the sections of it that were asked for."""
    if "interface" in args:
        return _interfaces(config, args["interface"])
    text = session.node.text(config, command)
    if "section" in args:
        text = pipes.sections(text, pipes.regex(args["section"]))
    return Output(_json(config), text)


def _interfaces(config: Config, text: str) -> Output:
    wanted = expand(text)
    chosen = tuple(
        line for line in config.find("interface") if line.text.partition(" ")[2] in wanted
    )
    if not chosen:
        raise CommandError(Code.COULD_NOT_RUN, "Interface does not exist")
    shown = replace(config, children=chosen)
    lines = (line for line in canonical.body_lines(shown) if line != "!")
    return Output(_json(shown), "".join(f"{line}\n" for line in lines))


def _json(config: Config) -> Json:
    """EOS: {"cmds": {line: {"cmds": {...}} or None}}, top-level lines first in order."""
    return {"header": [], "cmds": {line.text: _line_json(line) for line in config.children}}


def _line_json(line: Line) -> Json | None:
    if not line.children:
        return None
    comments = [child.body or "" for child in line.children if child.text == "comment"]
    cmds = {c.text: _line_json(c) for c in line.children if c.text != "comment"}
    return {"comments": comments, "cmds": cmds}


def sessions(session: CliSession, args: Args, _: str | None) -> Output:
    """`show configuration sessions [detail]`."""
    facts = _sessions_json(session.node)
    return Output(facts, _sessions_text(facts))


def _sessions_json(node: Node) -> Json:
    """EOS up to 4.31 tells of a commit timer in the row; from 4.32 on the row says "committed", and
    the timer stands beside the table (napalm#2166).

    Times of commit timers count from the boot, as `uptime` of `show version` does.
    """
    release = Release.parse(node.software)
    beside = release is None or release >= Release(4, 32)
    facts: Json = {
        "sessions": {},
        "maxSavedSessions": MAX_COMPLETED,
        "maxOpenSessions": MAX_PENDING,
        "mergeOnCommit": False,
        "saveToStartupConfigOnCommit": False,
    }
    now = node.clock()
    for row in node.store.session_rows(now):
        entry: Json = {"state": row.state, "commitUser": row.user, "instances": {}}
        entry["description"] = node.descriptions.get(row.name, "")
        if row.completed_at is not None:
            entry["completedTime"] = row.completed_at
        if row.seconds_left is not None:
            ends = now - node.booted + row.seconds_left
            if beside:
                entry["state"] = "committed"
                facts |= {"commitTimerSessionName": row.name, "commitTimerExpireTime": ends}
            else:
                entry["commitBy"] = ends
        facts["sessions"][row.name] = entry
    return facts


def _sessions_text(facts: Json) -> str:
    lines = [
        f"Maximum number of completed sessions: {facts['maxSavedSessions']}",
        f"Maximum number of pending sessions: {facts['maxOpenSessions']}",
        "Merge on commit is disabled",
        "Autosave to startup-config on commit is disabled",
        "",
        "  Name                State         User       Terminal   Description",
        "  ------------------- ------------- ---------- ---------- -----------",
    ]
    for name, row in facts["sessions"].items():
        line = f"  {name:19} {row['state']:13} {row['commitUser']:10} {'':10} "
        lines.append((line + row["description"]).rstrip())
    return "\n".join(lines) + "\n"


def lock(session: CliSession, _: Args, __: str | None) -> Output:
    """`show configuration lock`. The shape is not recorded from a device."""
    held = session.node.lock
    if held is None:
        return Output({}, "Configuration is not locked\n")
    facts = {"user": held.user, "reason": held.reason, "acquiredTime": held.since}
    return Output(facts, f"Configuration is locked by user {held.user}\n")


def checkpoints(session: CliSession, _: Args, __: str | None) -> Output:
    """`show configuration checkpoints`."""
    saved = session.node.store.checkpoints
    facts: Json = {
        "checkpoints": {
            name: {"fileDate": point.saved_at, "fileUser": point.user}
            for name, point in saved.items()
        },
        "maxCheckpoints": 20,
    }
    rows = [
        f"{name:20} {datetime.fromtimestamp(point.saved_at, UTC):%Y-%m-%d %H:%M:%S}  {point.user}"
        for name, point in saved.items()
    ]
    head = ["Maximum number of checkpoints: 20", f"  {'Filename':20} {'Date':20} User"]
    return Output(facts, "\n".join([*head, *(f"  {row}" for row in rows)]) + "\n")
