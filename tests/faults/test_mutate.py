"""The score: a fault is noticed or not, by whom, and the fabric is whole again after it."""

import pytest

from avdlab.faults.mutate import Bench, Fabric, Score, measure
from avdlab.faults.mutation import Mutation
from avdlab.faults.score import as_data, markdown, table
from avdlab.validate.catalog import Source


@pytest.fixture(scope="module")
def fabric(side):
    made = side("own").design
    devices = made.configs.devices
    return Fabric(
        made.topology,
        {name: device.config for name, device in devices.items()},
        made.catalogs,
        {name: dict(device.structured_config) for name, device in devices.items()},
    )


@pytest.fixture(scope="module")
def bench(fabric):
    return Bench(fabric)


@pytest.mark.parametrize(
    ("name", "stock", "ours"),
    [
        ("link-cut", "VerifyLLDPNeighbors", "VerifyIPv4RouteNextHops"),
        ("extra-cable", "", "VerifyCabling"),
        ("wrong-mtu", "", "VerifyLinkMtu"),
        ("duplicate-router-id", "", "VerifyUniqueRouterIds"),
        ("rt-import-only", "", "VerifyFloodSymmetry"),
        ("vrf-leak", "", "VerifyVrfIsolation"),
        ("not-saved", "VerifyRunningConfigDiffs", ""),
    ],
)
def test_a_fault_is_noticed_by_the_test_that_is_made_for_it(bench, name, stock, ours):
    mutation = bench.mutations(samples=1, names=[name])[0]
    found = bench.try_out(mutation)
    assert not found.problem
    assert (stock in found.stock) if stock else not found.stock
    assert (ours in found.by(Source.AVDLAB, Source.FABRIC)) if ours else True
    assert found.noticed
    nothing = Mutation("none", 1, "nothing", "nothing")
    assert bench.try_out(nothing).noticed == (), "the fabric is not whole again"


def test_a_fault_that_no_test_could_see_is_not_noticed(bench, fabric):
    """A description is nobody's business: the score must be able to say so."""
    text = fabric.configs["osl-leaf1a"].replace("description ROUTER_ID", "description X")
    harmless = Mutation("description", 5, "a description", "osl-leaf1a", {"osl-leaf1a": text})
    assert bench.try_out(harmless).noticed == ()


def test_a_text_that_the_device_refuses_is_not_counted(bench):
    broken = Mutation("broken", 9, "nonsense", "x", {"osl-leaf1a": "no such line\n"})
    found = bench.try_out(broken)
    assert "no such line" in found.problem
    score = Score((found,))
    assert score.valid == ()
    assert "not measured" in table(score)


def test_the_score_adds_up_in_every_form(fabric, bench):
    chosen = bench.mutations(samples=1, names=["link-cut", "wrong-vni", "no-bfd"])
    score = measure(fabric, chosen, workers=1)
    assert len(score.caught) == len(score.valid) == 3
    data = as_data(score)
    assert (data["faults"], data["noticed"]) == (3, 3)
    assert data["noticed_by_avd"] == sum(bool(m["stock_anta"]) for m in data["mutations"])
    page = markdown(score, "own")
    assert (
        "| 31 | BFD missing<br>no-bfd | 1 | - | - | BFDPeersIntervals, BFDSpecificPeers |" in page
    )
    assert "all" in table(score)
