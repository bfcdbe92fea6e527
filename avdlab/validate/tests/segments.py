"""ANTA test of EVPN multihoming: who tells an ethernet segment."""

from typing import ClassVar

from anta.models import AntaCommand, AntaTemplate, AntaTest
from pydantic import BaseModel, ConfigDict


class Segment(BaseModel):
    """An ethernet segment, and the VTEPs that are on it."""

    model_config = ConfigDict(extra="forbid")
    esi: str
    vteps: list[str]


class VerifyEVPNSegments(AntaTest):
    """Verifies that exactly the intended VTEPs tell an ethernet segment (type 4).

    Two that disagree on it both forward broadcasts to the endpoint, or loop them.
    """

    categories: ClassVar[list[str]] = ["bgp", "evpn"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show bgp evpn route-type ethernet-segment", revision=2)
    ]

    class Input(AntaTest.Input):
        segments: list[Segment]

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Collect who tells what."""
        self.result.is_success()
        told: dict[str, set[str]] = {}
        for route in self.instance_commands[0].json_output.get("evpnRoutes", {}).values():
            if any(p.get("routeType", {}).get("valid") for p in route["evpnRoutePaths"]):
                key = route["routeKeyDetail"]
                told.setdefault(key.get("esi", ""), set()).add(key.get("ipGenAddr", ""))
        for segment in self.inputs.segments:
            found = told.get(segment.esi, set())
            if found != set(segment.vteps):
                self.result.is_failure(
                    f"ESI: {segment.esi} - Wrong VTEPs - Expected: {', '.join(segment.vteps)} "
                    f"Actual: {', '.join(sorted(found)) or 'none'}"
                )
