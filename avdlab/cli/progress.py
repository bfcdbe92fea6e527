"""Progress on stderr: one living line on a terminal, plain lines elsewhere."""

import sys
import time

import click

from avdlab.events import Reporter

HEARTBEAT = 10.0  # seconds between two lines of a stage that takes long


class LineReporter(Reporter):
    """One line when a stage ends, and one now and then while it lasts."""

    def __init__(self) -> None:
        self._last = 0.0

    def stage_started(self, stage: str, total: int = 0) -> None:
        self._last = time.monotonic()

    def stage_progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        if time.monotonic() - self._last >= HEARTBEAT:
            self._last = time.monotonic()
            self._line(f"{stage:<10} {done}/{total}")

    def stage_finished(self, stage: str, seconds: float, summary: str = "") -> None:
        self._line(f"{stage:<10} {seconds:6.1f} s  {summary}".rstrip())

    def note(self, message: str) -> None:
        self._line(f"note: {message}")

    def _line(self, text: str) -> None:
        click.echo(text, err=True)


class TerminalReporter(LineReporter):
    """The same lines, and under them the stage that runs, rewritten in place."""

    def stage_started(self, stage: str, total: int = 0) -> None:
        super().stage_started(stage, total)
        self._live(f"{stage} ...")

    def stage_progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        self._live(f"{stage} {done}/{total} {item}")

    def _live(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    def _line(self, text: str) -> None:
        sys.stderr.write("\r\x1b[K")
        super()._line(text)


def reporter(*, quiet: bool) -> Reporter:
    """Return the reporter that fits where stderr goes."""
    if quiet:
        return Reporter()
    return TerminalReporter() if sys.stderr.isatty() else LineReporter()
