"""Which keys are compared: all that a device printed, but for what is declared here.

Paths are those inside an entry, `[]` for the items of a list, `*` for anything. A key on none of
these lists that only one side prints, or that both print otherwise, is a difference.
"""

from fnmatch import fnmatchcase
from functools import lru_cache

Rule = tuple[str, str, str]  # table, path, reason

# -------------------------------------------------------------------------- never compared
CLOCK = "a clock: when it was asked decides"
COUNTER = "counts packets, messages or events since a start"
FACTORY = "given by a factory or a hypervisor"
PROCESS = "a number that a kernel or a process makes up"
BUILD = "names hardware and software: the twin says that it is a twin"
BEFORE = "an error from before the fabric had converged"

NOT_COMPARED: tuple[Rule, ...] = (
    ("interfaces", "lastStatusChangeTimestamp", CLOCK),
    ("interfaces", "interfaceStatistics.*", COUNTER),
    ("interfaces", "interfaceCounters.*", COUNTER),
    ("interfaces", "physicalAddress", FACTORY),
    ("interfaces", "burnedInAddress", FACTORY),
    ("interfaces", "*.linkLocalIp6.address", FACTORY + ": it is made from the MAC address"),
    ("vxlan", "lastStatusChangeTimestamp", CLOCK),
    ("sessions", "lastRcvd", CLOCK),
    ("sessions", "lastSent", CLOCK),
    ("sessions", "establishedTime", CLOCK),
    ("sessions", "updownTime", CLOCK),
    ("sessions", "holdTimeLeft", CLOCK),
    ("sessions", "keepaliveTimeLeft", CLOCK),
    ("sessions", "*.eorReceivedTime", CLOCK),
    ("sessions", "lastEvent", CLOCK),
    ("sessions", "lastError*", BEFORE),
    ("sessions", "lastSocket*Error*", BEFORE),
    ("sessions", "*MessageStats.*", COUNTER),
    ("sessions", "sentMessages", COUNTER),
    ("sessions", "receivedMessages", COUNTER),
    ("sessions", "sentUpdates", COUNTER),
    ("sessions", "receivedUpdates", COUNTER),
    ("sessions", "establishedTransitions", COUNTER),
    ("sessions", "*.pathsReceivedBeforeEor", COUNTER),
    ("sessions", "dropStats.inDropAsloop", COUNTER + ": updates, however many prefixes they name"),
    ("sessions", "dropStats.inDropClusterIdLoop", COUNTER + ": updates"),
    ("sessions", "dropStats.inDropOrigId", COUNTER + ": updates"),
    ("sessions", "dropStats.inDropNhLocal", COUNTER + ": updates"),
    ("sessions", "localPort", PROCESS),
    ("sessions", "remotePort", PROCESS),
    ("sessions", "peerTcpInfo.*", PROCESS),
    ("sessions", "updateGroupIndex", PROCESS),
    ("version", "*", BUILD),
    ("ospf", "inactivity", CLOCK),
    ("ospf", "details.stateTime", CLOCK),
    ("ospf", "details.numberOfStateChanges", COUNTER),
    ("ospf", "details.retransmissionCount", COUNTER),
    ("ospf", "details.inactivityDefers", COUNTER),
    ("isis", "*.lastHelloTime", CLOCK),
    ("isis", "*.advertisedHoldTime", CLOCK),
    ("isis", "*.snpa", FACTORY),
    ("isis", "*.stateChanged", CLOCK),
    ("isis", "*.circuitId", PROCESS),
    ("isis", "*.grState", PROCESS),
    ("lldp", "*.lastContactTime", CLOCK),
    ("lldp", "*.lastChangeTime", CLOCK),
    ("lldp", "*.neighborDiscoveryTime", CLOCK),
    ("lldp", "*.systemDescription", BUILD),
    ("lldp", "*.chassisId", FACTORY),
    ("mlag", "*eerMacAddress", FACTORY),
    ("arp", "age", CLOCK),
    ("macs", "moves", COUNTER),
    ("macs", "lastMove", CLOCK),
    ("port-channels", "*.timeBecame*", CLOCK),
    ("summary", "*.upDownTime", CLOCK),
    ("summary", "msg*", COUNTER),
    ("summary", "upDownTime", CLOCK),
    ("evpn summary", "msg*", COUNTER),
    ("evpn summary", "upDownTime", CLOCK),
)

# -------------------------------------------------------------------------- gone since
# Keys of releases before 4.30 (most of them ribd's) that the twin, modelled on newer ones, lacks.
_RIBD = "bookkeeping of ribd"
GONE_SINCE: tuple[Rule, ...] = (
    ("sessions", "bgpPeer*", _RIBD),
    ("sessions", "miscFlags", _RIBD),
    ("sessions", "as4", _RIBD),
    ("sessions", "noComms", _RIBD),
    ("sessions", "maintenance", _RIBD),
    ("sessions", "restart", _RIBD),
    ("sessions", "advertisedRestartTime", _RIBD),
    ("sessions", "autoLocalAddress", _RIBD),
    ("sessions", "maxTtlHops", _RIBD + ": always null"),
    ("sessions", "prefixListInfo.*", _RIBD),
    ("sessions", "routeMapInfo.*", _RIBD),
    ("sessions", "*SrTe*", _RIBD),
    ("sessions", "dropStats.inDropEnforceFirstAs", _RIBD),
    ("sessions", "dropStats.inDropNhInvalid", _RIBD),
)

# What ribd calls otherwise: table, its key, the key of the multi-agent model
SPELLINGS: tuple[tuple[str, str, str], ...] = (
    ("sessions", "confHoldTime", "configHoldTime"),
    ("sessions", "configuredKeepaliveTime", "configKeepaliveTime"),
    ("sessions", "peerGroup", "peerGroupName"),
)

# Lists of words whose order EOS makes up (4.36 prints the interfaces of equal VRFs in any order)
UNORDERED = frozenset({"interfaces", "interfacesV4", "interfacesV6"})


@lru_cache(maxsize=65536)
def reason(rules: tuple[Rule, ...], table: str, path: str) -> str:
    """Return why a key is on a list of rules, "" where it is not."""
    found = (why for of, pattern, why in rules if of == table and fnmatchcase(path, pattern))
    return next(found, "")


def compared(table: str, path: str) -> bool:
    """Tell whether a key is compared."""
    return not reason(NOT_COMPARED, table, path)
