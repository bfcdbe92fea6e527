"""ANTA as a library: its own runner and devices, and its outcomes as our values."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from anta._runner import AntaRunContext, AntaRunner
from anta.catalog import AntaCatalog
from anta.device import AntaDevice, AsyncEOSDevice
from anta.inventory import AntaInventory
from anta.models import AntaTest
from pydantic import ValidationError

from avdlab.backends.base import EapiTarget
from avdlab.errors import CannotRunError, InputError, Problem
from avdlab.events import Reporter
from avdlab.validate.catalog import PlannedTest, merge
from avdlab.validate.outcome import Key, Outcome, Run

logger = logging.getLogger(__name__)
_LOGGERS = ("anta", "asynceapi", "httpx", "httpcore")


def run_anta(
    targets: Sequence[EapiTarget],
    planned: Sequence[PlannedTest],
    *,
    timeout: float,
    reporter: Reporter,
) -> Run:
    """Run the planned tests on their devices. Raises InputError when ANTA refuses a test's inputs.

    ANTA drops devices that do not answer before it starts; they are named in the result.
    """
    tested = {test.device for test in planned}
    with _quiet(), _progress(reporter, len(planned)):
        catalog = _catalog(planned)
        context = asyncio.run(_run([t for t in targets if t.device in tested], catalog, timeout))
    left_out = frozenset(context.devices_unreachable_at_setup)
    lost = tested - set(context.selected_inventory) - left_out
    return Run(_outcomes(context), left_out | lost)


def _catalog(planned: Sequence[PlannedTest]) -> AntaCatalog:
    try:
        return AntaCatalog.from_dict(cast("Any", merge(planned)))
    except ValidationError as exc:
        reasons = [Problem(f"ANTA refuses the catalog: {error['msg']}") for error in exc.errors()]
        raise InputError(reasons, hint="Build the catalogs again.") from exc
    except (TypeError, ValueError) as exc:
        raise InputError(f"ANTA refuses the catalog: {exc}") from exc


async def _run(
    targets: Sequence[EapiTarget], catalog: AntaCatalog, timeout: float
) -> AntaRunContext:
    inventory = AntaInventory()
    try:
        for target in targets:
            inventory.add_device(_device(target, timeout))
        return await AntaRunner().run(inventory, catalog, disconnect=True)
    except ValueError as exc:  # ANTA's own settings, read from ANTA_* variables
        raise CannotRunError(f"ANTA cannot run: {exc}") from exc


def _device(target: EapiTarget, timeout: float) -> AntaDevice:
    return AsyncEOSDevice(
        host=target.host,
        port=target.port,
        username=target.user.name,
        password=target.user.password,
        name=target.device,
        tags={target.device},
        timeout=timeout,
        proto="https" if target.tls else "http",
        enable=True,
        enable_password=target.enable or None,
        insecure=True,
    )


def _outcomes(context: AntaRunContext) -> dict[Key, Outcome]:
    commands = {
        (device.name, definition.test.name, _digest(definition.inputs)): _commands(
            definition.test(device=device, inputs=definition.inputs)
        )
        for device, definitions in context.selected_tests.items()
        for definition in definitions
    }
    outcomes: dict[Key, Outcome] = {}
    for result in context.manager.results:
        key = (result.name, result.test, result.custom_field or "")
        outcomes[key] = Outcome(
            status=str(result.result),
            messages=tuple(result.messages),
            categories=tuple(result.categories),
            description=result.description,
            commands=commands.get(key, ()),
        )
    return outcomes


def _digest(inputs: AntaTest.Input) -> str:
    return (inputs.result_overwrite and inputs.result_overwrite.custom_field) or ""


def _commands(test: AntaTest) -> tuple[str, ...]:
    return tuple(dict.fromkeys(command.command for command in test.instance_commands))


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
