"""One node on its wires: frames and time go in, frames come out. Pure.

It says hello, speaks the protocols of its running-config, listens, and keeps the records of all
nodes: flooding.py has how, picture.py what the engine makes of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.wire import frames
from avdlab.twin.wire.adjacency import Adjacencies, Timers
from avdlab.twin.wire.flooding import Flooding, Send
from avdlab.twin.wire.messages import Hello, Kind, MalformedError, decode, encode
from avdlab.twin.wire.picture import (
    NodeState,
    Picture,
    PortState,
    picture,
    read_config,
    read_state,
    write_config,
    write_state,
)
from avdlab.twin.wire.speaker import Speech, speech, vtep

SETTLE = 0.3  # several changes within this time are told as one
Out = tuple[str, bytes]  # port, frame


@dataclass(frozen=True, slots=True)
class Self:
    """Who the node is. `boot` is six octets that no other boot of any node has."""

    boot: bytes
    name: str
    serial: str
    mac: str


@dataclass(slots=True)
class Station:
    """The node's side of the wire. `ports`: EOS name -> MAC address of NICs that have carrier."""

    own: Self
    timers: Timers = field(default_factory=Timers)
    ports: dict[str, bytes] = field(default_factory=dict)
    malformed: int = 0
    flooding: Flooding = field(init=False)
    _adjacent: Adjacencies = field(init=False)
    _text: str = ""
    _settings: DeviceSettings = field(default_factory=DeviceSettings)
    _speech: dict[str, Speech] = field(default_factory=dict)
    _next: float = 0.0  # when hellos and protocols are due
    _settled: float | None = None  # when the state is told again
    _vteps: tuple[int, frozenset[int]] = (-1, frozenset())
    _read: dict[bytes, int | None] = field(default_factory=dict)  # config record -> VTEP

    def __post_init__(self) -> None:
        self.flooding = Flooding(self.own.boot)
        self._adjacent = Adjacencies(self.timers)

    # ------------------------------------------------------------------ what the node is
    def configure(self, text: str, now: float) -> list[Out]:
        """Take the running-config: it is flooded, and the ports speak by it from now on."""
        self._text, self._settings = text, read_settings(parse_indented(text))
        self._speech.clear()
        self._settled = self._settled or now + SETTLE
        sends = self.flooding.publish(Kind.CONFIG, write_config(text), now)
        return list(self._frames(sends))

    def plug(self, ports: Mapping[str, bytes], now: float) -> None:
        """Take which ports have carrier."""
        if ports == self.ports:
            return
        for port in self.ports.keys() - ports.keys():
            self._adjacent.forget(port)
        self.ports = dict(ports)
        self._speech.clear()
        self._next = now
        self._settled = self._settled or now + SETTLE

    # ------------------------------------------------------------------ frames in
    def receive(self, port: str, frame: bytes, now: float) -> list[Out]:
        """Take a frame that came in on a port; one without carrier hears nothing."""
        if port not in self.ports:
            return []
        body = frames.payload(frame)
        if body is None:
            heard = frames.protocol(frame)
            if heard is not None and self._adjacent.frame(port, heard, now):
                self._settled = self._settled or now + SETTLE
            return []
        try:
            message = decode(body)
        except MalformedError:
            self.malformed += 1
            return []
        sends = self.flooding.receive(port, message, now)
        if isinstance(message, Hello) and message.node != self.own.boot:
            peer = (message.node.hex(), message.port)
            if self._adjacent.hello(port, peer, now):
                self._settled = self._settled or now + SETTLE
                return [*self._said(port), *self._frames(sends)]
        return list(self._frames(sends))

    # ------------------------------------------------------------------ time
    def due(self) -> float:
        """Return when `tick` has something to do."""
        return self._next if self._settled is None else min(self._next, self._settled)

    def tick(self, now: float) -> list[Out]:
        """Let time pass: speak, forget, tell what changed."""
        out: list[Out] = []
        if now >= self._next:
            self._next = now + self.timers.interval
            if self._adjacent.expire(now):
                self._settled = now
            for port in self.ports:
                out.extend(self._said(port))
            out.extend(self._frames(self.flooding.tick(now)))
        if self._settled is not None and now >= self._settled:
            self._settled = None
            sends = self.flooding.publish(Kind.STATE, write_state(self._state()), now)
            out.extend(self._frames(sends))
        return out

    def _state(self) -> NodeState:
        ports = {
            port: PortState(
                self._adjacent.peers(port),
                frozenset(self._speech_of(port).sends),
                frozenset(self._adjacent.heard(port)),
            )
            for port in self.ports
        }
        return NodeState(self.own.name, self.own.serial, self.own.mac, ports)

    # ------------------------------------------------------------------ frames out
    def _said(self, port: str) -> Iterator[Out]:
        """Yield the hello and the protocols of a port."""
        hello = Hello(self.own.boot, port, self.flooding.digest)
        yield port, frames.own(self.ports[port], encode(hello))
        for frame in self._speech_of(port).frames.values():
            yield port, frame

    def _speech_of(self, port: str) -> Speech:
        vteps = self._known_vteps()
        if port not in self._speech:
            switch = Switch(self.own.name, self.own.mac, self._settings, tuple(self.ports))
            self._speech[port] = speech(switch, port, self.ports[port], vteps)
        return self._speech[port]

    def _known_vteps(self) -> frozenset[int]:
        """Return the VTEPs of the other nodes; what a port says changes with them."""
        if vtep(self._settings) is None:
            return frozenset()
        version = self.flooding.version
        if self._vteps[0] != version:
            found = frozenset(self._others_vteps())
            if found != self._vteps[1]:
                self._speech.clear()
                self._settled = self._settled or 0.0
            self._vteps = (version, found)
        return self._vteps[1]

    def _others_vteps(self) -> Iterator[int]:
        bodies = self.flooding.bodies(Kind.CONFIG)
        self._read = {body: self._read[body] for body in bodies.values() if body in self._read}
        for origin, body in bodies.items():
            if origin == self.own.boot:
                continue
            if body not in self._read:
                text = read_config(body) or ""
                self._read[body] = vtep(read_settings(parse_indented(text)))
            address = self._read[body]
            if address is not None:
                yield address

    def _frames(self, sends: Iterable[Send]) -> Iterator[Out]:
        for send in sends:
            body = encode(send.message)
            ports = [send.port] if send.port is not None else list(self.ports)
            for port in ports:
                if port in self.ports and port != send.besides:
                    yield port, frames.own(self.ports[port], body)

    # ------------------------------------------------------------------ the picture
    def picture(self) -> Picture:
        """Return the fabric as this node sees it."""
        states = {
            origin.hex(): state
            for origin, body in self.flooding.bodies(Kind.STATE).items()
            if (state := read_state(body)) is not None
        }
        configs = {
            origin.hex(): text
            for origin, body in self.flooding.bodies(Kind.CONFIG).items()
            if (text := read_config(body)) is not None
        }
        own = self.own.boot.hex()
        states.setdefault(own, self._state())
        configs.setdefault(own, self._text)
        return picture(own, states, configs, self.own.name)
