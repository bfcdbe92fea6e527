"""What `avdlab generate` writes renders, converges, and has every session up."""

import pytest

from avdlab.backends.twin.description import links
from avdlab.design import Source, design, prepare
from avdlab.events import Reporter
from avdlab.inventory.generated import Plan, files
from avdlab.overlay.model import LabUser
from avdlab.twin.config.loader import load
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.wiring import read_wiring
from avdlab.twin.tables.bgp import SessionState
from tests.twin.naive import check

PLANS = {
    "eBGP, an odd leaf": Plan(leaves=3, access=1),
    "IS-IS": Plan(leaves=4, underlay="isis"),
    "OSPF, no MLAG": Plan(spines=3, leaves=2, underlay="ospf", mlag=False, vrfs=2),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=list(PLANS))
def test_a_generated_fabric_comes_up(plan, tmp_path):
    for path, text in files(plan).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    prepared = prepare(Source(tmp_path / "inventory.yml"), Reporter(), check=True)
    made = design(prepared, LabUser("avdlab", "secret"), Reporter(), enabled=True)
    fabric = Fabric("generated", {n: identity("generated", n) for n in made.configs.devices}, float)
    fabric.set_wiring(*read_wiring({"links": links(made.topology)}, made.configs.devices))
    for name, device in made.configs.devices.items():
        loaded = load(device.config)
        assert not loaded.rejected
        fabric.configure(name, loaded.config)
    assert fabric.state.converged
    assert len(fabric.state.devices) == plan.devices
    down = [
        (name, session.peer_address, session.reason)
        for name, device in fabric.state.devices.items()
        for session in (device.bgp.sessions if device.bgp else ())
        if session.state is not SessionState.ESTABLISHED
    ]
    assert not down
    vteps = {d.vxlan.source for d in fabric.state.devices.values() if d.vxlan}
    assert len(vteps) == len(plan.pairs)
    for device in fabric.state.devices.values():
        if device.vxlan:
            assert {device.vxlan.source, *device.vxlan.vteps} == vteps
    assert not check(fabric).wrong
