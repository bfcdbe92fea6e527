"""Whatever the order of commits and faults: equal inputs end in equal bytes, and nothing crashes.

A few examples here. Run as many as you like with AVDLAB_EXAMPLES=10000 and a seed
(`--hypothesis-seed=1`).
"""

import os
from contextlib import suppress
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.editor import Rejected
from avdlab.twin.config.loader import load
from tests.twin.fabric.small import BASE, CABLES, CHANGES, Small, Wanted, cold
from tests.twin.random_configs import config, routing_commands

EXAMPLES = int(os.environ.get("AVDLAB_EXAMPLES", "12"))
many = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))

NODES = tuple(BASE)
commits = st.tuples(st.just("commit"), st.sampled_from(NODES), st.integers(0, len(CHANGES) - 1))
cables = st.tuples(st.sampled_from(("cut", "heal")), st.sampled_from(CABLES), st.just(0))
power = st.tuples(st.sampled_from(("stop", "start")), st.sampled_from(NODES), st.just(0))
asks = st.tuples(st.just("ask"), st.just(""), st.just(0))
steps = st.lists(commits | cables | power | asks, min_size=1, max_size=8)


def follow(lab: Small, taken: list[tuple[str, object, int]]) -> Wanted:
    """Take the steps, one after the other; return the inputs that they end in."""
    changes = dict(lab.wanted.changes)
    cut, stopped = set(lab.wanted.cut), set(lab.wanted.stopped)
    for kind, what, number in taken:
        match kind:
            case "commit":
                changes[str(what)] = number
                lab.commit(str(what), number)
            case "cut" | "heal":
                (cut.add if kind == "cut" else cut.discard)(what)
            case "stop" | "start":
                (stopped.add if kind == "stop" else stopped.discard)(what)
            case "ask":
                assert lab.fabric.state.generation
        lab.fault(frozenset(cut), frozenset(stopped))
    return Wanted(tuple(changes.items()), frozenset(cut), frozenset(stopped))


@many
@given(steps)
def test_equal_inputs_end_in_equal_bytes(taken):
    lab = Small()
    wanted = follow(lab, taken)
    assert lab.answers() == cold(wanted)


@many
@given(st.lists(st.tuples(commits | cables | power, st.floats(0, 200)), min_size=1, max_size=5))
def test_the_realistic_clock_ends_where_the_instant_one_is(taken):
    lab = Small(realistic=True)
    assert lab.answers() == cold(Wanted())
    for step, passes in taken:
        wanted = lab.wanted = follow(lab, [step])
        lab.now += passes
        assert lab.answers()
    lab.run_out()
    assert lab.fabric.next_event is None
    assert lab.quiet_answers() == cold(wanted)


@many
@given(st.sampled_from(NODES), st.integers(0, 2**32), st.integers(0, 12), st.booleans())
def test_commit_and_rollback_is_the_identity(name, seed, size, timed):
    lab = Small()
    store = lab.nodes[name].store
    before, said = running_text(store.running), lab.answers()
    store.save_checkpoint("before", lab.now)
    session = store.enter_session("change")
    for line in config(Random(seed), routing_commands(), size).splitlines():
        with suppress(Rejected):
            session.editor.execute(line.strip())
    store.commit("change", lab.now, timer=60.0 if timed else None)
    lab.nodes[name].sync()
    assert lab.answers()
    if timed:
        lab.now += 61.0
        lab.nodes[name].tick()
        lab.now = 0.0
    else:
        store.restore_checkpoint("before")
        lab.nodes[name].sync()
    assert running_text(store.running) == before
    assert lab.answers() == said


@many
@given(st.sampled_from(NODES), st.integers(0, 2**32), st.integers(1, 25))
def test_nothing_crashes(name, seed, size):
    """Lines that nobody would write, behind those of a good device: the fabric answers."""
    lab = Small()
    lines = config(Random(seed), routing_commands(), size)
    lab.nodes[name].store.replace_running(load(BASE[name] + lines).config)
    lab.nodes[name].sync()
    assert lab.answers()
