"""What a command gives back, and how it fails: shared by everything that runs commands."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

Json = dict[str, Any]


class Code(IntEnum):
    """eAPI's error codes for commands, with EOS's wording in `reason`."""

    COULD_NOT_RUN = 1000
    INTERNAL = 1001
    INVALID = 1002
    UNCONVERTED = 1003
    INCOMPATIBLE = 1004
    DENIED = 1005

    @property
    def reason(self) -> str:
        """The words after `failed:` in the message of an eAPI error."""
        return _REASONS[self]


_REASONS = {
    Code.COULD_NOT_RUN: "could not run command",
    Code.INTERNAL: "internal error",
    Code.INVALID: "invalid command",
    Code.UNCONVERTED: "unconverted command",
    Code.INCOMPATIBLE: "incompatible command",
    Code.DENIED: "permission to run command denied",
}


class CommandError(Exception):
    """A command that failed. `errors` are EOS's texts, `partial` the JSON printed beside them."""

    def __init__(
        self, code: Code, *errors: str, partial: Json | None = None, output: str = ""
    ) -> None:
        super().__init__("; ".join(error for error in errors if error))
        self.code = code
        self.errors = errors
        self.partial = partial or {}
        self.output = output


def invalid(position: int, word: str) -> CommandError:
    """EOS's answer to a word that fits nothing; words are counted from 0."""
    return CommandError(Code.INVALID, f"Invalid input (at token {position}: '{word}')")


def privileged() -> CommandError:
    """EOS's answer to a command that wants `enable` first."""
    return CommandError(Code.INVALID, "Invalid input (privileged mode required)")


@dataclass(frozen=True, slots=True)
class Output:
    """The answer to one command in both forms; `json` None means that it has no JSON model."""

    json: Json | None = field(default_factory=dict)
    text: str = ""

    @classmethod
    def message(cls, *lines: str) -> "Output":
        """Build the answer of an exec command that reports in plain lines."""
        return cls({"messages": list(lines)}, "".join(f"{line}\n" for line in lines))


NOTHING = Output()
