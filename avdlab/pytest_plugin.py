"""The pytest front: a running lab as a fixture, and its catalogs as one pytest item per test.

    def test_fabric(fabric_test):
        fabric_test()

A test that asks for `fabric_test` is collected once per device and ANTA test of the lab that is up.
ANTA runs once per session, over the devices whose items were selected. Every pytest run loads this
module, so it imports nothing of avdlab before one of its fixtures is asked for.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from avdlab.lab import Lab
    from avdlab.validate.catalog import PlannedTest
    from avdlab.validate.model import TestResult

_NOT_RUNNING = {"absent", "stopped"}
_FIXTURE = "fabric_test"
_TROUBLE = pytest.StashKey[tuple[str, int]]()  # why there is no lab, and the exit code


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say which lab, and which devices of it."""
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


@pytest.fixture(scope="session")
def lab(pytestconfig: pytest.Config) -> "Lab":
    """The lab that is up. Ends the run with one line where none is."""
    from avdlab.errors import AvdlabError

    try:
        return _open(pytestconfig)
    except AvdlabError as exc:
        pytest.exit(str(exc), returncode=exc.exit_code)


@pytest.fixture(scope="session")
def fabric_results(request: pytest.FixtureRequest, lab: "Lab") -> dict[str, "TestResult"]:
    """Name of the planned test -> its result, for the devices of the selected items."""
    from avdlab.errors import AvdlabError

    callspecs = [getattr(item, "callspec", None) for item in request.session.items]
    asked = [spec.params[_FIXTURE] for spec in callspecs if spec and _FIXTURE in spec.params]
    devices = frozenset(planned.device for planned in asked)
    try:
        results = lab.validate(devices=devices)
    except AvdlabError as exc:
        pytest.exit(str(exc), returncode=exc.exit_code)
    return {f"{test.device}-{test.test}-{test.inputs}": test for test in results.tests}


@pytest.fixture
def fabric_test(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Fail with ANTA's messages, or skip with the policy's reason, when called."""
    planned: PlannedTest | str = request.param
    if isinstance(planned, str):
        pytest.skip(planned)
    results: dict[str, TestResult] = request.getfixturevalue("fabric_results")
    result = results.get(planned.name)

    def judge() -> None:
        if result is None:
            pytest.fail(f"{planned.name}: the run has no result for this test", pytrace=False)
        facts = {"level": result.level, "policy": result.policy, "verdict": result.verdict.value}
        request.node.user_properties.extend((name, value) for name, value in facts.items() if value)
        _judge(result)

    return judge


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one item per device and test of the lab's saved catalogs."""
    if _FIXTURE not in metafunc.fixturenames:
        return
    from avdlab.errors import AvdlabError

    try:
        planned = _planned(metafunc.config)
    except AvdlabError as exc:
        metafunc.config.stash.setdefault(_TROUBLE, (str(exc), exc.exit_code))
        metafunc.parametrize(_FIXTURE, [str(exc)], indirect=True, ids=["no-lab"])
    else:
        names = [test.name for test in planned]
        metafunc.parametrize(_FIXTURE, planned, indirect=True, ids=names)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """End the run where the fabric itself was asked for and no lab is up.

    In a whole test suite the same words are the reason of a skip.
    """
    trouble = config.stash.get(_TROUBLE, None)
    if trouble and any(_FIXTURE in getattr(item, "fixturenames", ()) for item in items):
        options = ("--avdlab-inventory", "--avdlab-name", "--avdlab-device")
        if any(config.getoption(option) for option in options) or _asked(config, items):
            pytest.exit(trouble[0], returncode=trouble[1])


def _asked(config: pytest.Config, items: list[pytest.Item]) -> bool:
    """Tell whether the command line names the file of a fabric test, or its folder."""
    base = config.invocation_params.dir
    named = {(base / str(text).partition("::")[0]).resolve() for text in config.args}
    paths = {item.path for item in items if _FIXTURE in getattr(item, "fixturenames", ())}
    return bool(named & {place for path in paths for place in (path, path.parent)})


def _judge(result: "TestResult") -> None:
    from avdlab.validate.model import Verdict
    from avdlab.validate.policy import reason_of

    if result.verdict is Verdict.NOT_APPLICABLE:
        pytest.skip(f"{result.policy}: {reason_of(result.policy)}")
    if not result.verdict.good:
        said = "\n".join(result.messages) or "ANTA said nothing"
        where = f"{result.device} {result.test}: {result.verdict.words}"
        pytest.fail(f"{where}\n{said}", pytrace=False)


def _planned(config: pytest.Config) -> "list[PlannedTest]":
    """Return the tests of the lab that is up. Raises AvdlabError where there is none."""
    from avdlab.errors import CannotRunError

    tests = _open(config).suite().tests
    wanted = {name for text in config.getoption("--avdlab-device") for name in text.split(",")}
    unknown = sorted(wanted - {test.device for test in tests})
    if unknown:
        raise CannotRunError(f"the lab has no tests for {', '.join(unknown)}")
    planned = [test for test in tests if not wanted or test.device in wanted]
    if not planned:
        raise CannotRunError(
            "the lab has no test catalogs", hint="Make it from an inventory: avdlab up -i INVENTORY"
        )
    return planned


def _open(config: pytest.Config) -> "Lab":
    """Find the lab and see that it runs. Raises AvdlabError."""
    from avdlab.errors import CannotRunError
    from avdlab.lab import Lab
    from avdlab.project import project_here
    from avdlab.state import labs_in

    inventory = config.getoption("--avdlab-inventory")
    name = config.getoption("--avdlab-name")
    if not (inventory or name or labs_in(project_here())):
        raise CannotRunError("no lab is up; run make lab-up")
    found = Lab.open(Path(inventory) if inventory else None, name)
    if all(node.state in _NOT_RUNNING for node in found.status()):
        raise CannotRunError("no lab is up; run make lab-up")
    return found
