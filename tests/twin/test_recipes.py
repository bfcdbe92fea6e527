"""The tests to copy in docs/adding-*.md run."""

import inspect
import re

import pytest

_BLOCK = re.compile(r"```python\n(.*?)```", re.S)


@pytest.mark.parametrize("name", ["adding-a-show-command", "adding-a-protocol"])
def test_the_test_to_copy_passes(name, repository, lab):
    (code,) = _BLOCK.findall((repository / "docs" / f"{name}.md").read_text("utf-8"))
    copied: dict[str, object] = {}
    exec(compile(code, f"docs/{name}.md", "exec"), copied)  # noqa: S102  (our own docs)
    tests = [value for key, value in copied.items() if key.startswith("test_")]
    assert tests
    for test in tests:
        assert callable(test)
        test(lab) if inspect.signature(test).parameters else test()
