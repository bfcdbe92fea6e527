"""Configuration faults of WAN routers: keys, path groups, peers, STUN."""

from collections.abc import Iterator

from avdlab.faults.edits import ConfigFault, Edit, Target, edit

_PATHS = "router path-selection"


def wan_key(target: Target) -> Iterator[Edit]:
    for profile in target.text.sections("ip security", pattern=r"profile \S+"):
        found = target.text.replace(
            "ip security", profile[0], pattern=r"shared-key \d \S+", by="shared-key 0 another"
        )
        yield from edit(f"ip security {profile[0]}: another key", found)


def wan_path_group(target: Target) -> Iterator[Edit]:
    for group in target.text.sections(_PATHS, pattern=r"path-group (\S+) id \d+"):
        by = f"path-group {group[1]} id 65000"
        yield from edit(f"{_PATHS}: {by}", target.text.replace(_PATHS, pattern=group[0], by=by))


def wan_peer_address(target: Target) -> Iterator[Edit]:
    for group in target.text.sections(_PATHS, pattern=r"path-group \S+ id \d+"):
        for peer in target.text.sections(_PATHS, group[0], pattern=r"peer static \S+ \S+"):
            by = "ipv4 address 198.51.100.250"
            section = (_PATHS, group[0], peer[0])
            text = target.text.replace(*section, pattern=r"ipv4 address \S+", by=by)
            yield from edit(f"{group[0]}, {peer[0]}: {by}", text)


def stun_off(target: Target) -> Iterator[Edit]:
    for line in target.text.lines("stun", "server", pattern=r"local-interface .*"):
        text = target.text.delete("stun", "server", pattern=line[0])
        yield from edit(f"stun server: no {line[0]}", text)


FAULTS = (
    ConfigFault("wan-key", 39, "IPsec keys differ", wan_key),
    ConfigFault("wan-path-group", 39, "path group has another number", wan_path_group),
    ConfigFault("wan-peer-address", 39, "pathfinder looked for elsewhere", wan_peer_address),
    ConfigFault("stun-off", 39, "pathfinder answers no STUN", stun_off),
)
