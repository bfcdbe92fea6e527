"""The pytest front: a running lab in people's own tests, and its suite as one item per test.

    def test_fabric(fabric_test):                  # one item per device and test of the lab
        fabric_test()

    def test_uplinks(device):                      # one item per device
        assert device.show("show version")["modelName"]

    def test_a_spine_may_die(fault, convergence):
        fault("node spine1 stop")                  # healed at the end of the test
        convergence("30s", green=["VerifyEndpointReachability"])

Every pytest run loads this module, so it imports nothing of avdlab before a fixture is asked for.
"""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from avdlab.fabric import Device, Fabric
    from avdlab.faults.inject import LabFaults
    from avdlab.faults.model import Fault
    from avdlab.lab import Lab
    from avdlab.validate.catalog import PlannedTest
    from avdlab.validate.model import TestResult

_OURS = {"lab", "fabric", "device", "fabric_test", "fabric_results", "fault", "convergence"}
_OPTIONS = ("--avdlab-inventory", "--avdlab-name", "--avdlab-device")
_LAB = pytest.StashKey["Lab"]()
_TROUBLE = pytest.StashKey[tuple[str, int]]()  # why there is no lab, and the exit code


class _NoLab(str):
    """In place of a device or a test: why there is no lab."""

    __slots__ = ()


# ---------------------------------------------------------------------------------- options
def pytest_addoption(parser: pytest.Parser) -> None:
    """Say which lab, which devices of it, and how it is validated."""
    group = parser.getgroup("avdlab", "validation of a running lab")
    group.addoption("--avdlab-inventory", metavar="PATH", help="the lab of this inventory")
    group.addoption("--avdlab-name", metavar="NAME", help="the lab of this name")
    group.addoption(
        "--avdlab-device",
        metavar="NAMES",
        action="append",
        default=[],
        help="only these devices (comma separated, repeatable)",
    )
    group.addoption(
        "--avdlab-tests",
        choices=("all", "avd"),
        default="all",
        help="AVD's catalogs alone, or ours and your own too [all]",
    )
    group.addoption(
        "--avdlab-wait",
        metavar="TIME",
        default="0s",
        help="run again what failed for so long; and wait for a healed fabric, too [0s]",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker that chooses devices."""
    line = "avdlab_devices(pattern, ...): devices or groups that the fixture `device` takes"
    config.addinivalue_line("markers", line)


# ---------------------------------------------------------------------------------- fixtures
@pytest.fixture(scope="session")
def lab(pytestconfig: pytest.Config) -> "Lab":
    """The lab that is up. Ends the run with one line where none is."""
    from avdlab.errors import AvdlabError

    try:
        return _lab(pytestconfig)
    except AvdlabError as exc:
        pytest.exit(str(exc), returncode=exc.exit_code)


@pytest.fixture(scope="session")
def fabric(lab: "Lab") -> "Fabric":
    """The devices of the lab by name, and its topology."""
    from avdlab.fabric import Fabric

    return Fabric(lab)


@pytest.fixture
def device(request: pytest.FixtureRequest) -> "Device":
    """A device; the test runs once for each, or for those that `avdlab_devices` names."""
    name: str = request.param
    if isinstance(name, _NoLab):
        pytest.skip(name)
    found: Device = request.getfixturevalue("fabric")[name]
    return found


@pytest.fixture
def fault(fabric: "Fabric", pytestconfig: pytest.Config) -> Iterator["FaultMaker"]:
    """Break the lab: `fault("link leaf1:Et1 down")`, as in `avdlab fault`; healed at the end."""
    from avdlab.faults.inject import LabFaults

    lab, wait = fabric.lab, pytestconfig.getoption("--avdlab-wait")
    with lab.folder.locked():
        with LabFaults(lab).healing() as faults:
            yield FaultMaker(lab, faults)
        if wait != "0s":
            _await(fabric, wait)


class FaultMaker:
    """Brings faults about, in the words of `avdlab fault`."""

    def __init__(self, lab: "Lab", faults: "LabFaults") -> None:
        self._lab = lab
        self._faults = faults

    def __call__(self, words: str) -> "Fault":
        """Bring a fault about. Skips the test where the lab's backend cannot."""
        from avdlab.errors import CannotRunError
        from avdlab.faults.parse import parse

        wanted = parse(words.split(), self._lab.topology())
        try:
            self._faults.check(wanted)
        except CannotRunError as exc:
            pytest.skip(str(exc))
        return self._faults.add(wanted)

    def heal(self, *faults: "Fault") -> None:
        """Undo these faults, or all that are in force, before the test ends."""
        self._faults.heal(faults or None)


@pytest.fixture
def convergence(fabric: "Fabric") -> Callable[..., float]:
    """Wait until tests are green, or red: `convergence("30s", green=["VerifyBGP*"])`.

    Patterns are TEST or DEVICE/TEST. Returns the seconds that it took; fails the test with what is
    not as expected when the time is over.
    """

    def wait(
        within: str = "60s", *, green: Sequence[str] = ("*",), red: Sequence[str] = ()
    ) -> float:
        return _await(fabric, within, green=() if red and green == ("*",) else green, red=red)

    return wait


@pytest.fixture(scope="session")
def fabric_results(
    request: pytest.FixtureRequest, lab: "Lab", tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, "TestResult"]:
    """Name of the planned test -> its result, for the devices of the selected items."""
    from avdlab.errors import AvdlabError
    from avdlab.pytest_session import once
    from avdlab.settings import seconds

    option = request.config.getoption
    callspecs = [getattr(item, "callspec", None) for item in request.session.items]
    asked = [s.params["fabric_test"] for s in callspecs if s and "fabric_test" in s.params]
    devices = frozenset(planned.device for planned in asked)
    own = option("--avdlab-tests") == "all"
    path = tmp_path_factory.getbasetemp().parent / "avdlab-results.json"
    try:
        wait = seconds(option("--avdlab-wait"))
        run = partial(lab.validate, devices=devices, wait=wait, own=own, drift=own)
        return once(request.config, path, run)
    except AvdlabError as exc:
        pytest.exit(str(exc), returncode=exc.exit_code)


@pytest.fixture
def fabric_test(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Fail with ANTA's messages, or skip with the policy's reason, when called."""
    planned: PlannedTest | _NoLab = request.param
    if isinstance(planned, _NoLab):
        pytest.skip(planned)
    results: Mapping[str, TestResult] = request.getfixturevalue("fabric_results")
    result = results.get(planned.name)

    def judge() -> None:
        if result is None:
            pytest.fail(f"{planned.name}: the run has no result for this test", pytrace=False)
        facts = {"level": result.level, "policy": result.policy, "verdict": result.verdict.value}
        request.node.user_properties.extend((name, value) for name, value in facts.items() if value)
        _judge(result)

    return judge


# ---------------------------------------------------------------------------------- items
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one item per device and test of the lab's saved catalogs, or one per device."""
    for name in sorted({"device", "fabric_test"} & set(_of_ours(metafunc.definition))):
        metafunc.parametrize(name, _params(metafunc, name), indirect=True)


def _params(metafunc: pytest.Metafunc, name: str) -> list[Any]:
    from avdlab.errors import AvdlabError
    from avdlab.pytest_items import devices, tests

    try:
        lab = _lab(metafunc.config)
        if name == "fabric_test":
            return tests(metafunc.config, lab)
        marks = metafunc.definition.iter_markers("avdlab_devices")
        return devices(metafunc.config, lab, [word for mark in marks for word in mark.args])
    except AvdlabError as exc:
        metafunc.config.stash.setdefault(_TROUBLE, (str(exc), exc.exit_code))
        return [pytest.param(_NoLab(str(exc)), id="no-lab")]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """End the run where the fabric itself was asked for and no lab is up.

    In a whole test suite the same words are the reason of a skip.
    """
    trouble = config.stash.get(_TROUBLE, None)
    ours = [item for item in items if _of_ours(item)]
    if (
        trouble
        and ours
        and (any(config.getoption(option) for option in _OPTIONS) or _asked(config, ours))
    ):
        pytest.exit(trouble[0], returncode=trouble[1])


def _asked(config: pytest.Config, ours: Sequence[pytest.Item]) -> bool:
    """Tell whether the command line names the file of a fabric test, or its folder."""
    base = config.invocation_params.dir
    named = {(base / str(text).partition("::")[0]).resolve() for text in config.args}
    paths = {item.path for item in ours}
    return bool(named & {place for path in paths for place in (path, path.parent)})


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test with a fault have the lab to itself, also from other workers' tests."""
    ours = _of_ours(item)
    if not ours:
        return (yield)
    from avdlab.errors import AvdlabError
    from avdlab.pytest_session import turn

    try:
        found = _lab(item.config)
    except AvdlabError:  # the fixture says it
        return (yield)
    with turn(found, alone="fault" in ours):
        return (yield)


# ---------------------------------------------------------------------------------- how
def _lab(config: pytest.Config) -> "Lab":
    """Return the lab of this run. Raises AvdlabError where none is up."""
    from avdlab.pytest_session import open_lab

    if _LAB not in config.stash:
        config.stash[_LAB] = open_lab(config)
    return config.stash[_LAB]


def _of_ours(item: pytest.Item) -> Collection[str]:
    """Return the fixtures of this module that a test uses: others may have the same names."""
    info = getattr(item, "_fixtureinfo", None)  # pytest has no public word for it
    known = info.name2fixturedefs if info else {}
    return {
        name
        for name in _OURS & set(known)
        if known[name] and getattr(known[name][-1].func, "__module__", "") == __name__
    }


def _await(
    fabric: "Fabric", within: str, *, green: Sequence[str] = ("*",), red: Sequence[str] = ()
) -> float:
    from avdlab.faults.scenario import Expected
    from avdlab.settings import seconds

    expected = Expected(tuple(red), tuple(green), None, seconds(within))
    seen = fabric.observe(expected)
    if seen.unmet:
        lines = "\n".join(seen.unmet)
        pytest.fail(
            f"after {seen.seconds:.0f} s the fabric is not as expected:\n{lines}", pytrace=False
        )
    return seen.seconds


def _judge(result: "TestResult") -> None:
    from avdlab.validate.exceptions import reason_of
    from avdlab.validate.model import Verdict

    if result.verdict is Verdict.NOT_APPLICABLE:
        pytest.skip(f"{result.policy}: {reason_of(result.policy)}")
    if not result.verdict.good:
        said = "\n".join(result.messages) or "ANTA said nothing"
        where = f"{result.device} {result.test}: {result.verdict.words}"
        pytest.fail(f"{where}\n{said}", pytrace=False)
