"""Edits find their section, and touch nothing else."""

import pytest

from avdlab.faults.text import ConfigText

TEXT = """\
!
hostname leaf1
!
vlan 11
   name A
!
interface Ethernet1
   mtu 9214
!
router bgp 65001
   neighbor A peer group
   !
   vlan 11
      rd 1:11
      route-target both 11:11
   !
   address-family evpn
      neighbor A activate
!
end
"""


def changed(text: str | None) -> set[str]:
    """Return the lines that are gone or new."""
    assert text is not None
    return set(text.splitlines()) ^ set(TEXT.splitlines())


def test_a_line_of_a_subsection_is_replaced():
    found = ConfigText(TEXT).replace(
        r"router bgp \d+", "vlan 11", pattern=r"(route-target both) \S+", by=r"\1 9:9"
    )
    assert changed(found) == {"      route-target both 11:11", "      route-target both 9:9"}


def test_a_section_goes_with_all_that_is_in_it():
    text = ConfigText(TEXT).delete(r"router bgp \d+", pattern="vlan 11")
    assert changed(text) == {"      rd 1:11", "      route-target both 11:11", "   vlan 11"}
    assert text is not None
    assert "\nvlan 11\n" in text, "the VLAN itself stays"


def test_a_line_is_added_with_the_indentation_of_its_section():
    text = ConfigText(TEXT).add("interface Ethernet1", line="shutdown")
    assert text is not None
    assert "interface Ethernet1\n   shutdown\n   mtu 9214\n" in text


@pytest.mark.parametrize(
    ("section", "pattern"),
    [(("interface Ethernet2",), "mtu .*"), (("interface Ethernet1",), "rd .*"), ((), "rd .*")],
)
def test_what_is_not_there_is_not_edited(section, pattern):
    assert ConfigText(TEXT).replace(*section, pattern=pattern, by="x") is None
    assert ConfigText(TEXT).delete(*section, pattern=pattern) is None


def test_lines_of_subsections_are_not_those_of_the_section():
    bgp = ConfigText(TEXT)
    assert [m[0] for m in bgp.lines(r"router bgp \d+")] == [
        "neighbor A peer group",
        "vlan 11",
        "address-family evpn",
    ]
    assert [m[0] for m in bgp.sections(r"router bgp \d+", pattern=r"vlan \d+")] == ["vlan 11"]
