"""docs/clients.md names a test for each of the 41 checks, and each of these tests is there."""

import ast
import re


def test_each_check_names_tests_that_are_there(repository):
    page = (repository / "docs" / "clients.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 42))
    for number, cell in rows:
        named = re.findall(r"`(tests/\S+\.py)::(\w+)`", cell)
        assert named, number
        for path, name in named:
            tree = ast.parse((repository / path).read_text("utf-8"))
            assert name in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, name
