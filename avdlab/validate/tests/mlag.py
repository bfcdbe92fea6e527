"""ANTA test of an MLAG pair: that it is the pair of the design."""

from typing import ClassVar

from anta.models import AntaCommand, AntaTemplate, AntaTest
from pydantic import IPvAnyAddress


class VerifyMlagPair(AntaTest):
    """Verifies domain, peer, peer-link and roles of MLAG; disabled MLAG fails.

    Two primaries (or two secondaries) are a pair that has lost sight of itself.
    """

    categories: ClassVar[list[str]] = ["mlag"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaCommand(command="show mlag detail", revision=2)
    ]

    class Input(AntaTest.Input):
        domain_id: str
        local_interface: str
        peer_address: IPvAnyAddress
        peer_link: str
        primary_priority: int | None = None

    inputs: Input

    @AntaTest.anta_test
    def test(self) -> None:
        """Compare what the design says, then look at the roles."""
        self.result.is_success()
        output = self.instance_commands[0].json_output
        if output.get("state") != "active":
            self.result.is_failure(f"MLAG state is {output.get('state')}")
        wanted = {
            "domainId": self.inputs.domain_id,
            "localInterface": self.inputs.local_interface,
            "peerAddress": str(self.inputs.peer_address),
            "peerLink": self.inputs.peer_link,
        }
        for key, expected in wanted.items():
            if (actual := output.get(key)) != expected:
                self.result.is_failure(f"{key} mismatch - Expected: {expected} Actual: {actual}")
        detail = output.get("detail", {})
        own, peer = detail.get("mlagState"), detail.get("peerMlagState")
        if {own, peer} != {"primary", "secondary"}:
            self.result.is_failure(f"Roles mismatch - own: {own} peer: {peer}")
        priority = self.inputs.primary_priority
        if priority is not None and detail.get("primaryPriority") != priority:
            self.result.is_failure(
                f"primaryPriority mismatch - Expected: {priority} "
                f"Actual: {detail.get('primaryPriority')}"
            )
