"""The configurations of a device: sessions, timers, files, checkpoints."""

import pytest

from avdlab.twin.config.editor import Rejected
from avdlab.twin.config.store import COPIED, ConfigStore, StoreError


def names(store: ConfigStore) -> list[str]:
    return [line.text for line in store.running.children]


@pytest.fixture
def store() -> ConfigStore:
    return ConfigStore("hostname a\n")


def session(store: ConfigStore, name: str, *commands: str) -> None:
    entered = store.enter_session(name)
    for command in commands:
        entered.editor.execute(command)


def test_boot_reads_the_startup_config_and_reports_bad_lines():
    store = ConfigStore("hostname a\nfoo\n")
    assert names(store) == ["hostname a"]
    assert [line.line for line in store.boot_rejected] == ["foo"]


def test_a_session_changes_nothing_until_it_is_committed(store):
    session(store, "s1", "hostname b")
    assert names(store) == ["hostname a"]
    assert "+hostname b" in store.session_diffs("s1")
    store.commit("s1", 0.0)
    assert names(store) == ["hostname b"]
    assert [(row.name, row.state) for row in store.session_rows(1.0)] == [("s1", "completed")]


def test_a_bad_line_leaves_the_earlier_ones_in_the_session(store):
    session(store, "s1", "hostname b")
    with pytest.raises(Rejected):
        store.enter_session("s1").editor.execute("foo")
    assert store.session("s1").candidate.has("hostname b")


def test_rollback_clean_config_starts_from_nothing(store):
    entered = store.enter_session("s1")
    entered.editor.clear()
    entered.editor.execute("vlan 10")
    store.commit("s1", 0.0)
    assert names(store) == ["vlan 10"]


def test_commit_then_abort_is_refused_and_abort_forgets(store):
    session(store, "s1", "hostname b")
    store.abort("s1")
    assert names(store) == ["hostname a"]
    assert store.session_rows(0.0) == ()
    with pytest.raises(StoreError, match="s1"):
        store.commit("s1", 0.0)


def test_a_commit_timer_restores_the_old_config_when_it_ends(store):
    session(store, "s1", "hostname b")
    store.commit("s1", 0.0, timer=300.0)
    assert names(store) == ["hostname b"]
    row = store.session_rows(100.0)[0]
    assert (row.state, row.seconds_left) == ("pendingCommitTimer", 200.0)
    assert store.tick(299.0) is None
    assert store.tick(300.0) == "s1"
    assert names(store) == ["hostname a"]
    assert store.session_rows(300.0) == ()


def test_a_plain_commit_confirms_a_commit_with_a_timer(store):
    session(store, "s1", "hostname b")
    store.commit("s1", 0.0, timer=300.0)
    store.commit("s1", 10.0)
    assert store.tick(1000.0) is None
    assert names(store) == ["hostname b"]


def test_abort_during_the_timer_goes_back_at_once(store):
    session(store, "s1", "hostname b")
    store.commit("s1", 0.0, timer=300.0)
    store.abort("s1")
    assert names(store) == ["hostname a"]


def test_no_other_session_commits_while_a_timer_runs(store):
    session(store, "s1", "hostname b")
    session(store, "s2", "hostname c")
    store.commit("s1", 0.0, timer=300.0)
    with pytest.raises(StoreError, match="Cannot commit session s2"):
        store.commit("s2", 1.0)
    assert names(store) == ["hostname b"]


def test_the_sixth_pending_session_is_refused(store):
    for number in range(5):
        store.enter_session(f"s{number}")
    with pytest.raises(StoreError, match="Maximum number of pending sessions has been reached"):
        store.enter_session("s5")
    store.enter_session("s3")
    store.abort("s0")
    store.enter_session("s5")


def test_an_unnamed_session_gets_a_name(store):
    entered = store.enter_session()
    assert entered.name.startswith("sess-")
    assert store.session(entered.name) is entered


def test_commit_then_rollback_is_identity(store, leaf):
    before = store.running
    store.save_checkpoint("before", 0.0)
    store.files["new"] = leaf
    store.replace("flash:new")
    assert store.running != before
    store.restore_checkpoint("before")
    assert store.running == before


def test_write_saves_running_as_startup(store):
    store.terminal().execute("hostname b")
    assert "+hostname b" in store.running_diffs()
    assert store.save() == COPIED
    assert store.running_diffs() == ""
    assert ConfigStore(store.startup).running == store.running


def test_configure_terminal_takes_effect_at_once_and_tells():
    calls: list[int] = []
    store = ConfigStore("hostname a\n", on_change=lambda: calls.append(1))
    one, two = store.terminal(), store.terminal()
    one.execute("interface Ethernet1")
    two.execute("vlan 10")
    one.execute("mtu 9000")
    assert one.path == ("interface Ethernet1",)
    assert names(store) == ["hostname a", "vlan 10", "interface Ethernet1"]
    assert store.running.children[2].has("mtu 9000")
    assert len(calls) == 3


def test_on_change_stays_quiet_when_nothing_changes():
    calls: list[int] = []
    store = ConfigStore("hostname a\n", on_change=lambda: calls.append(1))
    session(store, "s1")
    store.commit("s1", 0.0)
    assert calls == []


def test_files_are_copied_replaced_and_deleted(store):
    assert store.copy("running-config", "flash:backup") == (COPIED,)
    store.terminal().execute("vlan 10")
    assert store.replace("flash:backup") == ()
    assert names(store) == ["hostname a"]
    store.files["more"] = "vlan 20\nfoo\n"
    assert store.copy("flash:more", "running-config") == (
        "% Invalid input (at token 0: 'foo') at line 2",
        COPIED,
    )
    assert names(store) == ["hostname a", "vlan 20"]
    store.delete("flash:more")
    with pytest.raises(StoreError, match="No such file"):
        store.read("flash:more")


def test_configure_replace_refuses_a_bad_file(store):
    store.files["bad"] = "vlan 20\nfoo\n"
    with pytest.raises(StoreError, match="Invalid input"):
        store.replace("flash:bad")
    assert names(store) == ["hostname a"]
    store.replace("flash:bad", ignore_errors=True)
    assert names(store) == ["vlan 20"]


def test_a_file_can_be_copied_into_a_session(store):
    session(store, "s1")
    store.files["more"] = "vlan 20\n"
    store.copy_to_session("flash:more", "s1")
    store.commit("s1", 0.0)
    assert names(store) == ["hostname a", "vlan 20"]
