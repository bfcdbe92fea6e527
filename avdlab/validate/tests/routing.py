"""ANTA tests of VRFs: that they route, and that they keep apart what the design keeps apart."""

from ipaddress import IPv4Network
from typing import ClassVar

from anta.models import AntaCommand, AntaTemplate, AntaTest
from pydantic import BaseModel, ConfigDict


class VerifyVrfRouting(AntaTest):
    """Verifies that routing is on in the VRFs that shall route."""

    categories: ClassVar[list[str]] = ["routing"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show ip route vrf all", revision=4)
    ]

    class Input(AntaTest.Input):
        vrfs: list[str]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Look at every VRF."""
        self.result.is_success()
        known = self.instance_commands[0].json_output.get("vrfs", {})
        for vrf in self.inputs.vrfs:
            if vrf not in known:
                self.result.is_failure(f"VRF: {vrf} - Not found")
            elif known[vrf].get("routingDisabled"):
                self.result.is_failure(f"VRF: {vrf} - Routing is disabled")


class Isolation(BaseModel):
    """Subnets of other VRFs, which a VRF must not know."""

    model_config = ConfigDict(extra="forbid")
    vrf: str
    prefixes: list[IPv4Network]


class VerifyVrfIsolation(AntaTest):
    """Verifies that a VRF has no route to subnets that the design has in other VRFs only."""

    categories: ClassVar[list[str]] = ["routing"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show ip route vrf all", revision=4)
    ]

    class Input(AntaTest.Input):
        isolated: list[Isolation]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Look for each subnet in the table of each VRF."""
        self.result.is_success()
        known = self.instance_commands[0].json_output.get("vrfs", {})
        for item in self.inputs.isolated:
            routes = known.get(item.vrf, {}).get("routes", {})
            for prefix in item.prefixes:
                if str(prefix) in routes:
                    self.result.is_failure(
                        f"VRF: {item.vrf} Prefix: {prefix} - Leaked from another VRF"
                    )
