"""Verbs that need an inventory, where there is none."""

from pathlib import Path

import pytest

from avdlab.cli.main import main


@pytest.mark.parametrize("verb", ["build", "check", "init", "plan", "up"])
def test_an_empty_folder_is_told_how_to_go_on(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["avdlab", verb])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: there is no inventory here\n")
    assert "avdlab generate" in said
    assert list(tmp_path.iterdir()) == []
