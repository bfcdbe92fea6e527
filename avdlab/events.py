"""What happens while the lab works, as calls on a Reporter. Fronts implement what they show."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Reporter:
    """Every method does nothing: implement the ones you want to hear of."""

    def stage_started(self, stage: str, total: int = 0) -> None:
        """A stage (render, apply, ready, deploy, validate ...) began; `total` items or 0."""

    def stage_progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        """One more item of a stage is done."""

    def stage_finished(self, stage: str, seconds: float, summary: str = "") -> None:
        """A stage ended well."""

    def note(self, message: str) -> None:
        """Something worth a line: a warning about the input, an overlay change."""

    def node_ready(self, node: str, seconds: float) -> None:
        """A node answered eAPI with its configuration applied."""

    def config_committed(self, device: str, changed: bool) -> None:
        """A device committed its session, or had nothing to change."""

    def test_finished(self, device: str, test: str, status: str) -> None:
        """A test ended."""

    def test_recovered(self, device: str, test: str, seconds: float) -> None:
        """A test that had failed is good, so many seconds after the first run began."""


@contextmanager
def stage(reporter: Reporter, name: str, total: int = 0) -> Iterator[Callable[[str], None]]:
    """Report the begin and the end of a stage; the caller may hand in a summary."""
    start = time.monotonic()
    summary = ""

    def done(text: str) -> None:
        nonlocal summary
        summary = text

    reporter.stage_started(name, total)
    yield done
    reporter.stage_finished(name, time.monotonic() - start, summary)
