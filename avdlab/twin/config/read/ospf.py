"""Reader of `router ospf` sections (RFC 2328, OSPF version 2)."""

from dataclasses import dataclass, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import Prefix, mask, parse_ipv4, parse_prefix
from avdlab.twin.config.read.redistribution import COMPUTED, redistribution
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import OspfArea, OspfSettings
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _Ospf:
    settings: OspfSettings

    def change(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by keyword


TOP: Commands[list[OspfSettings]] = Commands("")
ROUTER: Commands[_Ospf] = Commands("router ospf")


def read_ospf(config: Config) -> tuple[OspfSettings, ...]:
    """Return every OSPF instance, in the order of the configuration."""
    found: list[OspfSettings] = []
    TOP.read(config.children, found)
    return tuple(found)


@TOP.on("router ospf <instance> [vrf <vrf>]", opens=ROUTER)
def _router(found: list[OspfSettings], args: Args, line: Line) -> None:
    builder = _Ospf(OspfSettings(int(args["instance"]), args.get("vrf", "default")))
    ROUTER.read(line.children, builder)
    found.append(builder.settings)


def area(text: str) -> int:
    """Return an area as a number: EOS writes `0.0.0.0` for `0`."""
    return parse_ipv4(text) if "." in text else int(text)


@ROUTER.on("router-id <address>")
def _router_id(ospf: _Ospf, args: Args, _line: Line) -> None:
    ospf.change(router_id=parse_ipv4(args["address"]))


@ROUTER.on("network <prefix> area <area>")
def _network(ospf: _Ospf, args: Args, _line: Line) -> None:
    entry = (parse_prefix(args["prefix"]), area(args["area"]))
    ospf.change(networks=(*ospf.settings.networks, entry))


@ROUTER.on("network <address> <wildcard> area <area>")
def _wildcard(ospf: _Ospf, args: Args, _line: Line) -> None:
    length = 32 - parse_ipv4(args["wildcard"]).bit_count()
    prefix = Prefix(parse_ipv4(args["address"]) & mask(length), length)
    ospf.change(networks=(*ospf.settings.networks, (prefix, area(args["area"]))))


@ROUTER.on("passive-interface default")
def _passive_default(ospf: _Ospf, _args: Args, _line: Line) -> None:
    ospf.change(passive_default=True)


@ROUTER.on("no passive-interface <name>")
def _active(ospf: _Ospf, args: Args, _line: Line) -> None:
    if names.is_interface(args["name"]):
        ospf.change(active=ospf.settings.active | {names.canonical(args["name"])})


@ROUTER.on("passive-interface <name>")
def _passive(ospf: _Ospf, args: Args, _line: Line) -> None:
    if names.is_interface(args["name"]):
        ospf.change(passive=ospf.settings.passive | {names.canonical(args["name"])})


@ROUTER.on(COMPUTED)
def _redistribute(ospf: _Ospf, _args: Args, line: Line) -> None:
    entry = redistribution(line)
    ospf.change(redistribute=(*ospf.settings.redistribute, entry))


@ROUTER.on("default-information originate [<rest...>]")
def _default_originate(ospf: _Ospf, args: Args, _line: Line) -> None:
    words = args.get("rest", "").split()
    metric = int(words[words.index("metric") + 1]) if "metric" in words else 1
    kind = int(words[words.index("metric-type") + 1]) if "metric-type" in words else 2
    policy = words[words.index("route-map") + 1] if "route-map" in words[:-1] else None
    ospf.change(default_originate=("always" in words, metric, kind), default_map=policy)


def _change_area(ospf: _Ospf, text: str, **changes: object) -> None:
    number = area(text)
    before = ospf.settings.areas.get(number, OspfArea())
    after = replace(before, **changes)  # type: ignore[arg-type]  # by keyword
    ospf.change(areas={**ospf.settings.areas, number: after})


@ROUTER.on("area <area> stub [no-summary]")
def _stub(ospf: _Ospf, args: Args, line: Line) -> None:
    _change_area(ospf, args["area"], kind="stub", no_summary="no-summary" in line.words)


@ROUTER.on("area <area> nssa|not-so-stubby [<rest...>]")
def _nssa(ospf: _Ospf, args: Args, line: Line) -> None:
    words = line.words
    changes: dict[str, object] = {"kind": "nssa"}
    if "no-summary" in words:
        changes["no_summary"] = True
    if "default-information-originate" in words:
        default = (_number(words, "metric", 1), _number(words, "metric-type", 2))
        changes["nssa_default"] = default
    _change_area(ospf, args["area"], **changes)


@ROUTER.on("area <area> default-cost <cost>")
def _default_cost(ospf: _Ospf, args: Args, _line: Line) -> None:
    _change_area(ospf, args["area"], default_cost=int(args["cost"]))


@ROUTER.on("area <area> range <prefix> [<rest...>]")
def _range(ospf: _Ospf, args: Args, line: Line) -> None:
    cost = _number(line.words, "cost", 0) or None
    entry = (parse_prefix(args["prefix"]), "not-advertise" not in line.words, cost)
    before = ospf.settings.areas.get(area(args["area"]), OspfArea())
    _change_area(ospf, args["area"], ranges=(*before.ranges, entry))


@ROUTER.on("area <area> filter prefix-list <name>")
def _filter_list(ospf: _Ospf, args: Args, _line: Line) -> None:
    _change_area(ospf, args["area"], filter_list=args["name"])


@ROUTER.on("area <area> filter <prefix>")
def _filter(ospf: _Ospf, args: Args, _line: Line) -> None:
    before = ospf.settings.areas.get(area(args["area"]), OspfArea())
    _change_area(ospf, args["area"], filters=(*before.filters, parse_prefix(args["prefix"])))


def _number(words: tuple[str, ...], keyword: str, otherwise: int) -> int:
    return int(words[words.index(keyword) + 1]) if keyword in words[:-1] else otherwise


@ROUTER.on("default-metric <metric>")
def _default_metric(ospf: _Ospf, args: Args, _line: Line) -> None:
    ospf.change(default_metric=int(args["metric"]))


@ROUTER.on("auto-cost reference-bandwidth <mbps>")
def _auto_cost(ospf: _Ospf, args: Args, _line: Line) -> None:
    ospf.change(reference_bandwidth=int(args["mbps"]))


@ROUTER.on("max-metric router-lsa [<rest...>]")
def _max_metric(ospf: _Ospf, args: Args, _line: Line) -> None:
    """`on-startup` holds for a while after a boot, and is over in a fabric that has converged."""
    ospf.change(max_metric="on-startup" not in args.get("rest", ""))


@ROUTER.on("summary-address <prefix> [<rest...>]")
def _summary(ospf: _Ospf, args: Args, line: Line) -> None:
    entry = (parse_prefix(args["prefix"]), "not-advertise" not in line.words)
    ospf.change(summaries=(*ospf.settings.summaries, entry))


@ROUTER.on("compatible rfc1583")
def _compatible(ospf: _Ospf, _args: Args, _line: Line) -> None:
    ospf.change(rfc1583=True)


@ROUTER.on("max-lsa <number> [<rest...>]")
def _max_lsa(ospf: _Ospf, args: Args, _line: Line) -> None:
    ospf.change(max_lsa=int(args["number"]))


@ROUTER.on("distance ospf intra-area|inter-area|external <number>")
def _distance(ospf: _Ospf, args: Args, line: Line) -> None:
    index = ("intra-area", "inter-area", "external").index(line.words[2])
    distances = list(ospf.settings.distances)
    distances[index] = int(args["number"])
    ospf.change(distances=tuple(distances))


@ROUTER.on("distribute-list prefix-list|route-map <name> in")
def _distribute_list(ospf: _Ospf, args: Args, line: Line) -> None:
    ospf.change(distribute_list=(line.words[1], args["name"]))


@ROUTER.on("maximum-paths <number>")
def _maximum_paths(ospf: _Ospf, args: Args, _line: Line) -> None:
    ospf.change(maximum_paths=int(args["number"]))


@ROUTER.on("shutdown")
def _shutdown(ospf: _Ospf, _args: Args, _line: Line) -> None:
    ospf.change(shutdown=True)
