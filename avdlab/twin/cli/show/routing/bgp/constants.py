"""What `show bgp neighbors` prints the same for every peer: options, counters of faults, TCP."""

from avdlab.twin.cli.show.registry import Json

HOLD_TIME, KEEPALIVE_TIME = 180, 60
MAX_ROUTES = 256_000  # EOS's default limit of a neighbor
CAPABILITIES = (
    *("fourOctetAsnCap", "routeRefreshCap", "enhancedRouteRefreshCap", "sendEorMessages"),
)
MESSAGES = ("notifications", "rtRefreshes", "beginOfRtRefreshes", "endOfRtRefreshes")
DROPS = (
    *("inDropAsloop", "inDropClusterIdLoop", "inDropMalformedMpbgp", "inDropOrigId"),
    *("inDropNhLocal", "inDropNhAfV6", "prefixDroppedMartianV4"),
    *("prefixDroppedMaxRouteLimitViolatedV4", "prefixDroppedMartianV6"),
    *("prefixDroppedMaxRouteLimitViolatedV6", "prefixLuDroppedV4", "prefixLuDroppedMartianV4"),
    *("prefixLuDroppedMaxRouteLimitViolatedV4", "prefixLuDroppedV6"),
    *("prefixLuDroppedMartianV6", "prefixLuDroppedMaxRouteLimitViolatedV6"),
    *("prefixEvpnDroppedUnsupportedRouteType", "prefixBgpLsDroppedReceptionUnsupported"),
    *("outDropV4LocalAddr", "outDropV6LocalAddr", "prefixVpnIpv4DroppedImportMatchFailure"),
    *("prefixVpnIpv4DroppedMaxRouteLimitViolated", "prefixVpnIpv6DroppedImportMatchFailure"),
    *("prefixVpnIpv6DroppedMaxRouteLimitViolated", "prefixEvpnDroppedImportMatchFailure"),
    *("prefixEvpnDroppedMaxRouteLimitViolated", "prefixRtMembershipDroppedLocalAsReject"),
    *("prefixRtMembershipDroppedMaxRouteLimitViolated", "inDropAsSetConfedSetV4Uni"),
    "inDropAsSetConfedSetV6Uni",
)
FLAGS_OFF = (
    *("enRRefreshstalePathRemoval", "nexthopLuOriginateIpv4Uni", "nexthopLuOriginateIpv6Uni"),
    *("thirdPartyNexthopLuOriginateIpv4Uni", "thirdPartyNexthopLuOriginateIpv6Uni"),
    "nexthopLuOriginateLfibBackupIpForwardIpv4Uni",
    "nexthopLuOriginateLfibBackupIpForwardIpv6Uni",
    *("rejectAsSetConfedSetV4Uni", "rejectAsSetConfedSetV6Uni", "aigpSessionIpv4Uni"),
    *("aigpSessionIpv4LabeledUni", "aigpSessionIpv6Uni", "aigpSessionIpv6LabeledUni"),
    *("fwdFailoverTriggerSessionIpv6Uni", "fwdFailoverTriggerSessionIpv4Uni"),
    *("prependOwnDisabled", "rpkiOriginValidationSendExtComm"),
    "rpkiOriginValidationWaitForRoaSync",
)
RPKI_COUNTS = tuple(
    f"rpkiIpv{version}Ov{verdict}Paths"
    for version in (4, 6)
    for verdict in ("Valid", "Invalid", "Unknown")
)
NEIGHBOR: Json = {
    "version": 4,
    "negotiatedVersion": 4,
    "updateGroupIndex": -1,
    "minHoldTime": 3,
    "configMinHoldTime": 3,
    "sendFailureHoldTime": 0,
    "outboundEnRRefreshEnabled": True,
    "bgpSoftReconfigInbound": "Default",
    "rpkiOriginValidationMethod": "disabled",
    "rpkiOriginValidationRouteMap": "",
    "inboundUpdateProcessingDelay": 0,
    "inboundUpdateProcessingDelayState": "inactive",
    "inboundUpdateProcessingDelayStateDetail": "",
    "inboundUpdateProcessingDelayLeft": 0,
    "maxTtlHops": 255,
    **dict.fromkeys(FLAGS_OFF, False),
    **dict.fromkeys(RPKI_COUNTS, 0),
}
TCP: Json = {
    "state": "ESTABLISHED",
    "options": 7,
    "sendWindowScale": 7,
    "rcvWindowScale": 7,
    "retransTimeout": 201000,
    "delayedAckTimeout": 40000,
    "maxSegmentSize": 1448,
    "sndRtt": 1000,
    "sndRttVariance": 500,
    "slowStartThreshold": 2147483647,
    "congestionWindow": 10,
    "rcvRtt": 0,
    "rcvWindow": 14480,
    "totalRetrans": 0,
    "outputQueueLength": 0,
    "outputMaxQueueLength": 87040,
    "inputQueueLength": 0,
    "inputMaxQueueLength": 32768,
}
TCP_OPTIONS = {
    "timestampsEnabled": True,
    "selectiveAcknowledgementsEnabled": True,
    "windowScaleEnabled": True,
    "ecnEnabled": False,
}
