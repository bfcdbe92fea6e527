"""The flash of a wire node."""

from avdlab.twin.wire.flash import Flash, normal_mac


def test_what_changed_is_written_and_nothing_else(tmp_path):
    (tmp_path / "startup-config").write_text("hostname a\n")
    (tmp_path / "notes.txt").write_text("old")
    (tmp_path / ".hidden").write_text("x")
    flash = Flash(tmp_path)
    assert flash.startup() == "hostname a\n"
    assert flash.files() == {"notes.txt": "old"}
    before = (tmp_path / "startup-config").stat().st_mtime_ns
    flash.save("hostname a\n", {"new.cfg": "1"})
    assert (tmp_path / "startup-config").stat().st_mtime_ns == before
    assert not (tmp_path / "notes.txt").exists()
    assert (tmp_path / "new.cfg").read_text() == "1"
    assert (tmp_path / ".hidden").exists()
    flash.save(None, {"new.cfg": "1"})
    assert not (tmp_path / "startup-config").exists()


def test_a_file_that_would_leave_the_flash_is_not_written(tmp_path):
    inside = tmp_path / "flash"
    inside.mkdir()
    Flash(inside).save(None, {"../outside": "x", "ceos-config": "SERIALNUMBER=x"})
    assert list(tmp_path.iterdir()) == [inside]
    assert list(inside.iterdir()) == []


def test_the_factory_says_serial_and_mac(tmp_path):
    (tmp_path / "ceos-config").write_text("SERIALNUMBER=leaf1\nSYSTEMMACADDR=001c.7300.0101\n")
    assert Flash(tmp_path).factory() == ("leaf1", "00:1c:73:00:01:01")
    assert Flash(tmp_path / "none").factory() == ("", "")


def test_macs_of_any_notation():
    assert normal_mac("00:1C:73:00:01:01\n") == normal_mac("001c.7300.0101") == "00:1c:73:00:01:01"
    assert normal_mac("nonsense") == ""
