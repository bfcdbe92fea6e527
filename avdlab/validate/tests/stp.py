"""ANTA test of spanning tree: the priority that a bridge itself offers."""

from typing import ClassVar

from anta.models import AntaCommand, AntaTemplate, AntaTest
from pydantic import BaseModel, ConfigDict


class BridgePriority(BaseModel):
    """The priority of this bridge in the instance that a VLAN belongs to."""

    model_config = ConfigDict(extra="forbid")
    vlan: int
    priority: int


class VerifySTPBridgePriority(AntaTest):
    """Verifies the bridge's own priority: who would be root next matters before the root fails."""

    categories: ClassVar[list[str]] = ["stp"]
    commands: ClassVar[list[AntaCommand | AntaTemplate]] = [
        AntaTemplate(template="show spanning-tree vlan {vlan}", revision=1)
    ]

    class Input(AntaTest.Input):
        bridges: list[BridgePriority]

    inputs: Input

    def render(self, template: AntaTemplate) -> list[AntaCommand]:
        """Ask for every VLAN."""
        return [template.render(vlan=bridge.vlan) for bridge in self.inputs.bridges]

    @AntaTest.anta_test
    def test(self) -> None:
        """Compare every priority."""
        self.result.is_success()
        for bridge, command in zip(self.inputs.bridges, self.instance_commands, strict=True):
            instances = command.json_output.get("spanningTreeVlanInstances", {})
            found = instances.get(str(bridge.vlan), {}).get("spanningTreeVlanInstance", {})
            actual = found.get("bridge", {}).get("priority")
            if actual != bridge.priority:
                self.result.is_failure(
                    f"VLAN: {bridge.vlan} - Incorrect bridge priority - "
                    f"Expected: {bridge.priority} Actual: {actual}"
                )
