"""Settings: precedence, origins, and all mistakes at once."""

from pathlib import Path

import pytest

from avdlab.errors import InputError
from avdlab.settings import load_settings


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_flag_beats_environment_beats_project_beats_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path / "config" / "avdlab" / "config.yml"
    user.parent.mkdir(parents=True)
    user.write_text("user: of-user\ntimeout: 10\nmax_workers: 1\neapi_port: 1000\n")
    (tmp_path / "avdlab.yml").write_text("timeout: 20\nmax_workers: 2\neapi_port: 2000\n")
    monkeypatch.setenv("AVDLAB_MAX_WORKERS", "3")
    monkeypatch.setenv("AVDLAB_EAPI_PORT", "3000")
    settings = load_settings(tmp_path, {"eapi_port": 4000, "backend": None})
    assert (settings.user, settings.timeout) == ("of-user", 20.0)
    assert (settings.max_workers, settings.eapi_port) == (3, 4000)
    assert settings.backend == "twin"
    assert settings.origin["eapi_port"] == "flag"
    assert settings.origin["max_workers"] == "environment"
    assert settings.origin["timeout"] == str(tmp_path / "avdlab.yml")
    assert settings.origin["backend"] == "default"


def test_all_mistakes_are_reported_with_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "avdlab.yml").write_text("tiemout: 20\nmax_workers: many\n")
    monkeypatch.setenv("AVDLAB_OVERLAY", "perhaps")
    with pytest.raises(InputError) as caught:
        load_settings(tmp_path)
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    assert "unknown setting 'tiemout'" in text
    assert "'max_workers' must be int, not 'many'" in text
    assert "'overlay' must be bool, not 'perhaps' (environment)" in text


def test_password_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVDLAB_PASSWORD", "hunter2")
    assert "hunter2" not in repr(load_settings(tmp_path))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("max_workers: 0", "'max_workers' must be 1 to 1024, not 0"),
        ("eapi_port: 70000", "'eapi_port' must be 1 to 65535, not 70000"),
        ("timeout: -5", "'timeout' must be 0 to 86400, not -5"),
        ("timeout: .nan", "'timeout' must be 0 to 86400, not nan"),
    ],
)
def test_a_number_out_of_range_is_refused(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "avdlab.yml").write_text(f"{line}\n")
    with pytest.raises(InputError, match=says):
        load_settings(tmp_path)
