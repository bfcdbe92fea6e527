"""What differs between the servers' answers, where no real server of that version can be run."""

import pytest

from avdlab.backends.gns3.server import Server

FIGURES = {
    "compute_id": "local",
    "compute_name": "gns3-vm",
    "statistics": {"memory_total": 800, "memory_free": 200, "disk_usage_percent": 38},
}


class Answering(Server):
    """A server of API v3 that gives these figures, and has no other compute."""

    api = 3

    def __init__(self, figures) -> None:
        self.figures = figures

    def _get(self, path, about=""):
        return {"/statistics": self.figures, "/computes": []}[path]


@pytest.mark.parametrize(
    "figures",
    [[FIGURES], {"uptime_seconds": 7, "computes": [FIGURES], "projects": {"total": 0}}],
    ids=["3.0", "3.1"],
)
def test_figures_of_the_computes(figures):
    [local] = Answering(figures).computes()
    assert (local.id, local.name, local.connected) == ("local", "gns3-vm", True)
    assert (local.memory, local.free, local.disk) == (800, 200, 38.0)
