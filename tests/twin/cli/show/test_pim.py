"""`show pim ipv4 ...`: the text that EOS prints, as the community's templates read it."""

from ntc_templates.parse import parse_output

from tests.twin.cli.show.fabric import Lab

TEXT = (
    "ip routing\ninterface Ethernet1\n   no switchport\n   ip address 192.0.2.{n}/24\n"
    "   pim ipv4 sparse-mode\n   pim ipv4 hello interval {hello}\n"
)


def lab():
    texts = {"r1": TEXT.format(n=1, hello=30), "r2": TEXT.format(n=2, hello=7)}
    return Lab(texts, ("r1:Ethernet1 r2:Ethernet1",), hosts=())


def rows(fabric, command):
    return parse_output("arista_eos", command, fabric.text("r1", command))


def test_neighbors():
    fabric = lab()
    (row,) = rows(fabric, "show pim ipv4 neighbor")
    assert row == {
        "vrf": "default",
        "neighbor": "192.0.2.2",
        "interface": "Ethernet1",
        "uptime": "02:00:00",
        "expires": "00:00:20",  # 24.5 seconds, 4 after the last hello
        "mode": "sparse",
        "transport": "datagram",
    }
    fabric.now += 2
    (row,) = rows(fabric, "show pim ipv4 neighbor")
    assert (row["uptime"], row["expires"]) == ("02:00:02", "00:00:18")


def test_interfaces():
    (row,) = rows(lab(), "show pim ipv4 interface")
    assert (row["ip_address"], row["neighbors"], row["hello_interval"]) == ("192.0.2.1", "1", "30")
    assert (row["dr_priority"], row["dr_address"]) == ("1", "192.0.2.2")


def test_the_columns_are_those_of_eos():
    head = lab().text("r1", "show pim ipv4 neighbor").splitlines()[1]
    assert head == ("Neighbor Address  Interface             Uptime    Expires   Mode    Transport")
    heads = lab().text("r1", "show pim ipv4 interface").splitlines()[:2]
    assert heads == [
        "Address       Interface             Mode    Neighbor  Hello  DR   DR Address    "
        "PktsQed  PktsDropped",
        "                                            Count     Intvl  Pri",
    ]
