"""Our own catalog: from what the design promises to ANTA tests with their inputs."""

from collections.abc import Iterator, Mapping

from avdlab.validate.catalog import PlannedTest, Source, planned
from avdlab.validate.intent.model import Intent
from avdlab.validate.plan.bfd import plan_bfd
from avdlab.validate.plan.bgp import plan_bgp
from avdlab.validate.plan.evpn import plan_evpn, plan_hosts
from avdlab.validate.plan.interfaces import plan_addresses, plan_gateways, plan_lacp, plan_vlans
from avdlab.validate.plan.model import Facts, Planner
from avdlab.validate.plan.segments import plan_segments
from avdlab.validate.plan.statics import plan_statics
from avdlab.validate.plan.switching import plan_mlag, plan_stp
from avdlab.validate.plan.underlay import plan_ecmp, plan_isis, plan_ospf, plan_pings
from avdlab.validate.plan.vpn import plan_vpn
from avdlab.validate.plan.vrfs import plan_vrfs
from avdlab.validate.plan.wan import plan_wan

_PLANNERS: Mapping[str, Planner] = {
    "addresses": plan_addresses,
    "bfd": plan_bfd,
    "bgp": plan_bgp,
    "ecmp": plan_ecmp,
    "evpn": plan_evpn,
    "gateways": plan_gateways,
    "isis": plan_isis,
    "lacp": plan_lacp,
    "mlag": plan_mlag,
    "ospf": plan_ospf,
    "pings": plan_pings,
    "segments": plan_segments,
    "statics": plan_statics,
    "stp": plan_stp,
    "vlans": plan_vlans,
    "vpn": plan_vpn,
    "vrfs": plan_vrfs,
    "wan": plan_wan,
}
_WITH_ENDPOINTS: Mapping[str, Planner] = {"hosts": plan_hosts}  # only where endpoints talk


def plan(intent: Intent, *, endpoints: bool = True) -> Iterator[PlannedTest]:
    """Yield our tests of all devices. `endpoints`: the lab has its connected endpoints."""
    facts = Facts.of(intent)
    for planner in (*_PLANNERS.values(), *(_WITH_ENDPOINTS.values() if endpoints else ())):
        for device in intent.devices.values():
            for module, test, inputs in planner(facts, device):
                yield planned(device.name, module, test, inputs, Source.AVDLAB)
