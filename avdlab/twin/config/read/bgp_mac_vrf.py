"""Reads `vlan N` and `vlan-aware-bundle NAME` of `router bgp`: MAC-VRFs, and route targets."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import MacVrfSettings
from avdlab.twin.config.tree import Line
from avdlab.twin.config.values import fits


@dataclass(slots=True)
class MacVrf:
    """A MAC-VRF under construction."""

    vlans: set[int] = field(default_factory=set)
    rd: str | None = None
    rd_remote: str | None = None
    import_rts: set[str] = field(default_factory=set)
    export_rts: set[str] = field(default_factory=set)
    import_remote: set[str] = field(default_factory=set)
    export_remote: set[str] = field(default_factory=set)
    redistribute: set[str] = field(default_factory=set)


MAC_VRF: Commands[MacVrf] = Commands("router bgp, vlan")


def mac_vrf_settings(name: str, vrf: MacVrf, *, bundle: bool) -> MacVrfSettings:
    """Return what was collected."""
    return MacVrfSettings(
        name=name,
        vlans=frozenset(vrf.vlans),
        bundle=bundle,
        rd=vrf.rd,
        import_rts=frozenset(vrf.import_rts),
        export_rts=frozenset(vrf.export_rts),
        redistribute=frozenset(vrf.redistribute),
        rd_remote=vrf.rd_remote,
        import_rts_remote=frozenset(vrf.import_remote),
        export_rts_remote=frozenset(vrf.export_remote),
    )


def vlan_set(text: str) -> set[int]:
    """Return the VLANs of `110-111,120`."""
    vlans: set[int] = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        vlans.update(range(int(low), int(high or low) + 1))
    return vlans


def route_target(word: str) -> str:
    """Return a route target, or `auto`. Raises ValueError for any other word."""
    if word != "auto" and fits("rt", word) is None:
        raise ValueError(f"no route target: {word}")
    return word


@MAC_VRF.on("rd evpn domain remote <rd>")
def _rd_remote(vrf: MacVrf, args: Args, _: Line) -> None:
    vrf.rd_remote = args["rd"]


@MAC_VRF.on("rd evpn domain all <rd>")
def _rd_all(vrf: MacVrf, args: Args, _: Line) -> None:
    vrf.rd = vrf.rd_remote = args["rd"]


@MAC_VRF.on("rd <rd>")
def _rd(vrf: MacVrf, args: Args, _: Line) -> None:
    vrf.rd = args["rd"]


@MAC_VRF.on("route-target <words...>")
def _mac_route_target(vrf: MacVrf, args: Args, _: Line) -> None:
    words = args["words"].split()
    targets = [word for word in words if fits("rt", word) is not None]
    # `auto 65001`: of another AS; a word that is no target raises
    for rt in ["auto"] if "auto" in words else targets or [route_target(words[-1])]:
        remote, every = "remote" in words, "all" in words
        if "import" in words or "both" in words:
            _add_rt(vrf.import_rts, vrf.import_remote, rt, remote=remote, every=every)
        if "export" in words or "both" in words:
            _add_rt(vrf.export_rts, vrf.export_remote, rt, remote=remote, every=every)


def _add_rt(here: set[str], there: set[str], rt: str, *, remote: bool, every: bool) -> None:
    if not remote:
        here.add(rt)
    if remote or every:
        there.add(rt)


@MAC_VRF.on("redistribute learned")
def _mac_redistribute(vrf: MacVrf, _args: Args, _: Line) -> None:
    vrf.redistribute.add("learned")


@MAC_VRF.on("vlan <vlans>")
def _mac_vlans(vrf: MacVrf, args: Args, _: Line) -> None:
    vrf.vlans |= vlan_set(args["vlans"])
