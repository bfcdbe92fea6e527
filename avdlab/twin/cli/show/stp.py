"""`show spanning-tree ...`: instances, roots, roles and states of ports."""

from collections.abc import Iterable

from avdlab.net import interfaces
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, eos_mac, ruled
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.l2 import StpInstance, StpPort, StpState

_TIMERS = {"helloTime": 2.0, "maxAge": 20, "forwardDelay": 15}  # IEEE 802.1Q defaults
_COUNTERS = (
    *("bpduSent", "bpduReceived", "bpduTaggedError", "bpduOtherError", "bpduRateLimitCount"),
)


def instances(view: View) -> list[StpInstance]:
    return [view.device.stp[name] for name in sorted(view.device.stp, key=_by_number)]


def _by_number(name: str) -> tuple[str, int]:
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :] or 0)


def protocol(view: View) -> str:
    """Return EOS's word for the configured mode."""
    return {"rapid-pvst": "rapidPvst"}.get(
        view.device.settings.spanning_tree.mode, view.device.settings.spanning_tree.mode
    )


def _bridge(priority: int, mac: str) -> Json:
    """A priority holds the instance in its low 12 bits (802.1Q 14.2.5, extended system ID)."""
    extension = priority % 4096
    return {
        "priority": priority - extension,
        "systemIdExtension": extension,
        "macAddress": mac,
        **_TIMERS,
    }


def spanning_tree(view: View, _: Args) -> Json:
    return {"spanningTreeInstances": {i.name: _instance(view, i) for i in instances(view)}}


def _instance(view: View, instance: StpInstance) -> Json:
    facts: Json = {
        "protocol": protocol(view),
        "bridge": _bridge(instance.priority, instance.bridge_mac),
        "rootBridge": _bridge(instance.root_priority, instance.root_mac),
        "interfaces": {
            name: _port(port)
            for name, port in sorted(
                instance.ports.items(), key=lambda item: interfaces.sort_key(item[0])
            )
        },
    }
    if instance.root_port is not None:
        facts["rootPort"] = {
            "pathCost": instance.root_cost,
            "port": interfaces.split(instance.root_port)[1][-1],
            "interface": instance.root_port,
        }
    return facts


def _port(port: StpPort) -> Json:
    return {
        "role": port.role,
        "state": port.state.value,
        "cost": port.cost,
        "priority": 128,
        "portNumber": interfaces.split(port.interface)[1][-1],
        "linkType": "p2p",
        "isEdgePort": port.edge,
        "boundaryType": "internal",
        "inconsistentFeatures": {
            "rootGuard": False,
            "loopGuard": False,
            "bridgeAssurance": False,
            "pathInconsistent": False,
        },
    }


def spanning_tree_text(view: View, _: Args) -> str:
    return "\n".join(_instance_text(view, instance) for instance in instances(view))


def _instance_text(view: View, instance: StpInstance) -> str:
    widths = (16, 10, 10, 9, 8, 0)
    lines = [
        instance.name,
        f"  Spanning tree enabled protocol {protocol(view)}",
        f"  Root ID    Priority    {instance.root_priority}",
        f"             Address     {eos_mac(instance.root_mac)}",
    ]
    if instance.root_port is None:
        lines.append("             This bridge is the root")
    else:
        port = interfaces.short(instance.root_port)
        lines.append(f"             Cost        {instance.root_cost} (port {port})")
    lines += [
        "             Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec",
        "",
        f"  Bridge ID  Priority    {instance.priority}",
        f"             Address     {eos_mac(instance.bridge_mac)}",
        "             Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec",
        "",
        columns(widths, ("Interface", "Role", "State", "Cost", "Prio.Nbr", "Type")),
        columns(widths, ["-" * (width or 20) for width in widths]),
    ]
    ports = sorted(instance.ports.values(), key=lambda p: interfaces.sort_key(p.interface))
    lines += [columns(widths, _port_row(port)) for port in ports]
    return "\n".join(lines) + "\n"


def _port_row(port: StpPort) -> tuple[str, ...]:
    number = f"128.{interfaces.split(port.interface)[1][-1]}"
    kind = "P2p Edge" if port.edge else "P2p"
    name = interfaces.short(port.interface)
    return (name, port.role, port.state.value, str(port.cost), number, kind)


def counters(view: View, _: Args) -> Json:
    """Counters are zero; the ports are those that take part."""
    names = _ports_of(instances(view))
    return {"interfaces": {name: dict.fromkeys(_COUNTERS, 0) for name in names}}


def _ports_of(found: Iterable[StpInstance]) -> list[str]:
    names = {name for instance in found for name in instance.ports}
    return sorted(names, key=interfaces.sort_key)


def blocked_ports(view: View, _: Args) -> Json:
    blocked = {
        instance.name: [
            name
            for name in _ports_of([instance])
            if instance.ports[name].state is StpState.DISCARDING
        ]
        for instance in instances(view)
    }
    return {
        "spanningTreeInstances": {
            name: {"spanningTreeBlockedPorts": ports} for name, ports in blocked.items() if ports
        }
    }


def blocked_ports_text(view: View, args: Args) -> str:
    found = blocked_ports(view, args)["spanningTreeInstances"]
    blocked = {name: entry["spanningTreeBlockedPorts"] for name, entry in found.items()}
    rows = [(name, ", ".join(map(interfaces.short, ports))) for name, ports in blocked.items()]
    total = sum(len(ports) for ports in blocked.values())
    text = ruled((10, 40), ("Name", "Blocked Ports"), rows)
    return f"{text}\nNumber of blocked ports (segments) in the system : {total}\n"


def root_text(view: View, _: Args) -> str:
    widths = (10, 21, 6, 6, 5, 5, 10)
    heads = ("Instance", "Priority  MAC addr", "Cost", "Hello", "Max", "Fwd", "Root Port")
    rows = []
    for instance in instances(view):
        root = f"{instance.root_priority:<6}{eos_mac(instance.root_mac)}"
        port = interfaces.short(instance.root_port) if instance.root_port else "None"
        rows.append((instance.name, root, str(instance.root_cost), "2", "20", "15", port))
    return ruled(widths, heads, rows)


def vlan_text(view: View, args: Args) -> str:
    numbers = [args["vlan"]] if "vlan" in args else [str(n) for n in sorted(view.device.vlans)]
    found = (_instance_for(view, number) for number in numbers)
    unique = {instance.name: instance for instance in found if instance is not None}
    return "\n".join(_instance_text(view, instance) for instance in unique.values())


def root_detail(view: View, _: Args) -> Json:
    found = {}
    for instance in instances(view):
        facts = _instance(view, instance)
        keys = ("rootBridge", "rootPort")
        found[instance.name] = {key: facts[key] for key in keys if key in facts}
    return {"instances": found}


def vlan(view: View, args: Args) -> Json:
    """A VLAN is forwarded by its own instance (rapid-pvst), or the one of mstp and rstp."""
    numbers = [args["vlan"]] if "vlan" in args else [str(n) for n in sorted(view.device.vlans)]
    found = {number: _instance_for(view, number) for number in numbers}
    disabled = view.device.settings.spanning_tree.disabled_vlans
    return {
        "spanningTreeVlanInstances": {
            number: {"spanningTreeVlanInstance": _instance(view, instance)}
            for number, instance in found.items()
            if instance is not None and int(number) not in disabled
        }
    }


def _instance_for(view: View, number: str) -> StpInstance | None:
    if not number.isdigit() or int(number) not in view.device.vlans:
        return None
    for name in (f"VL{number}", "MST0", "RST0", "Cist"):
        if name in view.device.stp:
            return view.device.stp[name]
    return None


def topology(view: View, args: Args) -> Json:
    """Without a VLAN, all topologies; with one, that which forwards it."""
    numbers = sorted(view.device.vlans)
    wanted = args.get("vlan")
    chosen = instances(view)
    if wanted is not None:
        instance = _instance_for(view, wanted)
        chosen = [instance] if instance is not None else []
    return {
        "unmappedVlans": [],
        "topologies": {
            _topology_name(instance.name): {
                "vlans": numbers if instance.name == "MST0" else [_by_number(instance.name)[1]],
                "interfaces": {
                    name: {
                        "state": instance.ports[name].state.value,
                        "numChanges": 1,
                        "lastChange": scope.changed_at(view, "port", name),
                    }
                    for name in _ports_of([instance])
                },
            }
            for instance in chosen
        },
    }


def _topology_name(name: str) -> str:
    return "Cist" if name == "MST0" else name.replace("VL", "Vl")


COMMANDS = (
    show("show spanning-tree counters", Level.MIRRORED, json=counters, note="counters are zero"),
    show(
        "show spanning-tree blockedports",
        Level.COMPUTED,
        json=blocked_ports,
        text=blocked_ports_text,
    ),
    show("show spanning-tree root detail", Level.COMPUTED, json=root_detail, text=root_text),
    show("show spanning-tree root", Level.COMPUTED, json=root_detail, text=root_text),
    show("show spanning-tree vlan detail", Level.COMPUTED, json=vlan, text=vlan_text),
    show("show spanning-tree vlan <vlan> [detail]", Level.COMPUTED, json=vlan, text=vlan_text),
    show("show spanning-tree topology vlan <vlan> status [detail]", Level.COMPUTED, json=topology),
    show("show spanning-tree topology status [detail]", Level.COMPUTED, json=topology),
    show("show spanning-tree mst", Level.COMPUTED, json=spanning_tree, text=spanning_tree_text),
    show(
        "show spanning-tree [detail]",
        Level.COMPUTED,
        json=spanning_tree,
        text=spanning_tree_text,
    ),
)
