"""Reader of `router isis` (ISO 10589, RFC 1195)."""

from dataclasses import dataclass, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import parse_ipv4
from avdlab.twin.config.read.redistribution import COMPUTED, redistribution
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import IsisSettings
from avdlab.twin.config.tree import Config, Line

LEVELS = {
    "level-1": frozenset({1}),
    "level-2": frozenset({2}),
    "level-1-2": frozenset({1, 2}),
}


@dataclass(slots=True)
class _Isis:
    settings: IsisSettings

    def change(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by keyword


TOP: Commands[list[IsisSettings]] = Commands("")
ROUTER: Commands[_Isis] = Commands("router isis")
IPV4: Commands[_Isis] = Commands("address-family ipv4 unicast")
IPV6: Commands[_Isis] = Commands("address-family ipv6 unicast")
SEGMENTS: Commands[_Isis] = Commands("segment-routing mpls")


def read_isis(config: Config) -> tuple[IsisSettings | None, tuple[IsisSettings, ...]]:
    """Return the instance of the default VRF, and those of the others; EOS has one for each."""
    found: list[IsisSettings] = []
    TOP.read(config.children, found)
    of = {item.vrf: item for item in reversed(found)}
    main = of.pop("default", None)
    return main, tuple(of[vrf] for vrf in sorted(of))


@TOP.on("router isis <instance> [vrf <vrf>]", opens=ROUTER)
def _router(found: list[IsisSettings], args: Args, line: Line) -> None:
    builder = _Isis(IsisSettings(args["instance"], args.get("vrf", "default")))
    ROUTER.read(line.children, builder)
    found.append(builder.settings)


@ROUTER.on("net <net>")
def _net(isis: _Isis, args: Args, _line: Line) -> None:
    isis.change(net=args["net"])


@ROUTER.on("is-type level-1|level-2|level-1-2")
def _is_type(isis: _Isis, _args: Args, line: Line) -> None:
    isis.change(levels=LEVELS[line.words[1]])


@ROUTER.on("router-id ipv4 <address>")
def _router_id(isis: _Isis, args: Args, _line: Line) -> None:
    isis.change(router_id=parse_ipv4(args["address"]))


@ROUTER.on("redistribute isis level-1|level-2 into level-1|level-2 [route-map <map>]")
def _leak(isis: _Isis, args: Args, line: Line) -> None:
    if line.words[2] == "level-2" and line.words[4] == "level-1":
        isis.change(leaks_down=True, leak_map=args.get("map"))


@ROUTER.on("is-hostname <name>")
def _hostname(isis: _Isis, args: Args, _line: Line) -> None:
    isis.change(hostname=args["name"])


@ROUTER.on("authentication mode <mode>")
def _authentication(isis: _Isis, args: Args, _line: Line) -> None:
    isis.change(authentication=(args["mode"], *isis.settings.authentication[1:]))


@ROUTER.on("authentication key <key...>")
def _key(isis: _Isis, args: Args, _line: Line) -> None:
    mode = isis.settings.authentication[:1] or ("",)
    isis.change(authentication=(*mode, *args["key"].split()))


@ROUTER.on(COMPUTED)
@IPV4.on(COMPUTED)
def _redistribute(isis: _Isis, _args: Args, line: Line) -> None:
    entry = redistribution(line)
    isis.change(redistribute=(*isis.settings.redistribute, entry))


@ROUTER.on("advertise passive-only")
def _passive_only(isis: _Isis, _args: Args, _line: Line) -> None:
    isis.change(advertise_passive_only=True)


@ROUTER.on("passive-interface default")
def _passive_default(isis: _Isis, _args: Args, _line: Line) -> None:
    isis.change(passive_default=True)


@ROUTER.on("passive-interface <name>")
def _passive(isis: _Isis, args: Args, _line: Line) -> None:
    if names.is_interface(args["name"]):
        isis.change(passive=isis.settings.passive | {names.canonical(args["name"])})


@ROUTER.on("set-overload-bit")
def _overload(isis: _Isis, _args: Args, _line: Line) -> None:
    isis.change(overload=True)


@ROUTER.on("distance <number>")
def _distance(isis: _Isis, args: Args, _line: Line) -> None:
    isis.change(distance=int(args["number"]))


@ROUTER.on("shutdown")
def _shutdown(isis: _Isis, _args: Args, _line: Line) -> None:
    isis.change(shutdown=True)


@ROUTER.on("address-family ipv4 unicast", opens=IPV4)
def _ipv4(isis: _Isis, _args: Args, line: Line) -> None:
    isis.change(ipv4=True)
    IPV4.read(line.children, isis)


@IPV4.on("maximum-paths <number>")
def _maximum_paths(isis: _Isis, args: Args, _line: Line) -> None:
    isis.change(maximum_paths=int(args["number"]))


@ROUTER.on("address-family ipv6 unicast", opens=IPV6)
def _ipv6(isis: _Isis, _args: Args, line: Line) -> None:
    isis.change(ipv6=True)
    IPV6.read(line.children, isis)


@IPV6.on("maximum-paths <number>")
def _maximum_paths6(isis: _Isis, args: Args, _line: Line) -> None:
    isis.change(maximum_paths6=int(args["number"]))


@IPV6.on("multi-topology")
def _multi_topology(isis: _Isis, _args: Args, _line: Line) -> None:
    isis.change(multi_topology=True)


@ROUTER.on("segment-routing mpls", opens=SEGMENTS)
def _segments(isis: _Isis, _args: Args, line: Line) -> None:
    SEGMENTS.read(line.children, isis)


@SEGMENTS.on("no shutdown")
def _segments_up(isis: _Isis, _args: Args, _line: Line) -> None:
    isis.change(segment_routing=True)


@SEGMENTS.on("shutdown")
def _segments_down(isis: _Isis, _args: Args, _line: Line) -> None:
    isis.change(segment_routing=False)
