"""The HTML page and the Markdown of a run: what they show, and that nothing breaks out of them."""

import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from avdlab.report import page, states, summary
from avdlab.report.lines import lines_about
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology
from avdlab.validate.model import End, Pair, Results, TestResult, Verdict

CONFIG = """\
hostname leaf2
!
interface Ethernet1
   ip address 10.0.0.1/31
!
interface Ethernet11
   ip address 10.0.0.11/31
!
interface Vxlan1
   vxlan vlan 110 vni 10110
!
router bgp 65001
   neighbor 10.0.0.0 remote-as 65000
   neighbor 10.0.0.0 password 7 SECRETVALUE
"""
WEB, DATABASE = End("web1", "10.1.0.1", 110, "STORE", ("leaf1",)), End("database1", "", 190)
PAIRS = (
    Pair(WEB, DATABASE, False, "VRFs are kept apart", reached=False, good=True),
    Pair(
        WEB,
        End("desk1", "10.1.0.9", 110, "STORE", ("leaf2",)),
        True,
        "both in VRF STORE",
        reached=False,
        good=False,
        stops=("leaf2: VNI 10110 is missing",),
        lines=("leaf2: missing: 'vxlan vlan 110 vni 10110'",),
    ),
)


def result(device, test, verdict, **facts: object):
    return TestResult(device, test, verdict, inputs="0a1b2c3d", **facts)


@pytest.fixture
def results():
    tests = (
        result("leaf1", "VerifyNTP", Verdict.NOT_APPLICABLE, policy="lab-has-no-ntp-server"),
        result("leaf1", "VerifyZeroTouch", Verdict.PASSED_MIRROR, level="F1", categories=("a",)),
        result(
            "leaf2",
            "VerifyLLDPNeighbors",
            Verdict.FAILED,
            categories=("connectivity",),
            messages=("Port: Ethernet1 - No LLDP neighbors <script>alert(1)</script>",),
        ),
        result(
            "leaf2", "VerifyBGP", Verdict.FAILED, categories=("bgp",), messages=("Peer: 10.0.0.0",)
        ),
        result("leaf3", "VerifyX", Verdict.UNREACHABLE, messages=("connection refused",)),
        result("leaf3", "VerifyY", Verdict.UNREACHABLE, messages=("connection refused",)),
    )
    return Results("dc1", tests, 1.5, ("a note",), PAIRS)


@pytest.fixture
def topology():
    names = ("leaf1", "leaf2", "leaf3")
    nodes = {name: Node(name, NodeKind.DEVICE, "leaf") for name in names}
    nodes["web1"] = Node("web1", NodeKind.ENDPOINT, "server")
    ends = (
        (("leaf1", "Ethernet1"), ("leaf2", "Ethernet1")),
        (("leaf1", "Ethernet2"), ("web1", "a")),
    )
    links = tuple(Link.between(LinkEnd(*a), LinkEnd(*b)) for a, b in ends)
    return Topology("dc1", nodes, links)


# ---------------------------------------------------------------------------------- states
def test_nodes_and_cables_are_coloured_by_what_failed(results, topology):
    assert states.nodes(results) == {
        "leaf1": "ok",
        "leaf2": "bad",
        "leaf3": "off",
        "web1": "bad",
        "desk1": "bad",
        "database1": "ok",
    }
    assert list(states.links(topology, results).values()) == ["bad", "ok"]


def test_a_test_of_something_else_only_warns_of_a_cable(topology):
    test = result("leaf1", "VerifyX", Verdict.FAILED, categories=("bgp",), messages=("Et2",))
    assert "warn" in states.links(topology, Results("dc1", (test,))).values()


# ---------------------------------------------------------------------------------- lines
@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ("Peer: 10.0.0.0 VRF: default - Idle", ["neighbor 10.0.0.0 remote-as 65000"]),
        ("Interface: Et1 - Status mismatch", ["interface Ethernet1", "ip address 10.0.0.1/31"]),
        ("VNI 10110 is not here", ["vxlan vlan 110 vni 10110"]),
        (
            "Interface: Ethernet1 Address: 10.0.0.1",
            ["interface Ethernet1", "ip address 10.0.0.1/31"],
        ),
        ("nothing of it", []),
    ],
)
def test_the_lines_that_a_message_is_about(message, lines):
    found = [line.text for line in lines_about([message], CONFIG)]
    assert [text for text in found if "password" not in text] == lines


def test_a_line_knows_its_number_and_its_section():
    line = lines_about(["VNI 10110"], CONFIG)[0]
    assert (line.number, line.section) == (10, "interface Vxlan1")


# ---------------------------------------------------------------------------------- the page
class Page(HTMLParser):
    """What a browser would fetch, and whether every element is closed."""

    def __init__(self, text) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        fetching = {"src", "srcset", "data", "action"} | ({"href"} if tag != "a" else set())
        self.fetched += [str(value) for name, value in attrs if name in fetching]
        if tag not in {"meta", "input", "link", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_is_well_formed(results, topology):
    text = page.render(results, topology, {"leaf2": CONFIG})
    found = Page(text)
    assert found.fetched == []
    assert found.open == []
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_tells_what_failed_with_its_lines_and_without_secrets(results, topology):
    text = page.render(results, topology, {"leaf2": CONFIG})
    assert "4 of 6 tests failed" in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "router bgp 65001 / neighbor 10.0.0.0 remote-as 65000" in text
    assert "SECRETVALUE" not in text
    assert "VerifyX and 1 more" in text
    assert "leaf2: missing: &#39;vxlan vlan 110 vni 10110&#39;" in text
    assert "no NTP server" in text
    assert re.search(r'class="node device state-bad".*<title>leaf2 \(leaf\): 2 of 2 tests', text)


def test_every_pair_stands_in_the_matrix_twice(results):
    text = page.render(results)
    assert len(re.findall(r'<td class="bad"', text)) == 2
    assert len(re.findall(r'<td class="apart"', text)) == 2
    assert "0 pairs reachable (●) and 1 kept apart (○) as designed, 1 wrong" in text


def test_a_green_page_has_no_failures(results):
    text = page.render(Results("dc1", results.tests[:2]))
    assert "all 2 tests are good" in text
    assert "Failed tests" not in text
    assert 'id="endpoints"' not in text


def test_markdown_tells_the_same_and_nothing_breaks_out_of_it(results):
    text = summary.render(results)
    assert text.startswith("# Validation of dc1: 4 of 6 tests failed\n")
    assert "| leaf2 | 0 | 0 | 0 | 2 |" in text
    assert "| all | 0 | 1 | 1 | 4 |" in text
    assert "    Port: Ethernet1 - No LLDP neighbors <script>" in text
    assert "1 kept apart as designed, 1 wrong" in text
    assert "      leaf2: missing: 'vxlan vlan 110 vni 10110'" in text
    assert "all tests passed" in summary.render(Results("dc1", results.tests[:2]))


# ---------------------------------------------------------------------------------- a browser
@pytest.fixture
def browse(results, tmp_path):
    """Return the page as a browser has it after its script ran, given the end of its address."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here")
    path = tmp_path / "report.html"
    path.write_text(page.render(results), encoding="utf-8")

    def show(fragment):
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        done = subprocess.run(
            [*command, profile, f"file://{path}{fragment}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    return show


def test_filters_of_the_address_hide_rows(browse):
    text = browse("#device=leaf2&state=failed&text=bgp")
    shown = re.findall(r'<tr data-device="(\w+)"(?![^>]*hidden)[^>]*><td>\w+</td><td>(\w+)', text)
    assert shown == [("leaf2", "VerifyBGP")]
    assert "1 of 6 tests" in text
