"""diff, save, checkpoint, rollback, and deploy's ways, from the command line."""

import re

import pytest

from tests.acceptance.transaction.conftest import DEVICES


def avdlab(table, *words: str):
    done = table.avdlab(*words)
    assert done.code == 0, done.err
    return done


def changed(table, *words: str):
    return avdlab(table, *words, "-f", "json", "-q").data["changed"]


def test_check_and_diff_show_the_difference_and_leave_nothing(table):
    before = table.running()
    done = table.deploy(None, "--check", "--diff", "-q")
    assert done.code == 0
    assert len(re.findall(r"^\+ntp server", done.out, re.MULTILINE)) == 6
    assert "6 of 6 devices would change" in done.out
    assert avdlab(table, "diff", "-q").out.splitlines()[-1].endswith("devices would change")
    assert table.running() == before
    assert table.sessions() == set()
    assert not (table.folder / "deploy.json").exists()


def test_limit_serial_and_confirm(table):
    done = table.deploy(None, "-l", "leaf1:leaf2", "-f", "json", "-q")
    assert done.data["changed"] == ["leaf1", "leaf2"]
    done = table.deploy(None, "--serial", "25%", "--confirm", "5m", "-f", "json", "-q")
    assert done.data["batches"] == [[device] for device in DEVICES]
    assert done.data["changed"] == list(DEVICES[2:])


def test_rollback_goes_back_by_one_deployment(table):
    first = table.running()
    table.deploy(None, "-q")
    second = table.running()
    (table.project.folder / "change.cfg").write_text("ntp server 198.51.100.200\n")
    table.deploy(None, "--serial", "3", "-q")
    assert changed(table, "rollback", "--check") == list(DEVICES)
    assert changed(table, "rollback") == list(DEVICES)
    assert table.running() == second
    assert changed(table, "rollback") == list(DEVICES)
    assert table.running() == first


def test_checkpoints_of_the_fabric(table):
    before = table.running()
    assert "checkpoint 'gold': 6 devices" in avdlab(table, "checkpoint", "save", "gold").out
    table.deploy(None, "-q")
    rows = avdlab(table, "checkpoint", "list", "-f", "json").data["checkpoints"]
    assert [row["devices"] for row in rows if row["name"] == "gold"] == [list(DEVICES)]
    assert changed(table, "checkpoint", "restore", "gold", "-l", "leaf3") == ["leaf3"]
    assert changed(table, "checkpoint", "restore", "gold") == [d for d in DEVICES if d != "leaf3"]
    assert table.running() == before
    again = table.avdlab("checkpoint", "save", "gold")
    assert (again.code, "already" in again.err) == (2, True)
    avdlab(table, "checkpoint", "delete", "gold")


def test_save_where_it_differs(table):
    table.ask("leaf2", "configure", "ntp server 203.0.113.9", "end")
    assert avdlab(table, "save", "-f", "json").data["saved"] == ["leaf2"]
    assert avdlab(table, "save", "-f", "json").data["saved"] == []
    table.ask("leaf2", "configure", "no ntp server 203.0.113.9", "end", "write memory")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--serial", "x"], "'x' is no size of a batch"),
        (["--confirm", "soon"], "'soon' is no duration"),
        (["--max-workers", "0"], "'max_workers' must be 1 to 1024, not 0"),
        (["-l", "leaf1,leaf9"], "'leaf9' in 'leaf1,leaf9' is no host or group"),
        (["--gate", "nothing.yml"], "nothing.yml cannot be read"),
        (["--gate", "catalog"], "has no test for the chosen devices"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_touched(table, words, says):
    done = table.deploy(None, *words, "-f", "json")
    assert done.code == 2
    assert says in done.err
    assert done.data["error"]["exit_code"] == 2


def test_what_is_no_text_is_refused(table):
    (table.project.folder / "change.cfg").write_bytes(b"ntp server 192.0.2.1\n\xff\n")
    done = table.deploy()
    assert done.code == 2
    assert "change.cfg is no UTF-8 text (byte 21)" in done.err
