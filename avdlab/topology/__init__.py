"""From structured configs to nodes, links and endpoints."""

from avdlab.topology.build import build

__all__ = ["build"]
