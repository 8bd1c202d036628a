"""The report as JUnit XML, in the form that CI systems read (the schema of Jenkins' xUnit plugin).

A suite is a section. A fail is a `<failure>`, an error an `<error>`; what could not be judged, and what is a known
deviation, is `<skipped>` with the reason; warnings and infos pass and say themselves in `<system-out>`.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ..requirements import load
from ..verdicts import Verdict

if TYPE_CHECKING:
    from ..engine import Result
    from ..session import Report

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED = (Verdict.UNSUPPORTED, Verdict.INCONCLUSIVE)


def junit(report: Report) -> str:
    """The XML document."""
    network = report.target.network
    root = ET.Element("testsuites", name=f"peerspec {network.name}", time=f"{report.duration:.3f}")
    for section, group in groupby(report.results, lambda result: result.case.section):
        _suite(root, network.name, section, list(group))
    if report.stale:
        suite = ET.SubElement(
            root, "testsuite", name=f"{network.name}.known_deviations", tests=str(len(report.stale)), errors="0",
            failures=str(len(report.stale)), skipped="0", time="0",
        )  # fmt: skip
        for entry in report.stale:
            case = ET.SubElement(
                suite, "testcase", classname=f"{network.name}.known_deviations", name=entry.id, time="0"
            )
            ET.SubElement(case, "failure", message=_clean(f"no longer deviates: {entry.reason}"), type="stale")
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, network: str, section: str, results: list[Result]) -> None:
    failed = [each for each in results if each.verdict is Verdict.FAIL and each.known is None]
    errors = [each for each in results if each.verdict is Verdict.ERROR]
    skipped = [each for each in results if each.verdict in _SKIPPED or each.known is not None]
    suite = ET.SubElement(
        root,
        "testsuite",
        name=f"{network}.{section}",
        tests=str(len(results)),
        failures=str(len(failed)),
        errors=str(len(errors)),
        skipped=str(len(skipped)),
        time=f"{sum(each.duration for each in results):.3f}",
    )
    for result in results:
        _case(suite, network, result)


def _case(suite: ET.Element, network: str, result: Result) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{network}.{result.case.section}",
        name=_clean(result.case.id.partition("/")[2]),
        time=f"{result.duration:.3f}",
    )
    texts = load(network)
    rules = [f"{id_} ({texts[id_].level}): {texts[id_].text} [{texts[id_].source}]" for id_ in result.case.requirements]
    if result.known is not None:
        ET.SubElement(case, "skipped", message=_clean(f"known deviation: {result.known}"))
    elif result.verdict in _SKIPPED:
        ET.SubElement(case, "skipped", message=_clean(f"{result.verdict}: {result.message}"))
    elif result.verdict in (Verdict.FAIL, Verdict.ERROR):
        tag = "failure" if result.verdict is Verdict.FAIL else "error"
        body = [*rules, *(f"expected: {each}" for each in result.expected)]
        if result.actual:
            body.append(f"actual: {result.actual}")
        if result.detail:
            body.append(result.detail)
        ET.SubElement(case, tag, message=_clean(result.message), type=str(result.verdict)).text = _clean(
            "\n".join(body)
        )
    said = [f"verdict: {result.verdict}", *rules, result.message]
    ET.SubElement(case, "system-out").text = _clean("\n".join(line for line in said if line))


def _clean(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("�", text)
