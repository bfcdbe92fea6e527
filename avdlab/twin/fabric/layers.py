"""What each layer of the engine is given, and nothing more: a layer whose input did not change
gives the answer that it gave before.

    ports, bundles, trees, VLANs, MLAG, VXLAN   settings without routing, cables, faults
    OSPF, IS-IS                                 their settings, ports, segments, what they bring in
    BGP, EVPN                                   see protocols/bgp/memory.py
    all of routing                              settings without users, services, management

A layer gets its input cut down to what stands in the question, so it cannot depend on more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS
from avdlab.twin.config.settings import (
    BgpSettings,
    BgpVrfSettings,
    DeviceSettings,
    InterfaceSettings,
    SystemSettings,
)
from avdlab.twin.fabric.inputs import FabricInputs
from avdlab.twin.protocols.igp import Router, Segments
from avdlab.twin.protocols.link_state import Igp, solve_igp
from avdlab.twin.protocols.pending import NOTHING, Pending
from avdlab.twin.tables.ports import Port
from avdlab.twin.tables.rib import Rib, Route

Question = TypeVar("Question")
Answer = TypeVar("Answer")
_NOTHING = DeviceSettings()


@dataclass(slots=True)
class Remembered(Generic[Question, Answer]):
    """The last answers of one layer: `keep` of them. Questions are compared as values."""

    keep: int
    _known: list[tuple[Question, Answer]] = field(default_factory=list)

    def ask(self, question: Question, answer: Callable[[Question], Answer]) -> Answer:
        """Return the answer to a question: the known one, or a fresh one."""
        for at, (known, found) in enumerate(self._known):
            if known == question:
                self._known.append(self._known.pop(at))
                return found
        fresh = answer(question)
        self._known = [*self._known, (question, fresh)][-self.keep :]
        return fresh


def without_routing(inputs: FabricInputs) -> FabricInputs:
    """Return what the layers below routing are given."""
    settings = {node: _below(settings) for node, settings in inputs.settings.items()}
    pending = inputs.pending.only("reload", "stp", "mlag")
    return replace(inputs, settings=settings, pending=pending)


def _below(settings: DeviceSettings) -> DeviceSettings:
    return replace(
        settings,
        system=_NOTHING.system,
        static_routes=(),
        static_routes6=(),
        leaks=(),
        router_id=None,
        policy=_NOTHING.policy,
        ospf=(),
        isis=None,
        bgp=None,
        wan=None,
        mpls=_NOTHING.mpls,
        dhcp_servers={},
        uncomputed=(),
    )


def of_routing(inputs: FabricInputs) -> FabricInputs:
    """Return what everything above a device's own services is given."""
    settings = {
        node: replace(
            found,
            system=SystemSettings(
                hostname=found.system.hostname, routing_model=found.system.routing_model
            ),
        )
        for node, found in inputs.settings.items()
    }
    return replace(inputs, settings=settings)


def of_igp(settings: DeviceSettings) -> DeviceSettings:
    """Return what OSPF and IS-IS are given of a device."""
    brings = brings_in(settings)
    bgp = settings.bgp if brings else None
    return DeviceSettings(
        system=SystemSettings(hostname=settings.system.hostname),
        interfaces=settings.interfaces,
        vrfs=settings.vrfs,
        router_id=settings.router_id,
        policy=settings.policy,
        ospf=settings.ospf,
        isis=settings.isis,
        isis_vrfs=settings.isis_vrfs,
        bgp=None if bgp is None else _internal(bgp),
    )


def _internal(bgp: BgpSettings) -> BgpSettings:
    """Redistribution asks of BGP whether iBGP routes may be redistributed."""
    vrfs = {
        name: BgpVrfSettings(name=name, redistribute_internal=vrf.redistribute_internal)
        for name, vrf in bgp.vrfs.items()
    }
    return BgpSettings(asn=bgp.asn, vrfs=vrfs)


def brings_in(settings: DeviceSettings) -> bool:
    """Tell whether an IGP of a device tells routes of its routing table."""
    return any(ospf.redistribute or ospf.default_originate for ospf in settings.ospf) or any(
        isis.redistribute for isis in (settings.isis, *settings.isis_vrfs) if isis is not None
    )


Tables = Mapping[str, Rib]


@dataclass(frozen=True, slots=True)
class IgpRouter:
    """A device as the question about the IGPs has it. `ribs`: VRF -> routes, of IPv4 and IPv6,
    where the device tells any of them."""

    node: str
    settings: DeviceSettings
    ports: Mapping[str, Port]
    ribs: tuple[Mapping[str, tuple[Route, ...]], Mapping[str, tuple[Route, ...]]]

    @classmethod
    def of(
        cls, node: str, settings: DeviceSettings, ports: Mapping[str, Port], *ribs: Tables
    ) -> "IgpRouter":
        tells = brings_in(settings)
        tables = [{vrf: tuple(rib) for vrf, rib in found.items() if tells} for found in ribs]
        return cls(node, of_igp(settings), ports, (tables[0], tables[1]))

    def router(self) -> Router:
        """Return the device as the protocols take it."""
        four = {vrf: Rib.of(routes, IPV4_BITS) for vrf, routes in self.ribs[0].items()}
        six = {vrf: Rib.of(routes, IPV6_BITS) for vrf, routes in self.ribs[1].items()}
        return Router(self.node, self.settings, self.ports, four, six)


IgpQuestion = tuple[tuple[IgpRouter, ...], Segments, Pending]


def igp_question(
    routers: Iterable[IgpRouter], segments: Segments, pending: Pending = NOTHING
) -> IgpQuestion:
    """Return the question about devices on segments: of these only what an IGP may run over,
    numbered anew, so that equal partitions are equal."""
    devices = tuple(routers)
    numbers: dict[int, int] = {}
    over = {
        (router.node, name): numbers.setdefault(number, len(numbers))
        for router in devices
        for name, interface in router.settings.interfaces.items()
        if _may_run(router.settings, interface)
        and (number := segments.get((router.node, name))) is not None
    }
    return devices, over, pending.only("ospf", "isis")


def _may_run(settings: DeviceSettings, interface: InterfaceSettings) -> bool:
    if (settings.isis or settings.isis_vrfs) and interface.isis is not None:
        return True
    return any(ospf.vrf == interface.vrf for ospf in settings.ospf)


def answer_igp(question: IgpQuestion) -> Igp:
    """Compute OSPF and IS-IS."""
    routers, segments, pending = question
    return solve_igp([router.router() for router in routers], segments, pending)
