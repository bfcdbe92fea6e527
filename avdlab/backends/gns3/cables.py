"""Faults, impairments and captures of cables, as GNS3 truly does them.

* Suspending a link lets its frames vanish. The ports keep their carrier: a container's NIC is a tap
  that its ubridge holds open. So it is a black hole, and what notices is a timer.
* A `bpf` filter lets the frames vanish that it matches: one protocol falls, the others stay.
* Delay, loss and corruption work on each direction for itself: a round trip is delayed twice.
  ubridge sleeps for every frame it delays, so a delayed link carries few frames a second.
* 3.0.x does not tell a running node that its filters are gone; the link is plugged again (`reset`).
"""

import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests

from avdlab.backends.base import Impairment, LinkEffect, LinkFault
from avdlab.backends.gns3.connector import CONNECT_SECONDS
from avdlab.backends.gns3.errors import Gns3Error, NoAnswerError
from avdlab.backends.gns3.model import LOCAL, Port, ServerLink
from avdlab.backends.gns3.record import Record
from avdlab.backends.gns3.server import Server
from avdlab.errors import CannotRunError, InputError
from avdlab.net.interfaces import canonical, is_interface

# protocol -> the frames it is made of, in the language of pcap-filter(7)
PROTOCOLS: Mapping[str, str] = {
    "arp": "arp",
    "bfd": "udp port 3784 or udp port 3785 or udp port 4784",  # RFC 5881, RFC 5883
    "bgp": "tcp port 179",
    "icmp": "icmp or icmp6",
    "isis": "ether dst 01:80:c2:00:00:14 or ether dst 01:80:c2:00:00:15 or ether[14:2] = 0xfefe",
    "lacp": "ether proto 0x8809",
    "lldp": "ether proto 0x88cc",
    "mlag": "tcp port 4432 or udp port 4432",
    "ospf": "ip proto 89",
    "stp": "ether dst 01:80:c2:00:00:00 or ether dst 01:00:0c:cc:cc:cd",
    "vxlan": "udp port 4789",
}
ALL = "all"


def filter_of(protocols: Sequence[str]) -> str:
    """Return the filter that drops these protocols, VLAN-tagged frames included.

    Raises InputError for a protocol that it does not know.
    """
    unknown = sorted(set(protocols) - set(PROTOCOLS) - {ALL})
    if unknown or not protocols:
        known = ", ".join([*PROTOCOLS, ALL])
        raise InputError(f"no protocol '{', '.join(unknown)}' to drop", hint=f"Known: {known}.")
    if ALL in protocols:
        return "greater 0"
    plain = " or ".join(f"({PROTOCOLS[name]})" for name in dict.fromkeys(protocols))
    # after `vlan` the rest of the expression looks behind the tag: so it is said twice
    return f"({plain}) or (vlan and ({plain}))"


@dataclass(frozen=True, slots=True)
class Cables:
    """The cables of one lab on its server."""

    server: Server
    record: Record

    # ------------------------------------------------------------------ faults
    def fault(self, a: str, b: str, fault: LinkFault | None) -> None:
        """Put a fault on the cable between two `node:interface` ends, None heals it."""
        link, about = self._link(a, b)
        if fault is None:
            filters = _without(link.filters, "bpf", "frequency_drop")
            self._set(link, about, filters, suspend=False)
        elif fault.effect is LinkEffect.BLACKHOLE:
            self._set(link, about, link.filters, suspend=True)
        elif fault.effect is LinkEffect.SELECTIVE:
            filters = {**link.filters, "bpf": [filter_of(fault.drop)]}
            self._set(link, about, filters, suspend=link.suspended)
        else:
            raise CannotRunError(
                f"GNS3 cannot take the carrier from a port ({about})",
                hint="Use a blackhole fault, or `shutdown` on one of the interfaces.",
            )

    def impair(self, a: str, b: str, impairment: Impairment | None) -> None:
        """Worsen the cable between two `node:interface` ends, None heals it."""
        link, about = self._link(a, b)
        filters = _without(link.filters, "delay", "packet_loss", "corrupt")
        if impairment is not None:
            if impairment.delay_ms or impairment.jitter_ms:
                # the servers want a delay of one millisecond at least
                delay = max(impairment.delay_ms, 1)
                filters["delay"] = [delay, impairment.jitter_ms]
            if impairment.loss_percent:
                filters["packet_loss"] = [impairment.loss_percent]
            if impairment.corrupt_percent:
                filters["corrupt"] = [impairment.corrupt_percent]
        self._set(link, about, filters, suspend=link.suspended)

    def _set(
        self, link: ServerLink, about: str, filters: Mapping[str, Any], *, suspend: bool
    ) -> None:
        if dict(filters) == dict(link.filters) and suspend == link.suspended:
            return
        self.server.update_link(
            self.record.project, link.id, {"filters": dict(filters), "suspend": suspend}, about
        )
        taken_away = set(link.filters) - set(filters) or (link.suspended and not suspend)
        if taken_away and self.server.sticky_filters:
            self.server.reset_link(self.record.project, link.id, about)

    # ------------------------------------------------------------------ captures
    def start_capture(self, a: str, b: str) -> None:
        """Begin to record the frames of a cable."""
        link, about = self._link(a, b)
        if not link.capturing:
            self.server.start_capture(self.record.project, link.id, f"{link.id}.pcap", about)

    def stop_capture(self, a: str, b: str) -> bytes:
        """End the recording and return it, in pcap form."""
        link, about = self._link(a, b)
        if not link.capturing:
            raise CannotRunError(f"{about} is not being captured")
        if self._is_local(link):  # the file is on the controller
            self.server.stop_capture(self.record.project, link.id, about)
            path = f"project-files/captures/{link.id}.pcap"
            return self.server.read_project_file(self.record.project, path) or b""
        return b"".join(self._read(link, about, seconds=1.0))

    def follow(self, a: str, b: str, seconds: float | None) -> Generator[bytes, None, None]:
        """Record a cable and hand the recording on as it grows, for so long or until the reader
        ends."""
        self.start_capture(a, b)
        link, about = self._link(a, b)
        try:
            yield from self._read(link, about, seconds)
        finally:
            self._stop_quietly(link, about)

    def _read(
        self, link: ServerLink, about: str, seconds: float | None
    ) -> Generator[bytes, None, None]:
        """Read the server's stream of a capture; it ends when the capture does."""
        connector = self.server.connector
        url = f"{connector.base_url}{self.server.capture_path(self.record.project, link.id)}"
        timer = threading.Timer(seconds, self._stop_quietly, (link, about)) if seconds else None
        try:
            with connector.session.get(
                url, stream=True, verify=connector.verify, timeout=(CONNECT_SECONDS, None)
            ) as answer:
                answer.raise_for_status()
                if timer:
                    timer.start()
                yield from answer.iter_content(chunk_size=None)
        except requests.exceptions.RequestException as exc:
            # 2.2 ends the stream of a stopped capture with the head of another answer
            if self._captures(link):
                raise NoAnswerError(f"the capture broke off ({exc})", about=about) from exc
        finally:
            if timer:
                timer.cancel()

    def _captures(self, link: ServerLink) -> bool:
        return any(k.id == link.id and k.capturing for k in self.server.links(self.record.project))

    def _stop_quietly(self, link: ServerLink, about: str) -> None:
        with suppress(Gns3Error):
            self.server.stop_capture(self.record.project, link.id, about)

    def _is_local(self, link: ServerLink) -> bool:
        computes = {node.id: node.compute for node in self.record.nodes.values()}
        return all(computes.get(port.node, LOCAL) == LOCAL for port in link.ends)

    # ------------------------------------------------------------------ which link
    def _link(self, a: str, b: str) -> tuple[ServerLink, str]:
        """Return the server's link between two ends. Raises InputError where there is none."""
        ends = frozenset((self._port(a), self._port(b)))
        about = f"{a} to {b}"
        for link in self.server.links(self.record.project):
            if frozenset(link.ends) == ends:
                return link, about
        raise InputError(f"there is no cable from {a} to {b}")

    def _port(self, end: str) -> Port:
        name, _, interface = end.partition(":")
        node = self.record.nodes.get(name)
        wanted = canonical(interface) if is_interface(interface) else interface
        if node is None or wanted not in node.adapters:
            raise InputError(f"'{end}' is no port of the lab", hint="Write node:interface.")
        return Port(node.id, node.adapters.index(wanted))


def _without(filters: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if name not in names}
