"""AS paths as EOS makes and checks them: local-as, private numbers, own numbers, first number."""

import pytest

from avdlab.twin.fabric.fabric import Fabric
from tests.scenarios import bgp, network, peer
from tests.twin.protocols.bgp.eos import as_path, route, run

ONE, TWO, THREE = (f"10.255.0.{n}/32" for n in (1, 2, 3))
CHAIN = ((1, 2), (2, 3))


def chain(middle: str = "", last: str = "", *, first_as: int = 65001, last_as: int = 300) -> Fabric:
    """r1 (AS 65001) - r2 (AS 200) - r3 (AS 300); `middle` is said of r3, `last` of r2."""
    return run(
        network(
            CHAIN,
            {
                1: bgp(1, first_as, peer(1, 2, 200) + f"network {ONE}"),
                2: bgp(2, 200, peer(2, 1, first_as) + peer(2, 3, last_as, *middle.splitlines())),
                3: bgp(3, last_as, peer(3, 2, 200, *last.splitlines()) + f"network {THREE}"),
            },
        )
    )


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ("", "200 65001"),
        ("remove-private-as", "200"),
        ("remove-private-as all", "200"),
        ("remove-private-as all replace-as", "200 200"),
    ],
)
def test_private_numbers_are_removed_toward_a_neighbor(lines: str, path: str) -> None:
    assert as_path(chain(lines), "r3", ONE) == path


def test_a_public_number_in_the_path_keeps_private_ones_without_all() -> None:
    """EOS neighbor remove-private-as: a mixed path stays as it is, unless `all` is asked for."""
    texts = {
        1: bgp(1, 65001, peer(1, 2, 100) + f"network {ONE}"),
        2: bgp(2, 100, peer(2, 1, 65001) + peer(2, 3, 200)),
        3: bgp(3, 200, peer(3, 2, 100) + peer(3, 4, 400, "remove-private-as")),
        4: bgp(4, 400, peer(4, 3, 200)),
    }
    links = ((1, 2), (2, 3), (3, 4))
    assert as_path(run(network(links, texts)), "r4", ONE) == "200 100 65001"
    texts[3] = bgp(3, 200, peer(3, 2, 100) + peer(3, 4, 400, "remove-private-as all"))
    assert as_path(run(network(links, texts)), "r4", ONE) == "200 100"


@pytest.mark.parametrize(
    ("options", "heard", "told"),
    [
        ("", "999 200 65001", "300"),
        (" no-prepend", "999 200 65001", "300"),
        (" no-prepend replace-as", "999 65001", "300"),
    ],
)
def test_local_as_stands_before_the_own_or_instead_of_it(
    options: str, heard: str, told: str
) -> None:
    """r2 is AS 999 to r3; without `no-prepend` what r3 tells gets 999 as well (RFC 7705)."""
    fabric = run(
        network(
            CHAIN,
            {
                1: bgp(1, 65001, peer(1, 2, 200) + f"network {ONE}"),
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 3, 300, f"local-as 999{options}")),
                3: bgp(3, 300, peer(3, 2, 999) + f"network {THREE}"),
            },
        )
    )
    assert as_path(fabric, "r3", ONE) == heard
    expected = told if "no-prepend" in options else f"999 {told}"
    assert as_path(fabric, "r2", THREE) == expected


@pytest.mark.parametrize("lines", ["allowas-in", "allowas-in 1", ""])
def test_own_number_in_a_path_is_a_loop_unless_allowed(lines: str) -> None:
    fabric = chain("", lines, last_as=65001)
    assert as_path(fabric, "r3", ONE) == ("200 65001" if lines else None)


def test_allowas_in_of_the_process_holds_for_every_neighbor() -> None:
    fabric = run(
        network(
            CHAIN,
            {
                1: bgp(1, 65001, peer(1, 2, 200) + f"network {ONE}"),
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 3, 65001)),
                3: bgp(3, 65001, "bgp allowas-in 1\n" + peer(3, 2, 200)),
            },
        )
    )
    assert as_path(fabric, "r3", ONE) == "200 65001"


def test_number_of_the_neighbor_is_replaced_on_the_way_out() -> None:
    fabric = chain("as-path remote-as replace out", last_as=65001)
    assert as_path(fabric, "r3", ONE) == "200 200"


@pytest.mark.parametrize(("enforced", "path"), [("", None), ("no bgp enforce-first-as\n", "65001")])
def test_path_must_begin_with_the_neighbor(enforced: str, path: str | None) -> None:
    """r2 tells paths without its own number, as a route server does."""
    fabric = run(
        network(
            CHAIN,
            {
                1: bgp(1, 65001, peer(1, 2, 200) + f"network {ONE}"),
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 3, 300, "as-path prepend-own disabled")),
                3: bgp(3, 300, enforced + peer(3, 2, 200)),
            },
        )
    )
    assert as_path(fabric, "r3", ONE) == path


@pytest.mark.parametrize(
    ("entry", "passes"),
    [
        ("permit ^65001$", False),
        ("permit _65001$", True),
        ("permit ^200_", True),
        ("permit ^200 65001$", True),
        ("permit ^[0-9]+$", False),
        ("permit .*", True),
        ("permit ^$", False),
        ("permit (200|201)_65001", True),
        ("deny _65001_", False),
    ],
)
def test_regular_expressions_of_as_path_lists(entry: str, passes: bool) -> None:
    policy = f"ip as-path access-list L {entry} any\nroute-map IN permit 10\n   match as-path L\n"
    fabric = run(
        network(
            CHAIN,
            {
                1: bgp(1, 65001, peer(1, 2, 200) + f"network {ONE}"),
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 3, 300)),
                3: policy + bgp(3, 300, peer(3, 2, 200, "route-map IN in")),
            },
        )
    )
    assert (route(fabric, "r3", ONE) is not None) == passes


@pytest.mark.parametrize(
    ("clause", "path"),
    [
        ("set as-path prepend 64999 64998", "200 64999 64998 65001"),
        ("set as-path prepend auto auto", "200 200 200 65001"),
        ("set as-path prepend last-as 2", "200 65001 65001 65001"),
        ("set as-path match all replacement none", "200"),
        ("set as-path match all replacement auto", "200 200"),
    ],
)
def test_route_maps_change_the_path_before_the_own_number(clause: str, path: str) -> None:
    policy = f"route-map OUT permit 10\n   {clause}\n"
    fabric = run(
        network(
            CHAIN,
            {
                1: bgp(1, 65001, peer(1, 2, 200) + f"network {ONE}"),
                2: policy + bgp(2, 200, peer(2, 1, 65001) + peer(2, 3, 300, "route-map OUT out")),
                3: bgp(3, 300, peer(3, 2, 200)),
            },
        )
    )
    assert as_path(fabric, "r3", ONE) == path


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ("remove-private-as ingress", "200"),
        ("remove-private-as ingress replace-as", "200 300"),
    ],
)
def test_private_numbers_are_removed_from_what_a_neighbor_tells(lines: str, path: str) -> None:
    assert as_path(chain(last=lines), "r3", ONE) == path


@pytest.mark.parametrize(
    ("mode", "regex", "matches"),
    [
        ("", "6500", False),  # a whole number, where the mode is that of AS numbers
        ("", "65001", True),
        ("", "^200 65001$", True),
        ("", "650.*", True),
        ("ip as-path regex-mode string\n", "6500", True),
    ],
)
def test_numbers_in_as_path_lists_are_whole_but_in_string_mode(
    mode: str, regex: str, matches: bool
) -> None:
    lists = (
        f"{mode}ip as-path access-list FAR permit {regex} any\n"
        "route-map IN permit 10\n   match as-path FAR\n"
    )
    fabric = run(
        network(
            CHAIN,
            {
                1: bgp(1, 65001, peer(1, 2, 200) + f"network {ONE}"),
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 3, 300)),
                3: lists + bgp(3, 300, peer(3, 2, 200, "route-map IN in")),
            },
        )
    )
    assert (route(fabric, "r3", ONE) is not None) is matches
