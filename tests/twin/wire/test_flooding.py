"""Flooding: all nodes come to know the same, whatever is lost on the way."""

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdlab.twin.wire.flooding import MAX_AGE, REFRESH, Flooding, Send
from avdlab.twin.wire.messages import Fragment, Hello, Kind, decode, encode


@dataclass
class Net:
    """Nodes in a line or a ring: port "l" leads to the node before, "r" to the one after."""

    size: int
    ring: bool = False
    lose: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    now: float = 0.0
    sent: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nodes = [Flooding(bytes((n,) * 6)) for n in range(1, self.size + 1)]

    def beside(self, node: int, port: str) -> int | None:
        other = node + (1 if port == "r" else -1)
        if self.ring:
            return other % self.size
        return other if 0 <= other < self.size else None

    def send(self, node: int, sends: list[Send]) -> None:
        todo = [(node, send) for send in sends]
        while todo:
            origin, send = todo.pop(0)
            for port in ("l", "r") if send.port is None else (send.port,):
                other = self.beside(origin, port)
                if other is None or port == send.besides or self.chance.random() < self.lose:
                    continue
                self.sent.append(send.message)
                message = decode(encode(send.message))
                arrived = "l" if port == "r" else "r"
                replies = self.nodes[other].receive(arrived, message, self.now)
                todo += [(other, reply) for reply in replies]

    def hello(self) -> None:
        """One interval: everybody says hello."""
        self.now += 2.0
        for number, node in enumerate(self.nodes):
            self.send(number, node.tick(self.now))
            self.send(number, [Send(Hello(node.node, "Ethernet1", node.digest))])

    def publish(self, node: int, kind: Kind, body: bytes) -> None:
        self.send(node, self.nodes[node].publish(kind, body, self.now))

    def agree(self) -> bool:
        return len({node.digest for node in self.nodes}) == 1


def filled(net: Net, size: int = 4000) -> Net:
    for number in range(net.size):
        net.publish(number, Kind.STATE, b"state %d" % number)
        net.publish(number, Kind.CONFIG, bytes((number,)) * size)
    return net


@pytest.mark.parametrize("ring", [False, True])
def test_a_change_reaches_everybody_at_once_on_a_quiet_net(ring):
    net = filled(Net(6, ring=ring))
    assert net.agree()
    net.publish(2, Kind.CONFIG, b"new")
    assert all(n.bodies(Kind.CONFIG)[net.nodes[2].node] == b"new" for n in net.nodes)


@settings(max_examples=25)
@given(st.integers(2, 6), st.booleans(), st.floats(0, 0.4), st.integers(0, 99))
def test_hellos_mend_what_was_lost(size, ring, lose, seed):
    net = filled(Net(size, ring=ring, lose=lose, chance=random.Random(seed)))
    net.lose = 0.0
    for _ in range(2 * size):
        net.hello()
    assert net.agree()
    assert len(net.nodes[0].bodies(Kind.CONFIG)) == size


def test_a_large_record_comes_in_pieces_in_any_order():
    one, other = Flooding(b"a" * 6), Flooding(b"b" * 6)
    body = random.Random(1).randbytes(10_000)
    [announced] = one.publish(Kind.CONFIG, body, 0.0)
    [want] = other.receive("p", announced.message, 0.0)
    pieces = one.receive("p", want.message, 0.0)
    assert len(pieces) == 9
    for piece in (*pieces[::-1], *pieces):
        other.receive("p", piece.message, 0.1)
    assert other.bodies(Kind.CONFIG) == {b"a" * 6: body}


def test_what_nobody_asked_for_is_not_taken():
    node = Flooding(b"a" * 6)
    [announced] = Flooding(b"b" * 6).publish(Kind.STATE, b"x", 0.0)
    entry = announced.message.entries[0]
    assert node.receive("p", Fragment(entry, 0, 1, b"forged"), 0.0) == []
    assert node.bodies(Kind.STATE) == {}


def test_an_unchanged_record_is_not_sent_again():
    net = filled(Net(3))
    net.sent.clear()
    net.publish(0, Kind.CONFIG, bytes((0,)) * 4000)
    assert net.sent == []
    for _ in range(int(REFRESH)):  # two refreshes: states go round, configurations do not
        net.hello()
    kinds = [m.entry.kind for m in net.sent if isinstance(m, Fragment)]
    assert kinds
    assert Kind.CONFIG not in kinds


def test_a_silent_node_ages_out_everywhere_with_its_config():
    net = filled(Net(3))
    gone = net.nodes.pop().node
    net.size = 2
    for _ in range(int(MAX_AGE / 2) + 3):
        net.hello()
    assert net.agree()
    for node in net.nodes:
        assert gone not in node.bodies(Kind.STATE)
        assert gone not in node.bodies(Kind.CONFIG)
        assert len(node.bodies(Kind.CONFIG)) == 2


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_no_message_crashes_a_node(messages):
    net = filled(Net(2))
    for body in messages:
        for head in (b"\x01\x01", b"\x01\x02", b"\x01\x03", b"\x01\x04"):
            try:
                message = decode(head + body)
            except ValueError:
                continue
            net.nodes[0].receive("l", message, net.now)
    net.nodes[0].tick(net.now)
