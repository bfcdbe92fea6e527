"""The exec commands in one table; show commands of the state stand in `show/catalog.py`."""

from avdlab.twin.cli import conf_commands as conf
from avdlab.twin.cli import files, show_config, syslog
from avdlab.twin.cli.exec import CliSession, ExecCommand, Mode, Run
from avdlab.twin.cli.outcome import NOTHING, Output, invalid
from avdlab.twin.cli.show.registry import Args
from avdlab.twin.config.patterns import Pattern


def _nothing(_: CliSession, __: Args, ___: str | None) -> Output:
    return NOTHING


def _width(_: CliSession, args: Args, __: str | None) -> Output:
    return Output.message(f"Width set to {args['number']} columns.")


def _length(session: CliSession, args: Args, _: str | None) -> Output:
    lines = args["number"]
    if not lines.isascii() or not lines.isdigit() or int(lines) > 32767:
        raise invalid(2, lines)
    session.page = int(lines)
    paged = f"Pagination set to {lines} lines." if session.page else "Pagination disabled."
    return Output.message(paged)


def _anybody(pattern: str, run: Run) -> ExecCommand:
    return ExecCommand(Pattern.of(pattern), run, privileged=False)


def _privileged(pattern: str, run: Run) -> ExecCommand:
    return ExecCommand(Pattern.of(pattern), run)


def _in_session(pattern: str, run: Run) -> ExecCommand:
    return ExecCommand(Pattern.of(pattern), run, modes=frozenset({Mode.SESSION}))


def _configuring(pattern: str, run: Run) -> ExecCommand:
    modes = frozenset({Mode.SESSION, Mode.CONFIGURE})
    return ExecCommand(Pattern.of(pattern), run, modes=modes)


def _outside(pattern: str, run: Run) -> ExecCommand:
    modes = frozenset({Mode.EXEC, Mode.ENABLED})
    return ExecCommand(Pattern.of(pattern), run, privileged=False, modes=modes)


def _show(pattern: str, run: Run) -> ExecCommand:
    return ExecCommand(Pattern.of(pattern), run, shows=True)


COMMANDS: tuple[ExecCommand, ...] = (
    # modes
    _outside("enable [<level>]", conf.enable),
    _outside("disable", conf.disable),
    _outside("exit|logout|quit", _nothing),
    _outside("end", _nothing),
    _configuring("end", conf.end),
    _privileged("configure [terminal]", conf.configure_terminal),
    _privileged("configure session", conf.configure_session),
    _privileged("configure session <name>", conf.configure_session),
    _privileged("configure session <name> commit [timer <timer>]", conf.commit_named),
    _privileged("configure session <name> abort", conf.abort_named),
    _privileged("configure session <name> description <text...>", conf.describe_session),
    _in_session("commit [timer <timer>]", conf.commit),
    _in_session("abort", conf.abort),
    _in_session("rollback clean-config", conf.rollback_clean),
    # files
    _privileged("copy <source> <target>", files.copy),
    _privileged("write [memory]", files.write_memory),
    _privileged("write erase", files.write_erase),
    _privileged("configure replace <source> [skip-checkpoint]", files.replace),
    _privileged("configure replace <source> <tolerance>", files.replace),
    _privileged("configure checkpoint save [<name>]", files.save_checkpoint),
    _privileged("configure checkpoint restore <name>", files.restore_checkpoint),
    _privileged("delete <file>", files.delete),
    _privileged("dir [<place>]", files.directory),
    _privileged("more <file>", files.more),
    _privileged("configure lock [reason <reason...>]", conf.lock),
    _privileged("configure unlock", conf.unlock),
    # terminal settings and counters: accepted, nothing to keep in one request
    _anybody("terminal length <number>", _length),
    _anybody("terminal width <number>", _width),
    _privileged("clear counters [<interface>]", _nothing),
    _privileged("clear logging", syslog.clear),
    _privileged("send log message <text...>", syslog.send),
    _privileged("send log level <level> message <text...>", syslog.send),
    # the configuration shown
    _show("show running-config [section <section...>]", show_config.running),
    _show("show running-config interfaces <interface>", show_config.running_interfaces),
    _show("show running-config all interfaces <interface>", show_config.running_all),
    _show("show running-config all [section <section...>]", show_config.running_all),
    _show("show running-config sanitized", show_config.sanitized),
    _show("show running-config diffs", show_config.running_diffs),
    _show("show startup-config", show_config.startup),
    _show("show session-config", show_config.candidate),
    _show("show session-config named <name>", show_config.candidate),
    _show("show session-config sanitized", show_config.sanitized_candidate),
    _show("show session-config named <name> sanitized", show_config.sanitized_candidate),
    _show("show session-config diffs", show_config.candidate_diffs),
    _show("show session-config named <name> diffs", show_config.candidate_diffs),
    _show("show configuration sessions [detail]", show_config.sessions),
    _show("show configuration checkpoints", show_config.checkpoints),
    _show("show configuration lock", show_config.lock),
)
