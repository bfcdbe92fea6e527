"""What happens while the lab works, as calls on a Reporter. Fronts implement what they show."""


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
