"""ANTA tests of EVPN and VXLAN: flood lists, next hops of type 3, routes of a VRF over VXLAN."""

from ipaddress import IPv4Network
from typing import Any, ClassVar

from anta.models import AntaCommand, AntaTemplate, AntaTest
from pydantic import BaseModel, ConfigDict, Field, IPvAnyAddress


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FloodList(_Item):
    """The VTEPs to which a VLAN is flooded: exactly these."""

    vlan: int
    vteps: list[IPvAnyAddress] = []


class VerifyVxlanFloodLists(AntaTest):
    """Verifies that each VLAN is flooded to exactly the VTEPs that share it.

    A VTEP that is missing hears no broadcast of the VLAN (its type-3 route is absent, or its route
    targets are not imported); one too many joins two networks that the design keeps apart.
    """

    categories: ClassVar[list[str]] = ["vxlan", "evpn"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show interfaces Vxlan1", revision=1)
    ]

    class Input(AntaTest.Input):
        vlans: list[FloodList]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Compare the flood list of every VLAN."""
        self.result.is_success()
        interface = self.instance_commands[0].json_output.get("interfaces", {}).get("Vxlan1")
        if interface is None:
            self.result.is_failure("Interface: Vxlan1 - Not configured")
            return
        lists = interface.get("vlanToVtepList", {})
        for item in self.inputs.vlans:
            actual = set(lists.get(str(item.vlan), {}).get("remoteVtepAddr", ()))
            expected = {str(vtep) for vtep in item.vteps}
            if missing := expected - actual:
                self.result.is_failure(f"VLAN: {item.vlan} - Not flooded to {_listed(missing)}")
            if extra := actual - expected:
                self.result.is_failure(f"VLAN: {item.vlan} - Also flooded to {_listed(extra)}")


class ImetRoute(_Item):
    """The type-3 route of a MAC-VRF of another VTEP."""

    rd: str
    vtep: IPvAnyAddress


class VerifyEVPNImetRoutes(AntaTest):
    """Verifies that the type-3 route of each MAC-VRF is there, and its next hop is its own VTEP.

    A spine that changes the next hop of EVPN routes (`next-hop-unchanged` is missing) draws all
    VXLAN traffic to itself and drops it.
    """

    categories: ClassVar[list[str]] = ["bgp", "evpn"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show bgp evpn route-type imet", revision=2)
    ]

    class Input(AntaTest.Input):
        routes: list[ImetRoute]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Look at the paths of every route."""
        self.result.is_success()
        known: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for entry in self.instance_commands[0].json_output.get("evpnRoutes", {}).values():
            key = entry["routeKeyDetail"]
            known.setdefault((key.get("rd", ""), key.get("ipGenAddr", "")), []).extend(
                entry.get("evpnRoutePaths", ())
            )
        for route in self.inputs.routes:
            self._check(route, known.get((route.rd, str(route.vtep)), []))

    def _check(self, route: ImetRoute, paths: list[dict[str, Any]]) -> None:
        usable = [path for path in paths if path["routeType"].get("valid")]
        if not usable:
            self.result.is_failure(f"RD: {route.rd} VTEP: {route.vtep} - No valid type-3 route")
            return
        wrong = {path["nextHop"] for path in usable} - {str(route.vtep)}
        if wrong:
            self.result.is_failure(
                f"RD: {route.rd} VTEP: {route.vtep} - Wrong next hop - "
                f"Expected: {route.vtep} Actual: {_listed(wrong)}"
            )


class VrfTargets(_Item):
    """The route targets that the routes of an own VRF (type 5) or MAC-VRF (type 3) carry, at
    least."""

    rd: str
    route_targets: list[str]


class VerifyEVPNRouteTargets(AntaTest):
    """Verifies that a device tells its VRFs (type 5) and MAC-VRFs (type 3) with their targets.

    With others nobody imports them. Where two devices share a VTEP, the routes of one hide that
    those of the other are lost, until it is the only one left.
    """

    categories: ClassVar[list[str]] = ["bgp", "evpn"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaTemplate(template="show bgp evpn route-type {kind} rd {rd} detail", revision=2)
    ]

    class Input(AntaTest.Input):
        vrfs: list[VrfTargets]
        mac_vrfs: list[VrfTargets] = Field(default_factory=list)

    inputs: Input

    def render(self, template: AntaTemplate) -> list[AntaCommand]:
        """Ask for the routes of every VRF."""
        return [
            template.render(kind=kind, rd=vrf.rd)
            for kind, vrfs in (("ip-prefix ipv4", self.inputs.vrfs), ("imet", self.inputs.mac_vrfs))
            for vrf in vrfs
        ]

    @AntaTest.anta_test
    def test(self) -> None:
        """Look at the extended communities of own routes."""
        self.result.is_success()
        asked = [(5, vrf) for vrf in self.inputs.vrfs] + [(3, vrf) for vrf in self.inputs.mac_vrfs]
        for (number, vrf), command in zip(asked, self.instance_commands, strict=True):
            paths = [
                path
                for entry in command.json_output.get("evpnRoutes", {}).values()
                for path in entry["evpnRoutePaths"]
                if not path.get("nextHop")
            ]
            if not paths:
                self.result.is_failure(f"RD: {vrf.rd} - No type-{number} route of its own")
            lacking: set[str] = set()
            for path in paths:
                found = path.get("routeDetail", {}).get("extCommunities", ())
                carried = {text.partition(":")[2] for text in found if text.startswith("Route-T")}
                lacking |= set(vrf.route_targets) - carried
            if lacking:
                self.result.is_failure(
                    f"RD: {vrf.rd} - Type-{number} routes without route target {_listed(lacking)}"
                )


class HostRoutes(_Item):
    """An endpoint's address, and the MAC-VRFs that tell it."""

    address: str
    vni: int
    rds: list[str]


class VerifyEVPNHostRoutes(AntaTest):
    """Verifies that each VTEP that an endpoint is plugged into tells its address (type 2)."""

    categories: ClassVar[list[str]] = ["bgp", "evpn"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaTemplate(template="show bgp evpn route-type mac-ip {address} vni {vni}", revision=2)
    ]

    class Input(AntaTest.Input):
        hosts: list[HostRoutes]

    inputs: Input

    def render(self, template: AntaTemplate) -> list[AntaCommand]:
        """Ask for the routes of every address."""
        return [template.render(address=h.address, vni=h.vni) for h in self.inputs.hosts]

    @AntaTest.anta_test
    def test(self) -> None:
        """Look who tells each address."""
        self.result.is_success()
        for host, command in zip(self.inputs.hosts, self.instance_commands, strict=True):
            found = {
                entry["routeKeyDetail"].get("rd", "")
                for entry in command.json_output.get("evpnRoutes", {}).values()
                if any(p.get("routeType", {}).get("valid") for p in entry["evpnRoutePaths"])
            }
            if missing := set(host.rds) - found:
                self.result.is_failure(
                    f"Address: {host.address} VNI: {host.vni} - No valid type-2 route of RD "
                    f"{_listed(missing)}"
                )


class VrfRoute(_Item):
    """A prefix of other VTEPs: a route over all `vteps`, or over one of `one_of`."""

    vrf: str
    prefix: IPv4Network
    vteps: list[IPvAnyAddress] = []
    one_of: list[IPvAnyAddress] = []
    vni: int


class VerifyVrfRoutesOverVxlan(AntaTest):
    """Verifies that prefixes of other VTEPs (type 5) are in the VRF's table, over their VTEPs."""

    categories: ClassVar[list[str]] = ["routing", "evpn"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaTemplate(template="show ip route vrf {vrf}", revision=4)
    ]

    class Input(AntaTest.Input):
        routes: list[VrfRoute]

    inputs: Input

    def render(self, template: AntaTemplate) -> list[AntaCommand]:
        """Ask for the table of every VRF once."""
        return [template.render(vrf=vrf) for vrf in self._vrfs()]

    def _vrfs(self) -> list[str]:
        return list(dict.fromkeys(route.vrf for route in self.inputs.routes))

    @AntaTest.anta_test
    def test(self) -> None:
        """Look at the next hops of every prefix."""
        self.result.is_success()
        tables = {
            vrf: command.json_output.get("vrfs", {}).get(vrf, {}).get("routes", {})
            for vrf, command in zip(self._vrfs(), self.instance_commands, strict=True)
        }
        for route in self.inputs.routes:
            found = tables[route.vrf].get(str(route.prefix))
            name = f"VRF: {route.vrf} Prefix: {route.prefix}"
            if found is None:
                self.result.is_failure(f"{name} - Route not found")
                continue
            vias = found.get("vias", ())
            actual = {via["vtepAddr"] for via in vias if via.get("vtepAddr")}
            expected, possible = ({str(v) for v in vs} for vs in (route.vteps, route.one_of))
            missing = expected - actual
            if possible and not possible & actual:
                missing |= possible
            expected |= possible
            if missing:
                others = {via.get("nexthopAddr") or via.get("interface", "?") for via in vias}
                said = _listed(actual or others)
                self.result.is_failure(
                    f"{name} - Not over VTEP {_listed(missing)} - Actual: {said}"
                )
            vnis = {via["vni"] for via in vias if via.get("vtepAddr") in expected and "vni" in via}
            if wrong := vnis - {route.vni}:
                self.result.is_failure(
                    f"{name} - Wrong VNI - Expected: {route.vni} Actual: {_listed(wrong)}"
                )


def _listed(items: set[Any]) -> str:
    return ", ".join(sorted(str(item) for item in items))
