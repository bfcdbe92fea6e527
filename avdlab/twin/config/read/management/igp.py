"""Reader of what IS-IS announces and no route follows from: segment routing, graceful restart."""

from dataclasses import dataclass

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class IsisExtras:
    segment_routing: bool = False
    graceful_restart: bool = False
    graceful_restart_helper: bool = True  # EOS helps unless told not to


TOP: Commands[IsisExtras] = Commands("")
ISIS: Commands[IsisExtras] = Commands("router isis")
SEGMENTS: Commands[IsisExtras] = Commands("segment-routing mpls")


def read_isis_extras(config: Config) -> IsisExtras:
    """Read the extras of the IS-IS instance."""
    found = IsisExtras()
    TOP.read(config.children, found)
    return found


@TOP.on("router isis <name>", opens=ISIS)
def _isis(extras: IsisExtras, _args: Args, line: Line) -> None:
    ISIS.read(line.children, extras)


@ISIS.on("segment-routing mpls", opens=SEGMENTS)
def _segments(extras: IsisExtras, _args: Args, line: Line) -> None:
    SEGMENTS.read(line.children, extras)


@SEGMENTS.on("no shutdown")
def _up(extras: IsisExtras, _args: Args, _line: Line) -> None:
    extras.segment_routing = True


@SEGMENTS.on("shutdown")
def _down(extras: IsisExtras, _args: Args, _line: Line) -> None:
    extras.segment_routing = False


@ISIS.on("graceful-restart")
def _restart(extras: IsisExtras, _args: Args, _line: Line) -> None:
    extras.graceful_restart = True


@ISIS.on("graceful-restart-helper disabled", "no graceful-restart-helper")
def _no_helper(extras: IsisExtras, _args: Args, _line: Line) -> None:
    extras.graceful_restart_helper = False
