"""The matrix on devices that cannot be looked into: pings from the VRFs that route for endpoints.

A device sends from an address of its own in the VRF: a loopback where it has one, because an
anycast gateway's answer may come back to another VTEP. What the devices of an endpoint's VLAN
reach is taken as what the endpoint reaches; access lists, which only its own packets meet, are not
judged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from avdlab.backends.base import Traced
from avdlab.validate.intent.hosts import Host
from avdlab.validate.intent.model import Device, Interface
from avdlab.validate.outcome import Answers, Question
from avdlab.validate.reach.expected import Design, Expectation
from avdlab.validate.reach.matrix import Plan

_OPEN = Expectation(None, "no device can ping for this pair")


@dataclass(frozen=True, slots=True)
class Ping:
    device: str
    question: Question


def judged_by_pings(plan: Plan) -> Plan:
    """Leave open what pings of devices say nothing about."""
    kept = tuple(
        question
        if _ways(plan.design, question.source, question.to) and not question.expected.filtered
        else replace(question, expected=_OPEN)
        for question in plan.questions
    )
    return replace(plan, questions=kept)


def asked(plan: Plan) -> dict[str, tuple[Question, ...]]:
    """Return what every device is asked."""
    found: dict[str, dict[Question, None]] = {}
    for question in plan.questions:
        if question.expected.reachable is not None:
            for ping in _ways(plan.design, question.source, question.to):
                found.setdefault(ping.device, {})[ping.question] = None
    return {device: tuple(questions) for device, questions in found.items()}


def traced(plan: Plan, answers: Mapping[str, Answers]) -> list[Traced]:
    """Return what the pings say of every pair."""
    return [
        _traced(_ways(plan.design, question.source, question.to), answers)
        if question.expected.reachable is not None
        else Traced(False)
        for question in plan.questions
    ]


def _traced(ways: Sequence[Ping], answers: Mapping[str, Answers]) -> Traced:
    stops = [(ping.device, reason) for ping in ways for reason in _lost(ping, answers)]
    return Traced(len(stops) < len(ways), (), tuple(stops))


def _lost(ping: Ping, answers: Mapping[str, Answers]) -> Iterator[str]:
    """Yield why no answer came, nothing where one did."""
    own = answers.get(ping.device, Answers())
    output = own.outputs.get(ping.question)
    command = ping.question.command
    if output is None:
        yield f"{ping.device}: '{command}': {own.errors.get(ping.question, 'no answer')}"
        return
    text = output if isinstance(output, str) else "\n".join(output.get("messages", ()))
    if " 0% packet loss" not in text:
        last = next((line for line in text.splitlines() if "packet loss" in line), text.strip())
        yield f"{ping.device}: '{command}': {last}"


def _ways(design: Design, source: Host, to: Host) -> list[Ping]:
    """Return pings both ways: from a gateway of one to the other, and back."""
    if not source.address or not to.address:
        return []
    forth, back = _pinging(design, source), _pinging(design, to)
    if forth is None or back is None:
        return []
    return [_ping(*forth, to.address), _ping(*back, source.address)]


def _pinging(design: Design, host: Host) -> tuple[Device, Interface, Interface] | None:
    """Return a device that routes for an endpoint, its gateway there, and what it pings from."""
    near = sorted(design.gateways(host), key=lambda found: found[0].name not in host.devices)
    for device, gateway in near:
        own = [i for i in device.interfaces.values() if i.vrf == gateway.vrf and i.address]
        loopbacks = [i for i in own if i.name.startswith("Loopback")]
        if loopbacks or gateway.address:
            return device, gateway, loopbacks[0] if loopbacks else gateway
    return None


def _ping(device: Device, gateway: Interface, source: Interface, to: str) -> Ping:
    command = f"ping vrf {gateway.vrf} {to} source {source.ip} repeat 2"
    return Ping(device.name, Question(command))
