"""`avdlab generate`."""

from click.testing import CliRunner, Result

from avdlab.cli.main import cli
from avdlab.errors import InputError


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["generate", *(str(word) for word in words)])


def test_writes_an_inventory_and_says_what_comes_next(tmp_path):
    done = run(tmp_path / "lab", "--spines", 2, "--leaves", 6)
    assert done.exit_code == 0
    assert "8 devices. Next: cd " in done.output
    assert (tmp_path / "lab" / "inventory.yml").exists()
    assert (tmp_path / "lab" / "group_vars" / "FABRIC" / "services.yml").exists()


def test_overwrites_nothing(tmp_path):
    (tmp_path / "inventory.yml").write_text("mine")
    done = run(tmp_path)
    assert isinstance(done.exception, InputError)
    assert "inventory.yml is there already" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["inventory.yml"]


def test_tells_all_problems_at_once(tmp_path):
    done = run(tmp_path, "--name", "my lab", "--vrfs", 100, "--vlans", 100)
    assert isinstance(done.exception, InputError)
    assert "my lab is no name" in str(done.exception)
    assert "more than 2899 VLANs" in str(done.exception)
    assert not list(tmp_path.iterdir())
