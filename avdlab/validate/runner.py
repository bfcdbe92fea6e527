"""ANTA as a library: its own runner, and its outcomes as our values."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from anta._runner import AntaRunContext, AntaRunner
from anta.catalog import AntaCatalog, AntaTestDefinition
from anta.device import AntaDevice
from anta.inventory import AntaInventory
from anta.models import AntaCommand, AntaTest
from pydantic import ValidationError

from avdlab.errors import CannotRunError, InputError, Problem
from avdlab.events import Reporter
from avdlab.validate.catalog import PlannedTest, merge
from avdlab.validate.devices import AT_ONCE, LabAntaDevice
from avdlab.validate.outcome import Answers, Key, Outcome, Question, Run

logger = logging.getLogger(__name__)
_LOGGERS = ("anta", "asynceapi", "httpx", "httpcore")

# Tests that look at whatever the device lists, and where it lists it: an empty list passes them.
_LISTS = {
    "VerifyInterfaceDiscards": ("show interfaces counters discards", "interfaces"),
    "VerifyInterfaceErrors": ("show interfaces counters errors", "interfaceErrorCounters"),
    "VerifyInterfaceUtilization": ("show interfaces counters rates", "interfaces"),
    "VerifyL3MTU": ("show interfaces", "interfaces"),
}


def run_anta(
    connect: Callable[[str], LabAntaDevice],
    planned: Sequence[PlannedTest],
    *,
    questions: Mapping[str, Sequence[Question]],
    reporter: Reporter,
) -> Run:
    """Run the planned tests on their devices, and ask the questions (device -> questions).

    Raises InputError when ANTA refuses a test's inputs. ANTA drops devices that do not answer
    before it starts; they are named in the result.
    """
    with _quiet(), _progress(reporter, len(planned)):
        catalog = _catalog(planned)
        return asyncio.run(_run(connect, planned, catalog, questions))


def _catalog(planned: Sequence[PlannedTest]) -> AntaCatalog:
    try:
        return AntaCatalog.from_dict(cast("Any", merge(planned)))
    except ValidationError as exc:
        reasons = [Problem(f"ANTA refuses the catalog: {error['msg']}") for error in exc.errors()]
        raise InputError(reasons, hint="Build the catalogs again.") from exc
    except (TypeError, ValueError) as exc:
        raise InputError(f"ANTA refuses the catalog: {exc}") from exc


async def _run(
    connect: Callable[[str], LabAntaDevice],
    planned: Sequence[PlannedTest],
    catalog: AntaCatalog,
    questions: Mapping[str, Sequence[Question]],
) -> Run:
    names = sorted({test.device for test in planned} | set(questions))
    devices = {name: connect(name) for name in names}
    asked = {
        name: {question: _command(question) for question in questions.get(name, ())}
        for name in names
    }
    commands = _prepared(catalog, devices)
    turns = asyncio.Semaphore(AT_ONCE)
    for name, device in devices.items():
        tests = (command for key, own in commands.items() if key[0] == name for command in own)
        device.want([*tests, *asked[name].values()], turns)
    inventory = AntaInventory()
    try:
        for device in devices.values():
            inventory.add_device(cast("AntaDevice", device))
        context = await AntaRunner().run(inventory, catalog)
        established = {name for name, device in devices.items() if device.established}
        if not planned:  # ANTA does not even connect where there is no test
            await inventory.connect_inventory()
            established = {name for name, device in devices.items() if device.established}
        for name in established:
            await devices[name].collect_commands(list(asked[name].values()))
    except ValueError as exc:  # ANTA's own settings, read from ANTA_* variables
        raise CannotRunError(f"ANTA cannot run: {exc}") from exc
    finally:
        await inventory.disconnect_inventory()
    return Run(
        outcomes := _outcomes(context, commands),
        frozenset(names) - established,
        {name: _answers(asked[name]) for name in established},
        frozenset(_silent(outcomes, devices)),
        frozenset(name for name in established if devices[name].twin),
    )


def _prepared(
    catalog: AntaCatalog, devices: Mapping[str, LabAntaDevice]
) -> dict[Key, list[AntaCommand]]:
    """Return the commands that each test will ask."""
    found: dict[Key, list[AntaCommand]] = {}
    for definition in catalog.tests:
        for name in _tags(definition) & set(devices):
            test = definition.test(
                device=cast("AntaDevice", devices[name]), inputs=definition.inputs
            )
            found[name, definition.test.name, _digest(definition.inputs)] = test.instance_commands
    return found


def _tags(definition: AntaTestDefinition) -> set[str]:
    filters = definition.inputs.filters
    return set(filters.tags or ()) if filters else set()


def _command(question: Question) -> AntaCommand:
    return AntaCommand(
        command=question.command,
        revision=question.revision,
        ofmt="text" if question.text else "json",
    )


def _answers(asked: Mapping[Question, AntaCommand]) -> Answers:
    return Answers(
        {q: command.output for q, command in asked.items() if command.output is not None},
        {
            q: "; ".join(command.errors) or "no answer"
            for q, command in asked.items()
            if command.output is None
        },
    )


def _outcomes(
    context: AntaRunContext, commands: Mapping[Key, list[AntaCommand]]
) -> dict[Key, Outcome]:
    outcomes: dict[Key, Outcome] = {}
    for result in context.manager.results:
        key = (result.name, result.test, result.custom_field or "")
        texts = dict.fromkeys(command.command for command in commands.get(key, ()))
        outcomes[key] = Outcome(
            status=str(result.result),
            messages=tuple(result.messages),
            categories=tuple(result.categories),
            description=result.description,
            commands=tuple(texts),
        )
    return outcomes


def _silent(outcomes: Iterable[Key], devices: Mapping[str, LabAntaDevice]) -> Iterator[Key]:
    for key in outcomes:
        if key[1] in _LISTS:
            command, listed = _LISTS[key[1]]
            output = devices[key[0]].answered.get(command)
            if isinstance(output, dict) and not output.get(listed):
                yield key


def _digest(inputs: AntaTest.Input) -> str:
    return (inputs.result_overwrite and inputs.result_overwrite.custom_field) or ""


class _Forward(logging.Handler):
    """Logs ANTA's warnings again as information: what they say is in the results."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        logger.info("%s", record.getMessage())


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what ANTA and its client log off the terminal."""
    handler = _Forward()
    theirs = [logging.getLogger(name) for name in _LOGGERS]
    before = [their.propagate for their in theirs]
    for their in theirs:
        their.addHandler(handler)
        their.propagate = False
    try:
        yield
    finally:
        for their, propagate in zip(theirs, before, strict=True):
            their.removeHandler(handler)
            their.propagate = propagate


class _Advance:
    """What ANTA calls as its progress bar."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._done = 0

    def add_task(self, *_words: object, **_options: object) -> int:
        return 0

    def update(self, *_words: object, **_options: object) -> None:
        self._done += 1
        self._tell(self._done)


@contextmanager
def _progress(reporter: Reporter, total: int) -> Iterator[None]:
    """Hear of each test that ends: ANTA keeps its progress bar on the class."""
    before = AntaTest.progress
    bar = _Advance(lambda done: reporter.stage_progress("validate", done, total))
    AntaTest.progress = cast("Any", bar)  # ANTA calls add_task and update of it, no more
    try:
        yield
    finally:
        AntaTest.progress = before
