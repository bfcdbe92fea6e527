"""Results as JUnit XML: one suite per device, as CI systems show them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from itertools import groupby

from avdlab.validate.exceptions import reason_of
from avdlab.validate.model import Results, TestResult, Verdict

# XML 1.0 2.2: control characters have no place in a document, not even escaped
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BROKEN = {Verdict.ERROR, Verdict.UNREACHABLE}  # could not be judged; every other failure is one


def render(results: Results) -> str:
    """Return the document as text."""
    root = ET.Element("testsuites", name=_clean(results.lab), time=f"{results.seconds:.3f}")
    _count(root, results.tests)
    for device, tests in groupby(sorted(results.tests, key=_device), key=_device):
        _suite(root, device, list(tests))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _device(test: TestResult) -> str:
    return test.device


def _suite(root: ET.Element, device: str, tests: list[TestResult]) -> None:
    suite = ET.SubElement(root, "testsuite", name=_clean(device))
    _count(suite, tests)
    for test in tests:
        _case(suite, test)


def _count(element: ET.Element, tests: Iterable[TestResult]) -> None:
    verdicts = [test.verdict for test in tests]
    errors = sum(verdict in _BROKEN for verdict in verdicts)
    element.set("tests", str(len(verdicts)))
    element.set("failures", str(sum(not v.good for v in verdicts) - errors))
    element.set("errors", str(errors))
    element.set("skipped", str(verdicts.count(Verdict.NOT_APPLICABLE)))


def _case(suite: ET.Element, test: TestResult) -> None:
    name = f"{test.test}-{test.inputs}" if test.inputs else test.test
    case = ET.SubElement(suite, "testcase", name=_clean(name), classname=_clean(test.device))
    _properties(case, test)
    text = _clean("\n".join(test.messages))
    if test.verdict is Verdict.NOT_APPLICABLE:
        reason = f"{test.policy}: {reason_of(test.policy)}".rstrip(": ")
        ET.SubElement(case, "skipped", message=_clean(reason))
    elif not test.verdict.good:
        kind = "error" if test.verdict in _BROKEN else "failure"
        first = text.partition("\n")[0] or test.verdict.value
        ET.SubElement(case, kind, type=test.verdict.name.lower(), message=first).text = text


def _properties(case: ET.Element, test: TestResult) -> None:
    facts = {"level": test.level, "policy": test.policy, "verdict": test.verdict.value}
    properties = ET.SubElement(case, "properties")
    for name, value in facts.items():
        if value:
            ET.SubElement(properties, "property", name=name, value=_clean(value))


def _clean(text: str) -> str:
    return _ILLEGAL.sub("?", text)
