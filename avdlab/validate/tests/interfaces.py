"""ANTA tests of interfaces: MTU, gateways that several devices answer for, VLANs of ports."""

from typing import Any, ClassVar

from anta.models import AntaCommand, AntaTemplate, AntaTest
from pydantic import BaseModel, ConfigDict


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Mtu(_Item):
    """The MTU of a routed interface."""

    name: str
    mtu: int


class VerifyInterfacesMtu(AntaTest):
    """Verifies the MTU of the routed interfaces that are named, and of no others."""

    categories: ClassVar[list[str]] = ["interfaces"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show interfaces", revision=1)
    ]

    class Input(AntaTest.Input):
        interfaces: list[Mtu]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Compare the MTU of every interface."""
        self.result.is_success()
        known = self.instance_commands[0].json_output.get("interfaces", {})
        for item in self.inputs.interfaces:
            if item.name not in known:
                self.result.is_failure(f"Interface: {item.name} - Not found")
            elif (actual := known[item.name].get("mtu")) != item.mtu:
                self.result.is_failure(
                    f"Interface: {item.name} - Incorrect MTU - "
                    f"Expected: {item.mtu} Actual: {actual}"
                )


class Placed(_Item):
    """A routed interface and its VRF."""

    name: str
    vrf: str


class VerifyInterfacesVrf(AntaTest):
    """Verifies that routed interfaces are in their VRF."""

    categories: ClassVar[list[str]] = ["interfaces"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show ip interface", revision=2)
    ]

    class Input(AntaTest.Input):
        interfaces: list[Placed]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Compare the VRF of every interface."""
        self.result.is_success()
        known = self.instance_commands[0].json_output.get("interfaces", {})
        for item in self.inputs.interfaces:
            actual = known.get(item.name, {}).get("vrf")
            if actual != item.vrf:
                self.result.is_failure(
                    f"Interface: {item.name} - Incorrect VRF - "
                    f"Expected: {item.vrf} Actual: {actual}"
                )


class Gateway(_Item):
    """An SVI whose gateway address several devices share."""

    interface: str
    vrf: str = "default"
    addresses: list[str] = []  # ip address virtual, A.B.C.D/len
    shared: list[str] = []  # ip virtual-router address, A.B.C.D


class VerifyAnycastGateways(AntaTest):
    """Verifies that the SVIs of shared gateways are up, in their VRF, with their addresses."""

    categories: ClassVar[list[str]] = ["interfaces"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show ip interface", revision=2),
        AntaCommand(command="show ip virtual-router", revision=2),
    ]

    class Input(AntaTest.Input):
        gateways: list[Gateway]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Compare every gateway."""
        self.result.is_success()
        interfaces = self.instance_commands[0].json_output.get("interfaces", {})
        shared: dict[str, set[str]] = {}
        for router in self.instance_commands[1].json_output.get("virtualRouters", ()):
            listed = router.get("virtualIps", ())
            found = {ip.get("ip", "") if isinstance(ip, dict) else str(ip) for ip in listed}
            found |= {str(ip) for ip in router.get("virtualIpAddresses", ())}
            shared.setdefault(router.get("interface", ""), set()).update(found)
        for gateway in self.inputs.gateways:
            self._check(gateway, interfaces.get(gateway.interface), shared)

    def _check(
        self, gateway: Gateway, interface: dict[str, Any] | None, shared: dict[str, set[str]]
    ) -> None:
        name = f"Interface: {gateway.interface}"
        if interface is None:
            self.result.is_failure(f"{name} - Not found")
            return
        if interface.get("lineProtocolStatus") != "up":
            self.result.is_failure(
                f"{name} - Line protocol is {interface.get('lineProtocolStatus')}"
            )
        if interface.get("vrf", "default") != gateway.vrf:
            self.result.is_failure(
                f"{name} - Wrong VRF - Expected: {gateway.vrf} Actual: {interface.get('vrf')}"
            )
        actual = _virtual(interface.get("interfaceAddress", {}))
        if gateway.addresses and actual != set(gateway.addresses):
            self.result.is_failure(
                f"{name} - Virtual address mismatch - "
                f"Expected: {', '.join(sorted(gateway.addresses))} "
                f"Actual: {', '.join(sorted(actual)) or 'none'}"
            )
        if missing := set(gateway.shared) - shared.get(gateway.interface, set()):
            self.result.is_failure(f"{name} - No virtual router {', '.join(sorted(missing))}")


def _virtual(address: dict[str, Any]) -> set[str]:
    """Return the virtual addresses of an interface, as EOS prints them for `show ip interface`."""
    listed = [address.get("virtualIp", {}), *address.get("virtualSecondaryIpsOrderedList", ())]
    texts = {f"{item.get('address')}/{item.get('maskLen')}" for item in listed if item}
    return texts - {"0.0.0.0/0"}


class PortVlans(_Item):
    """The VLANs that a switched port carries: exactly these of the VLANs that are named at all."""

    name: str
    vlans: list[int]


class VerifyPortVlans(AntaTest):
    """Verifies which VLANs run on each switched port.

    Only VLANs that some port is expected to carry are compared: what EOS allocates for itself is
    not.
    """

    categories: ClassVar[list[str]] = ["vlan"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show vlan", revision=1)
    ]

    class Input(AntaTest.Input):
        ports: list[PortVlans]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Compare the VLANs of every port."""
        self.result.is_success()
        actual: dict[str, set[int]] = {}
        for number, vlan in self.instance_commands[0].json_output.get("vlans", {}).items():
            if not vlan.get("dynamic"):
                for name in vlan.get("interfaces", {}):
                    actual.setdefault(name, set()).add(int(number))
        for port in self.inputs.ports:
            expected, found = set(port.vlans), actual.get(port.name, set()) - {1}
            expected -= {1}
            if missing := expected - found:
                self.result.is_failure(f"Interface: {port.name} - VLANs missing: {_ids(missing)}")
            if extra := found - expected:
                self.result.is_failure(f"Interface: {port.name} - VLANs too many: {_ids(extra)}")


def _ids(vlans: set[int]) -> str:
    return ", ".join(str(vlan) for vlan in sorted(vlans))
