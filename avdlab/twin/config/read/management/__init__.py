"""Readers of management settings: what show commands mirror and no protocol is computed from.

Show commands read them from the running-config when they are asked, so that a change of an SNMP
contact moves no route. `TABLES` is what `coverage` counts as mirrored.
"""

from typing import Any

from avdlab.twin.config.read.management import (
    aaa,
    access,
    hosts,
    igp,
    snmp,
    switch,
    syslog,
    wan,
)
from avdlab.twin.config.read.table import Commands


def _top() -> Commands[Any]:
    table: Commands[Any] = Commands("")
    for part in (aaa, access, hosts, igp, snmp, switch, syslog, wan):
        table.include(part.TOP)
    return table


# Every mirrored top-level command: for coverage look-ups, not for reading.
MIRRORED: Commands[Any] = _top()
