"""Every error of avdlab on one page.

    AvdlabError                 1  something in avdlab itself
    ├── InputError              2  bad usage or bad input: all problems at once
    │   └── NoLabError          2  no lab is up that fits what was asked for
    ├── CannotRunError          3  the work could not be done (a port is taken, no permission ...)
    │   ├── PortInUseError      3  a port of the lab belongs to another program
    │   └── DeviceError         3  one device did not answer or refused the credentials
    ├── TestsFailedError        4  the lab runs and tests failed
    ├── ConfigRejectedError     5  a device rejected lines of its configuration
    ├── NotReadyError           6  devices were not ready in time
    ├── BackendError            7  the backend (twin process, GNS3 server) is not there
    ├── LabLockedError          8  another avdlab works on this lab
    └── InterruptedByUserError 130  Ctrl-C

Each class holds its facts as fields and builds its own sentences: what failed, where, what to do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby


class AvdlabError(Exception):
    """Base of all. `exit_code` is what the command line ends with; `hint` says what to do next."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input. Empty fields are unknown."""

    message: str
    host: str = ""
    path: str = ""  # key path, e.g. l3leaf.node_groups[0].bgp_as
    file: str = ""
    line: int = 0
    hint: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.host, self.path) if part)
        text = f"{where}: {self.message}" if where else self.message
        if self.file:
            text += f" ({self.file}:{self.line})" if self.line else f" ({self.file})"
        return f"{text}. {self.hint}" if self.hint else text


class InputError(AvdlabError):
    """The input is wrong; nothing was touched. Holds every problem that was found."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem] | str, *, hint: str = "") -> None:
        found = (Problem(problems),) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in found), hint=hint)
        self.problems = found

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class NoInventoryError(InputError):
    """An inventory is needed, none is named, and none lies where one is looked for."""

    def __init__(self) -> None:
        super().__init__(
            "there is no inventory here",
            hint="Name one with -i, run where ansible.cfg lies, or make one: avdlab generate lab",
        )


class NoLabError(InputError):
    """No lab is up that fits what was asked for."""


class CannotRunError(AvdlabError):
    """The work could not be done for a reason outside the input."""

    exit_code = 3


class PortInUseError(CannotRunError):
    """A port that the lab wants to listen on belongs to another program."""


class DeviceError(CannotRunError):
    """One device did not answer as it should."""

    def __init__(self, device: str, message: str, *, hint: str = "") -> None:
        super().__init__(f"{device}: {message}", hint=hint)
        self.device = device


class TestsFailedError(AvdlabError):
    """Tests failed, errored, or did not run although the design asks for them."""

    exit_code = 4
    __test__ = False  # not a test class for pytest


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """One line that a device refused: its number in the file, mode path and EOS's own words.

    Not `evaluated`: a refused line above should have opened its mode; `message` says which.
    """

    device: str
    number: int
    line: str
    mode: tuple[str, ...]
    message: str
    evaluated: bool = True

    def __str__(self) -> str:
        where = f" (line {self.number})" if self.number else ""
        context = f" under '{' > '.join(self.mode)}'" if self.mode else ""
        said = self.message if self.evaluated else f"not evaluated, {self.message}"
        return f"{self.device}: '{self.line}'{context}{where}: {said}"


class ConfigRejectedError(AvdlabError):
    """A device rejected its configuration; no device was changed."""

    exit_code = 5

    def __init__(self, rejected: Sequence[RejectedLine], *, hint: str = "") -> None:
        super().__init__("\n".join(_rejections(rejected)), hint=hint)
        self.rejected = tuple(rejected)

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


def _rejections(rejected: Sequence[RejectedLine]) -> Iterator[str]:
    """Say each refused line; those that were not evaluated because of one are one sentence."""
    for (device, why), lines in groupby(
        rejected, key=lambda line: (line.device, "" if line.evaluated else line.message)
    ):
        run = list(lines)
        if why and len(run) > 1:
            yield f"{device}: lines {run[0].number} to {run[-1].number}: not evaluated, {why}"
        else:
            yield from map(str, run)


_NAMED = 6  # devices of one reason, and reasons, that one line names


class NotReadyError(AvdlabError):
    """Devices were not ready within the budget. `reasons`: device -> why, of all of them; the
    message names a reason once, with the first devices that have it."""

    exit_code = 6

    def __init__(self, reasons: dict[str, str], seconds: float, *, hint: str = "") -> None:
        devices: dict[str, list[str]] = {}
        for device in sorted(reasons):
            devices.setdefault(reasons[device], []).append(device)
        listed = [f"{_first(names, ', ')}: {reason}" for reason, names in devices.items()]
        super().__init__(f"not ready after {seconds:.0f} s: {_first(listed, '; ')}", hint=hint)
        self.reasons = reasons


def _first(items: Sequence[str], separator: str) -> str:
    left = len(items) - _NAMED
    more = f" and {left} more" if left > 0 else ""
    return separator.join(items[:_NAMED]) + more


class BackendError(AvdlabError):
    """The backend cannot be reached, or died."""

    exit_code = 7


class LabLockedError(AvdlabError):
    """Another avdlab process works on this lab."""

    exit_code = 8


class InterruptedByUserError(AvdlabError):
    """Ctrl-C."""

    exit_code = 130
