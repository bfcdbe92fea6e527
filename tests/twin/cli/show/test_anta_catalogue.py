"""Every ANTA test whose commands the twin answers runs on its answers without an exception."""

import asyncio

import pytest
import yaml

from tests.twin.cli.show import anta
from tests.twin.cli.show.fabric import FOLDER, features
from tools import twin_coverage as catalogue

TESTS = catalogue.tests()
ANSWERABLE = [name for name, test in TESTS.items() if catalogue.answerable(test)]
# where the example asks for what these devices lack
INPUTS = {"VerifyFlashUtilization": {"max_utilization": 70}}  # a second supervisor
DEVICES = ("spine", "leaf1", "leaf3", "core1")


def run(name, device, inputs):
    test = TESTS[name](anta.TwinDevice(features(), device), inputs=inputs)
    asyncio.run(test.test())
    return str(test.result.result), test.result.messages


def test_most_of_the_catalogue_is_answered():
    assert len(TESTS) == 208
    assert len(ANSWERABLE) >= 188


@pytest.mark.parametrize("name", ANSWERABLE)
def test_no_exception_on_the_example_of_its_documentation(name):
    """The example's addresses are not ours: most verdicts are failures, none may be an error."""
    inputs = INPUTS.get(name) or anta.example(TESTS[name])
    for device in DEVICES:
        verdict, messages = run(name, device, inputs)
        assert verdict in {"success", "failure", "skipped"}, (device, messages)
        assert not any("Invalid input" in message for message in messages), (device, messages)


def rows():
    """Yield device, test, inputs and verdict of the catalog beside the fabric's configurations."""
    catalog = yaml.safe_load((FOLDER / "anta.yml").read_text())
    for verdict, devices in catalog.items():
        for device, tests in devices.items():
            for entry in tests:
                name = next(key for key in entry if key != "verdict")
                yield pytest.param(
                    device, name, entry[name], entry.get("verdict", verdict), id=f"{device}-{name}"
                )


@pytest.mark.parametrize(("device", "name", "inputs", "expected"), list(rows()))
def test_verdict(device, name, inputs, expected):
    verdict, messages = run(name, device, inputs)
    assert verdict == expected, messages
