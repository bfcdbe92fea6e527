"""The list of what is taken for granted of cEOS, and its page."""

from avdlab.backends.gns3.assumptions import ASSUMPTIONS, Verdict, examine
from avdlab.backends.gns3.ceos import Naming
from avdlab.backends.gns3.trial import Node
from avdlab.errors import BackendError
from avdlab.overlay.model import LabUser
from tools import gns3_assumptions


class Nodeless:
    """A trial whose nodes do not come up."""

    nodes = ()

    def boot(self):
        raise BackendError("alpha: the container ended with code 127")


def test_the_page_is_made_from_the_list():
    """If this fails: python tools/gns3_assumptions.py"""
    assert gns3_assumptions.PAGE.read_text("utf-8") == gns3_assumptions.page()


def test_every_assumption_has_a_name_of_its_own_and_a_source():
    names = [assumption.name for assumption in ASSUMPTIONS]
    assert len(set(names)) == len(names)
    assert all(a.says and a.source and a.tried for a in ASSUMPTIONS)


def test_what_cannot_be_asked_is_untried_and_never_holds():
    first, *others = examine(Nodeless())
    assert (first.verdict, first.found) == (
        Verdict.FAILS,
        "alpha: the container ended with code 127",
    )
    assert {(found.verdict, found.found) for found in others} == {
        (Verdict.UNTRIED, "see boots: there is no node to ask")
    }


class Odd(Nodeless):
    """A trial of nodes that answer in their own words."""

    def boot(self):
        self.nodes = (Node("alpha", 0, Naming.ETH, "", LabUser("", "")),)

    def show(self, node, command):
        return {"errors": ["what?"]}

    def __getattr__(self, name) -> None:
        raise BackendError(f"no {name}")


def test_answers_of_another_shape_fail_line_by_line():
    findings = {found.assumption.name: found for found in examine(Odd())}
    assert findings["multi-agent"].verdict is Verdict.FAILS
    assert findings["multi-agent"].found == (
        "the answer is not as EOS gives it: KeyError('protoModelStatus')"
    )
    assert findings["cli-beside"].found == "no within"
    assert {f.verdict for name, f in findings.items() if name != "boots"} == {Verdict.FAILS}
