"""The pytest plugin: harmless where nobody asks for it, one clear line where no lab is up."""

import os
import subprocess
import sys

import pytest

FABRIC = "def test_fabric(fabric_test):\n    fabric_test()\n"


@pytest.fixture
def run(tmp_path):
    """Run pytest in a folder without a lab; return (exit code, output)."""
    (tmp_path / "fabric").mkdir()
    (tmp_path / "fabric" / "test_fabric.py").write_text(FABRIC)
    (tmp_path / "test_other.py").write_text("def test_other():\n    assert True\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")

    def pytest_in(*arguments: str):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-rs", "-p", "avdlab.pytest_plugin", *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return pytest_in


@pytest.mark.parametrize("asked", ["fabric", "fabric/test_fabric.py", "./fabric/"])
def test_asking_for_the_fabric_without_a_lab_fails_in_one_line(run, asked):
    code, output = run(asked)
    assert code == 3
    assert "no lab is up; run make lab-up" in output
    assert "Traceback" not in output


def test_an_option_of_the_plugin_is_asking_for_the_fabric(run):
    code, output = run("--avdlab-name", "dc9")
    assert code == 2
    assert "no lab 'dc9' is up" in output


def test_a_whole_suite_skips_the_fabric_without_a_lab(run):
    code, output = run()
    assert code == 0
    assert "1 passed, 1 skipped" in output
    assert "no lab is up; run make lab-up" in output


def test_other_runs_do_not_hear_of_the_plugin(run):
    code, output = run("test_other.py")
    assert code == 0
    assert "lab" not in output.replace("avdlab-", "").partition("collected")[2]


def test_the_plugin_imports_the_standard_library_and_pytest_only():
    code = (
        "import sys, pytest; before = set(sys.modules); import avdlab.pytest_plugin;"
        "print(sorted(n for n in set(sys.modules) - before if n.split('.')[0] not in"
        " sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['avdlab', 'avdlab.pytest_plugin']"
