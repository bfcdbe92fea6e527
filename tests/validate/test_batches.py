"""One request for everything gives what one request for each gives."""

import json

import pytest
from anta.models import AntaCommand

from avdlab.validate.devices import PINGS, BatchedDevice, EapiDevice, _batches

COMMANDS = (
    AntaCommand(command="show hostname"),
    AntaCommand(command="show mlag", revision=2),
    AntaCommand(command="show no such thing"),
    AntaCommand(command="show bgp evpn summary"),
    AntaCommand(command="show vlan 999", revision=1),
    AntaCommand(command="show ntp status", ofmt="text"),
    AntaCommand(command="show nonsense", ofmt="text"),
    AntaCommand(command="show version", ofmt="text"),
    AntaCommand(command="ping vrf default 10.0.0.2 size 100 repeat 1", revision=1),
    AntaCommand(command="ping vrf nowhere 10.0.0.2 size 100 repeat 1", revision=1),
)


async def answers(kind, target):
    device = kind(target, 30.0)
    commands = [command.model_copy() for command in COMMANDS]
    device.want(commands)
    await device.refresh()
    requests = 0
    original = device._client.post

    async def counted(*args: object, **kwargs: object):
        nonlocal requests
        requests += 1
        return await original(*args, **kwargs)

    device._client.post = counted
    await device.collect_commands(commands)
    await device.disconnect()
    stable = [(c.command, c.errors, _stable(c.output)) for c in commands]
    return stable, requests


def _stable(output):
    """Leave out what changes with the clock."""
    if not isinstance(output, dict):
        return output.partition("Uptime")[0] if output else output
    moving = {"uptime", "bootupTimestamp", "upDownTime"}
    return json.loads(json.dumps({k: v for k, v in output.items() if k not in moving}))


def test_errors_stay_with_their_command_and_nothing_is_asked_twice(twins):
    import asyncio

    target = twins.targets[0]
    plain, one_by_one = asyncio.run(answers(EapiDevice, target))
    batched, afterwards = asyncio.run(answers(BatchedDevice, target))
    assert batched == plain
    assert (one_by_one, afterwards) == (len(COMMANDS), 0)
    assert sum(bool(errors) for _, errors, _ in plain) >= 3


def test_pings_are_few_in_a_request_and_formats_do_not_mix():
    pings = [AntaCommand(command=f"ping 10.0.0.{n}") for n in range(2 * PINGS + 1)]
    texts = [AntaCommand(command="show a", ofmt="text"), AntaCommand(command="show b")]
    groups = list(_batches([*pings, *texts]))
    assert [len(group) for group in groups] == [PINGS, PINGS, 1, 1, 1]
    assert all(len({c.ofmt for c in group}) == 1 for group in groups)


def test_a_batch_that_gets_no_answer_leaves_the_asking_to_the_tests(twins, monkeypatch):
    import asyncio

    async def broken(*_args: object, **_kwargs: object):
        raise OSError("gone")

    monkeypatch.setattr(BatchedDevice, "_ask_once", broken)
    batched, afterwards = asyncio.run(answers(BatchedDevice, twins.targets[0]))
    plain, _ = asyncio.run(answers(EapiDevice, twins.targets[0]))
    assert batched == plain
    assert afterwards == len(COMMANDS)


@pytest.mark.parametrize("kind", [EapiDevice, BatchedDevice])
def test_a_device_remembers_what_it_answered(twins, kind):
    import asyncio

    async def ask():
        device = kind(twins.targets[0], 30.0)
        command = AntaCommand(command="show hostname")
        device.want([command])
        await device.refresh()
        await device.collect(command)
        await device.disconnect()
        return device.answered

    assert asyncio.run(ask())["show hostname"]["hostname"] == "leaf1"
