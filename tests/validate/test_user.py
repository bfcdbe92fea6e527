"""A user's own catalogs and test modules, dropped into folders."""

import pytest

from avdlab.errors import InputError
from avdlab.validate import over_eapi, validate
from avdlab.validate.catalog import Source
from avdlab.validate.suite import build_suite
from avdlab.validate.user import user_tests
from tests.pair import topology

GROUPS = {"leaf1": ("LEAVES", "ODD"), "leaf2": ("LEAVES",)}
CATALOG = """\
anta.tests.system:
  - VerifyUptime:
      minimum: 0
      filters:
        tags: [ODD]
own_checks:
  - VerifyTheAnswer:
      answer: leaf1
      filters:
        tags: [leaf1, leaf2]
"""
MODULE = """\
from typing import ClassVar

from anta.models import AntaCommand, AntaTest


class VerifyTheAnswer(AntaTest):
    \"\"\"Verifies the name of the device.\"\"\"

    categories: ClassVar[list[str]] = ["own"]
    commands: ClassVar[list[AntaCommand]] = [AntaCommand(command="show hostname")]

    class Input(AntaTest.Input):
        answer: str

    @AntaTest.anta_test
    def test(self) -> None:
        self.result.is_success()
        if (name := self.instance_commands[0].json_output["hostname"]) != self.inputs.answer:
            self.result.is_failure(f"it is {name}")
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "anta" / "user_catalogs").mkdir(parents=True)
    (tmp_path / "anta" / "user_tests").mkdir()
    (tmp_path / "anta" / "user_catalogs" / "own.yml").write_text(CATALOG)
    (tmp_path / "anta" / "user_tests" / "own_checks.py").write_text(MODULE)
    return tmp_path


def test_tags_name_devices_and_groups(root):
    found = {(t.device, t.test, t.source) for t in user_tests(root, GROUPS)}
    assert found == {
        ("leaf1", "VerifyUptime", Source.USER),
        ("leaf1", "VerifyTheAnswer", Source.USER),
        ("leaf2", "VerifyTheAnswer", Source.USER),
    }


def test_they_run_with_the_others(root, twins):
    suite = build_suite({}, {}, topology(), user=user_tests(root, GROUPS), root=root)
    results = validate(over_eapi(twins.targets), suite, lab="pair")
    said = {(t.device, t.test): (t.verdict.good, t.messages) for t in results.tests}
    assert said["leaf1", "VerifyUptime"][0]
    assert said["leaf1", "VerifyTheAnswer"] == (True, ())
    assert said["leaf2", "VerifyTheAnswer"] == (False, ("it is leaf2",))
    assert {test.source for test in results.tests} == {"user"}


def test_a_folder_that_is_not_there_is_no_catalog(tmp_path):
    assert user_tests(tmp_path, GROUPS) == ()


def test_every_broken_catalog_is_named(root):
    (root / "anta" / "user_catalogs" / "a.yml").write_text("- a list\n")
    (root / "anta" / "user_catalogs" / "b.json").write_text("{")
    with pytest.raises(InputError) as raised:
        user_tests(root, GROUPS)
    assert {problem.file.rpartition("/")[2] for problem in raised.value.problems} == {
        "a.yml",
        "b.json",
    }
