"""Times and counters are functions of the clock: two reads differ as on a switch."""

from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession
from tests.twin.fabric.small import ADMIN, Small


def asked(lab, node, command):
    return CliSession(lab.nodes[node], ADMIN, COMMANDS).run(command).json


def test_a_session_grows_older_and_counts_its_keepalives():
    lab = Small()
    text = "router bgp 65001\n   neighbor 10.0.1.0 timers 5 15\n"
    session = lab.session("leaf1")
    for line in ("configure", *text.splitlines(), "end"):
        session.run(line.strip())
    lab.nodes["leaf1"].sync()

    def peer():
        peers = asked(lab, "leaf1", "show ip bgp neighbors")["vrfs"]["default"]["peerList"]
        return next(peer for peer in peers if peer["peerAddress"] == "10.0.1.0")

    first = peer()
    lab.now += 100
    later = peer()
    assert later["establishedTime"] - first["establishedTime"] == 100
    kept = [seen["inMessageStats"]["keepalives"] for seen in (first, later)]
    assert kept[1] - kept[0] == 20, "one every five seconds, as both ends agreed"
    summary = asked(lab, "leaf1", "show ip bgp summary")["vrfs"]["default"]["peers"]["10.0.1.0"]
    assert summary["msgReceived"] == summary["msgSent"] == 4 + 20
