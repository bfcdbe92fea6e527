"""The CI examples of docs/ci, run as a CI runner would: the commands, in a shell, in order."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.conftest import Project

INSTALLED_THERE = ("pip install", "ansible-lint", "umask 077")  # what only a runner can do


def _commands(*groups: object) -> Iterator[str]:
    for group in groups:
        for command in group if isinstance(group, list) else [group]:
            if not str(command).startswith(INSTALLED_THERE):
                yield str(command)


def _github(data: dict[str, Any]) -> list[str]:
    steps = data["jobs"]["validate"]["steps"]
    return list(_commands([step["run"] for step in steps if "run" in step]))


def _gitlab(data: dict[str, Any]) -> list[str]:
    job = data["fabric"]
    return list(_commands(job["before_script"], job["script"], job["after_script"]))


@pytest.mark.parametrize(
    ("name", "commands_of"), [("github-actions", _github), ("gitlab-ci", _gitlab)]
)
def test_the_example_runs_from_nothing_to_nothing(
    project: Project,
    repository: Path,
    name: str,
    commands_of: Callable[[dict[str, Any]], list[str]],
) -> None:
    text = (repository / "docs" / "ci" / f"{name}.yml").read_text()
    commands = commands_of(yaml.safe_load(text))
    assert "avdlab test" in commands
    for command in commands:
        done = project.run("sh", "-ec", command)
        assert done.code == 0, f"{command}\n{done.out}{done.err}"
        if command == "avdlab test":
            reports = list(project.folder.glob(".avdlab/*/reports/junit.xml"))
            assert len(reports) == 1
    assert not (project.folder / ".avdlab").exists()
