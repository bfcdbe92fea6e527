"""The difference of two configurations, printed as EOS does (unified, three lines of context)."""

from difflib import unified_diff

from avdlab.twin.config.canonical import body_lines
from avdlab.twin.config.tree import Config

RUNNING = "system:/running-config"
STARTUP = "flash:/startup-config"


def unified(old: Config, new: Config, old_name: str, new_name: str) -> str:
    """Return the diff of two configurations, an empty text if they are equal."""
    if old == new:
        return ""
    lines = unified_diff(_lines(old), _lines(new), old_name, new_name, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def session_diff(running: Config, candidate: Config, session: str) -> str:
    """Return what `show session-config diffs` prints."""
    return unified(running, candidate, RUNNING, f"session:/{session}-session-config")


def startup_diff(startup: Config, running: Config) -> str:
    """Return what `show running-config diffs` prints."""
    return unified(startup, running, STARTUP, RUNNING)


def _lines(config: Config) -> list[str]:
    return [*body_lines(config), "!", "end"]
