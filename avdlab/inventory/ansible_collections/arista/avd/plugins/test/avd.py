"""The tests `arista.avd.*` for inventories read without the collection; pyavd does the work."""

from collections.abc import Callable
from typing import Any

from ansible.template import accept_args_markers
from pyavd.j2tests.contains import contains
from pyavd.j2tests.defined import defined


class TestModule:
    """What Ansible looks for in a test plugin."""

    def tests(self) -> dict[str, Callable[..., Any]]:
        return {"defined": accept_args_markers(defined), "contains": contains}
