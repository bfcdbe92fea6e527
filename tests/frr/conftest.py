"""FRR as a second opinion: skipped where it cannot run, its agreement printed at the end."""

from collections.abc import Callable, Collection, Iterator

import pytest

from .fabric import Agreement
from .rig import Rig, missing

_AGREEMENTS: list[tuple[str, str, dict[str, Agreement]]] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip with the reason where there is no FRR, no root or no namespaces."""
    here = [item for item in items if "/frr/" in str(item.path)]
    why = missing() if here else ""
    for item in here if why else ():
        item.add_marker(pytest.mark.skip(reason=f"FRR: {why}"))


@pytest.fixture
def rig() -> Iterator[Rig]:
    """An empty rig; whatever happens, its processes end."""
    with Rig() as made:
        yield made


Agree = Callable[..., None]


@pytest.fixture
def agree() -> Agree:
    """Return the way to assert agreement: `agree(fabric, when, agreements, vendor)`; counts are
    kept. `vendor` is strict: the entries, as `table node VRF prefix`, that EOS and FRR are known to
    answer differently."""

    def check(
        fabric: str, when: str, found: dict[str, Agreement], vendor: Collection[str] = ()
    ) -> None:
        _AGREEMENTS.append((fabric, when, found))
        differing = {
            f"{table} {key}": f"{table} {key}\n  FRR  {frr}\n  twin {twin}"
            for table, agreement in found.items()
            for key, (frr, twin) in agreement.differing.items()
        }
        lines = [text for key, text in differing.items() if key not in vendor]
        assert not lines, "\n".join(lines[:20])
        assert all(agreement.equal for agreement in found.values())
        assert not (set(vendor) - set(differing)), "these agree and need no excuse"

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the counts: agreed of compared."""
    if _AGREEMENTS:
        terminalreporter.section("agreement with FRR")
    for fabric, when, found in _AGREEMENTS:
        counts = ", ".join(f"{table} {agreement}" for table, agreement in found.items())
        terminalreporter.write_line(f"{fabric}, {when}: {counts}")
