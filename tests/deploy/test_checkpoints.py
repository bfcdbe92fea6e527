"""Checkpoints in the lab's folder."""

import stat

import pytest

from avdlab.deploy.checkpoints import KEPT, Checkpoints
from avdlab.errors import InputError


@pytest.fixture
def store(tmp_path):
    return Checkpoints(tmp_path)


def test_what_is_kept_is_read_again_and_private(store, tmp_path):
    store.add("gold", {"leaf1": "hostname leaf1\n", "leaf2": "hostname leaf2\n"})
    assert store.texts("gold") == {"leaf1": "hostname leaf1\n", "leaf2": "hostname leaf2\n"}
    (found,) = store.list()
    assert (found.name, found.devices, found.automatic) == ("gold", ("leaf1", "leaf2"), False)
    path = tmp_path / "checkpoints" / "gold" / "leaf1.cfg"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_batches_of_a_deployment_are_one_checkpoint(store):
    store.add("before", {"leaf1": "a"}, automatic=True)
    store.add("before", {"leaf2": "b"}, automatic=True)
    assert store.newest().devices == ("leaf1", "leaf2")
    store.drop("before", {"leaf2": ""})
    assert store.texts("before") == {"leaf1": "a"}
    store.drop("before", {"leaf1": ""})
    with pytest.raises(InputError, match="nothing to roll back to"):
        store.newest()


def test_old_deployments_are_forgotten_and_saved_ones_are_not(store):
    store.add("gold", {"leaf1": "a"})
    for number in range(KEPT + 3):
        store.add(f"before-{number:02}", {"leaf1": "a"}, automatic=True)
    store.prune()
    names = [checkpoint.name for checkpoint in store.list()]
    assert names == ["gold", *(f"before-{number:02}" for number in range(3, KEPT + 3))]


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "a b"])
def test_a_name_that_is_no_folder_is_refused(store, name):
    with pytest.raises(InputError, match="cannot name a checkpoint"):
        store.check_new(name)


def test_a_taken_name_and_an_unknown_one_are_refused(store):
    store.add("gold", {"leaf1": "a"})
    with pytest.raises(InputError, match="there is a checkpoint 'gold' already"):
        store.check_new("gold")
    with pytest.raises(InputError, match="There are: gold"):
        store.texts("silver")


def test_without_a_folder_nothing_is_kept():
    store = Checkpoints(None)
    store.add("gold", {"leaf1": "a"})
    assert store.list() == ()
