"""The GNS3 suites run against real servers; tests/support/gns3/README.md says how."""

import os

import pytest

from tests.support.gns3.fixtures import *  # noqa: F403


@pytest.hookimpl(tryfirst=True)  # before xdist's own, which reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each server line to one worker (`--dist loadgroup`): it starts one server then.

    A test marked `line("2.2")` is of something that both lines do alike, and runs on that line
    alone; AVDLAB_GNS3_LINES=all runs it on both.
    """
    chosen: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        line = _line(item)
        only = {mark.args[0] for mark in item.iter_markers("line")}
        if line and only and line not in only and os.environ.get("AVDLAB_GNS3_LINES") != "all":
            dropped.append(item)
            continue
        if line:
            item.add_marker(pytest.mark.xdist_group(f"gns3-{line}"))
        chosen.append(item)
    config.hook.pytest_deselected(items=dropped)
    items[:] = chosen


def _line(item: pytest.Item) -> str:
    spec = getattr(item, "callspec", None)
    return str(spec.params.get("gns3_server", "")) if spec else ""
