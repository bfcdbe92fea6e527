"""`router ospf`, `router isis` and `ip route` in FRR's words."""

from collections.abc import Iterator

from avdlab.twin.config.tree import Line

from .policy import Untranslated, defined, policy
from .ports import Device, Interface

_EXTERNAL_METRIC = 1  # of routes brought into OSPF where the text names none; FRR says 20
_STUB_COST = 10  # of the default told to a stub where the text names none; FRR says 1
_OSPF_INTERFACE = ("ip ospf cost", "ip ospf network", "ip ospf priority", "ip ospf hello-interval")
_FAST = (" ip ospf hello-interval 1", " ip ospf dead-interval 4")


def statics(device: Device) -> str:
    """Return staticd's configuration."""
    lines = []
    for line in device.config.find("ip route"):
        words = list(line.words[2:])
        vrf = ""
        if words[0] == "vrf":
            vrf, words = words[1], words[2:]
        if vrf == "MGMT":
            continue
        hop = ["blackhole" if w == "Null0" else device.kernel(w) or w for w in words[1:]]
        options = hop[1:] if len(hop) > 1 and hop[1].count(".") != 3 else hop[2:]
        kept = sorted(hop[: len(hop) - len(options)], key=lambda word: word.count(".") != 3)
        distance = [w for w in options if w.isdigit()][:1]
        lines.append(
            " ".join(["ip route", words[0], *kept, *distance, *(["vrf", vrf] if vrf else [])])
        )
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------ OSPF
def ospf(device: Device) -> str:
    """Return ospfd's configuration: the default VRF, hellos every second."""
    process = device.config.first("router ospf")
    if process is None:
        return ""
    lines = [*policy(device.config)]
    areas: list[str] = []
    for interface in device.interfaces.values():
        own = [text for text in interface.lines if text.startswith(_OSPF_INTERFACE)]
        lines += [f"interface {interface.kernel}", *(f" {t}" for t in own if "hello" not in t)]
        lines += _FAST
        area = next((t.split()[-1] for t in interface.lines if t.startswith("ip ospf area")), "")
        areas += [f" network {a.ip}/32 area {area}" for a in interface.addresses if area]
    lines.append("router ospf")
    lines += areas
    for line in process.children:
        lines += _ospf_line(device, line)
    return "\n".join(lines) + "\n"


def _ospf_line(device: Device, line: Line) -> Iterator[str]:
    words = line.words
    if words[0] == "router-id":
        yield f" ospf router-id {words[1]}"
    elif words[0] in {"network", "area"} or line.text.startswith("default-information"):
        yield f" {line.text}"
        if words[0] == "area" and words[2] in {"stub", "nssa"}:
            yield f" area {words[1]} default-cost {_STUB_COST}"
    elif "passive-interface" in words:
        name = words[-1] if words[-1] == "default" else device.kernel(words[-1])
        yield f" {'no ' if words[0] == 'no' else ''}passive-interface {name}"
    elif words[0] == "redistribute":
        metric = "" if "metric" in words else f" metric {_EXTERNAL_METRIC}"
        known = words[-2] != "route-map" or defined(device.config, "route-map", words[-1])
        yield f" {' '.join(words if known else words[:-2])}{metric}"
    elif words[0] == "distance":
        yield f" distance ospf {' '.join(words[2:])}"
    elif words[0] not in {"max-lsa", "maximum-paths", "log-adjacency-changes"}:
        raise Untranslated(line.text)


# ------------------------------------------------------------------------------ IS-IS
def isis(device: Device) -> str:
    """Return isisd's configuration."""
    process = device.config.first("router isis")
    if process is None:
        return ""
    name = process.words[2]
    lines = [*policy(device.config)]
    for interface in device.interfaces.values():
        lines += _isis_interface(interface, name)
    lines += [f"router isis {name}", " metric-style wide", " lsp-gen-interval 1", " spf-interval 1"]
    for line in process.children:
        lines += _isis_line(device, line, process)
    return "\n".join(lines) + "\n"


def _isis_interface(interface: Interface, name: str) -> Iterator[str]:
    own = interface.lines
    if f"isis enable {name}" not in own:
        return
    yield f"interface {interface.kernel}"
    yield f" ip router isis {name}"
    if interface.name.startswith("Loopback") or "isis passive" in own:
        yield " isis passive"
    for text in own:
        words = text.split()
        if text.startswith("isis circuit-type"):
            yield f" isis circuit-type {_level(words[-1])}"
        elif text.startswith("isis metric"):
            yield f" isis metric {words[-1]}"
        elif text == "isis network point-to-point":
            yield f" {text}"
    yield " isis hello-interval 1"
    yield " isis hello-multiplier 4"


def _level(text: str) -> str:
    return text if text == "level-1" else "level-2-only" if text == "level-2" else text


def _isis_line(device: Device, line: Line, process: Line) -> Iterator[str]:
    words = line.words
    if words[0] in {"net", "set-overload-bit"}:
        yield f" {line.text}"
    elif words[0] == "is-type":
        yield f" is-type {_level(words[1])}"
    elif words[0] == "redistribute":
        levels = next((x.words[1] for x in process.find("is-type")), "level-1-2")
        of = [f"level-{n}" for n in "12" if n in levels]
        more = f" route-map {words[-1]}" if words[-2] == "route-map" else ""
        yield from (f" redistribute ipv4 {words[1]} {level}{more} metric 0" for level in of)
    elif words[0] not in {"address-family", "router-id", "log-adjacency-changes", "mpls", "no"}:
        raise Untranslated(line.text)


def daemons(device: Device) -> dict[str, str]:
    """Return the IGP daemons that a device needs."""
    found = {"ospfd": ospf(device), "isisd": isis(device), "staticd": statics(device)}
    return {name: text for name, text in found.items() if text.strip()}
