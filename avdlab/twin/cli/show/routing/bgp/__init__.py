"""`show [ip] bgp ...`: neighbors, summaries and tables."""

from avdlab.twin.cli.show.routing.bgp import advertised, instance, neighbors, summary, table

COMMANDS = (
    *summary.COMMANDS,
    *instance.COMMANDS,
    *neighbors.COMMANDS,
    *table.COMMANDS,
    *advertised.COMMANDS,
)
