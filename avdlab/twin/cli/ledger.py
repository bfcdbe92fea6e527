"""The ledger of one node: which commands it was asked, and whether it had an answer."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Counts by command text. `generic` were asked in text and rendered from JSON keys; `revisions`
    were asked in another revision of their model than the one that is served.
    """

    answered: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    generic: Counter[str] = field(default_factory=Counter)
    revisions: Counter[str] = field(default_factory=Counter)
    levels: dict[str, str] = field(default_factory=dict)

    def answer(self, command: str, level: str = "") -> None:
        """Count a command that was answered, with the level of evidence of its answer."""
        self.answered[command] += 1
        if level:
            self.levels[command] = level

    def miss(self, command: str) -> None:
        """Count a command that this twin does not know."""
        self.unanswered[command] += 1

    def serve_revision(self, command: str, asked: int, served: int) -> None:
        """Count an answer in another revision than the one that was asked for."""
        if asked != served:
            self.revisions[f"{command} revision {asked}, served {served}"] += 1

    def render_generically(self, command: str) -> None:
        """Count a text answer that is not laid out as EOS prints it."""
        self.generic[command] += 1
