"""What avdlab takes for granted of cEOS, who says so, and how each is tried on an image.

cEOS is licensed: none of this was run where avdlab is developed and tested. `avdlab doctor --ceos
IMAGE` tries it on yours, on two nodes (trial.py), in this order; docs/gns3-assumptions.md is
written from this list.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from avdlab.backends.gns3.trial import PORTS, Node, Trial
from avdlab.backends.twin.levels import is_twin, software
from avdlab.errors import AvdlabError, BackendError
from avdlab.net.interfaces import canonical

MTU, PING = 9214, "size 9214 df-bit repeat 3"
CHANGED = "changed"  # hostname that a session commits
SESSION = "avdlab-trial"
UNIVERSAL = 0x02  # IEEE 802 8.2: this bit of the first octet is clear
_UNITS = {"KiB": 1 / 1024, "MiB": 1.0, "GiB": 1024.0}


class Verdict(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a check, and what was seen."""

    verdict: Verdict
    found: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """`says` is what avdlab relies on, `source` who says so, `tried` how the doctor finds out."""

    name: str
    says: str
    source: str
    tried: str
    check: Callable[[Trial], Answer]


@dataclass(frozen=True, slots=True)
class Finding:
    assumption: Assumption
    verdict: Verdict
    found: str


def examine(trial: Trial) -> Iterator[Finding]:
    """Try every assumption on an image, in their order."""
    dead = ""
    for assumption in ASSUMPTIONS:
        answer = Answer(Verdict.UNTRIED, dead) if dead else _tried(assumption, trial)
        if assumption.check in {_boots, _survives} and answer.verdict is not Verdict.HOLDS:
            dead = f"see {assumption.name}: there is no node to ask"
        yield Finding(assumption, answer.verdict, answer.found)


def _tried(assumption: Assumption, trial: Trial) -> Answer:
    try:
        return assumption.check(trial)
    except AvdlabError as exc:  # refused, or an answer that never came
        return Answer(Verdict.FAILS, exc.message)
    except (KeyError, TypeError, ValueError, IndexError) as exc:
        return Answer(Verdict.FAILS, f"the answer is not as EOS gives it: {exc!r}")


def _judged(wrong: list[str], right: str) -> Answer:
    return Answer(Verdict.FAILS, "; ".join(wrong)) if wrong else Answer(Verdict.HOLDS, right)


def _hostname(trial: Trial, node: Node) -> str:
    return str(trial.show(node, "show hostname")["hostname"])


# ---------------------------------------------------------------------- boot
def _boots(trial: Trial) -> Answer:
    trial.boot()
    slowest = max(node.seconds for node in trial.nodes)
    return Answer(Verdict.HOLDS, f"two nodes answer after {slowest:.0f} s")


def _is_ceos(trial: Trial) -> Answer:
    version = trial.show(trial.nodes[0], "show version")
    if is_twin(version):
        said = next(iter(software(version).values()))
        return Answer(Verdict.FAILS, f"{said}: nothing below tells of cEOS")
    said = f"{version['modelName']}, EOS {version['version']}"
    good = str(version["modelName"]).startswith("cEOS")
    return Answer(Verdict.HOLDS if good else Verdict.FAILS, said)


def _seed_used(trial: Trial) -> Answer:
    names = [_hostname(trial, node) for node in trial.nodes]
    wanted = [node.name for node in trial.nodes]
    return _judged(
        [f"{w} is called {n}" for w, n in zip(wanted, names, strict=True) if w != n],
        f"they are called {' and '.join(names)}, as their seeds say",
    )


def _reached(trial: Trial) -> Answer:
    for node in trial.nodes:
        _hostname(trial, node)
    said = ", ".join(node.target.url for node in trial.nodes)
    return Answer(Verdict.HOLDS, f"{said} take the lab user")


def _multi_agent(trial: Trial) -> Answer:
    model = trial.show(trial.nodes[0], "show ip route summary")["protoModelStatus"]
    said = f"operating {model['operatingProtoModel']}, configured {model['configuredProtoModel']}"
    good = model["operatingProtoModel"] == "multi-agent"
    return Answer(Verdict.HOLDS if good else Verdict.FAILS, said)


# ---------------------------------------------------------------------- identity
def _serial(trial: Trial) -> Answer:
    wrong, seen = [], []
    for node in trial.nodes:
        found = str(trial.show(node, "show version")["serialNumber"])
        seen.append(found)
        # the stand-in writes TWIN before it
        if found.removeprefix("TWIN") != node.device.serial_number:
            wrong.append(f"{node.name} has {found or 'none'}, given {node.device.serial_number}")
    return _judged(wrong, f"shown: {', '.join(seen)}")


def _system_mac(trial: Trial) -> Answer:
    wrong, seen = [], []
    for node in trial.nodes:
        found = str(trial.show(node, "show version")["systemMacAddress"])
        digits = "".join(c for c in found.lower() if c in "0123456789abcdef")
        given = node.device.mac.replace(":", "")[:-1] + "1"  # names.system_mac
        seen.append(found)
        if digits != given:
            wrong.append(f"{node.name} has {found}, given {given}")
        elif int(digits[:2], 16) & UNIVERSAL:
            wrong.append(f"{node.name} has {found}, which is locally administered")
    return _judged(wrong, f"shown: {', '.join(seen)}")


# ---------------------------------------------------------------------- interfaces
def _names(trial: Trial, node: Node) -> Answer:
    wanted = {PORTS.management, *PORTS.ethernet}
    found = {
        canonical(name)
        for name in trial.show(node, "show interfaces")["interfaces"]
        if name.startswith(("Ethernet", "Management"))
    }
    wrong = [f"no {name}" for name in sorted(wanted - found)]
    wrong += [f"an unknown {name}" for name in sorted(found - wanted)]
    return _judged(wrong, f"{node.name} has {', '.join(sorted(found))}")


def _mapping_file(trial: Trial) -> Answer:
    return _names(trial, trial.nodes[0])


def _renamed(trial: Trial) -> Answer:
    return _names(trial, trial.nodes[1])


def _mtu(trial: Trial) -> Answer:
    wrong = []
    for node in trial.nodes:
        shown = trial.show(node, "show interfaces Ethernet1")["interfaces"]["Ethernet1"]["mtu"]
        if shown != MTU:
            wrong.append(f"{node.name} shows an MTU of {shown}, configured {MTU}")
    there = "198.18.0.1"

    def pinged() -> tuple[bool, str]:
        [said] = trial.ask(trial.nodes[0], f"ping {there} {PING}", output="text")
        lines = str(said["output"]).splitlines()
        count = next((line.strip() for line in lines if "received" in line), "")
        return bool(count) and " 0 received" not in count, count

    answered, count = trial.until(pinged)  # a port may come up later than eAPI
    if not answered:
        wrong.append(f"no answer to ping {there} {PING}")
    return _judged(wrong, f"{count} of {MTU} bytes")


# ---------------------------------------------------------------------- on the wire
def _lldp(trial: Trial) -> Answer:
    alpha, beta = trial.nodes
    wanted = {(port, beta.name, port) for port in PORTS.ethernet}

    def seen() -> set[tuple[str, str, str]]:
        listed = trial.show(alpha, "show lldp neighbors")["lldpNeighbors"]
        return {
            (canonical(n["port"]), n["neighborDevice"], canonical(n["neighborPort"]))
            for n in listed
            if n["port"].startswith("Ethernet")
        }

    found = trial.until(lambda: (seen() >= wanted, seen()))[1]
    wrong = [f"{port} does not see {name}" for port, name, _ in sorted(wanted - found)]
    return _judged(wrong, f"each port of alpha sees its port of beta ({len(found)})")


def _mlag(trial: Trial) -> Answer:
    def state() -> tuple[bool, str]:
        found = trial.show(trial.nodes[0], "show mlag")
        good = (found["state"], found["negStatus"]) == ("active", "connected")
        return good, f"MLAG is {found['state']}, {found['negStatus']}"

    good, said = trial.until(state)
    return Answer(Verdict.HOLDS if good else Verdict.FAILS, f"{said}, over an LACP Port-Channel")


def _signalled(trial: Trial) -> Answer:
    alpha, beta = trial.nodes

    def status() -> str:
        shown = trial.show(beta, "show interfaces Ethernet49/1")["interfaces"]["Ethernet49/1"]
        return str(shown["lineProtocolStatus"])

    def shut(command: str) -> None:
        trial.ask(alpha, "configure", "interface Ethernet49/1", command, "end")

    before = trial.until(lambda: (status() == "up", status()))[1]
    if before != "up":
        return Answer(Verdict.FAILS, f"beta's Ethernet49/1 is {before} with its cable plugged")
    shut("shutdown")
    good, after = trial.until(lambda: (status() != "up", status()))
    shut("no shutdown")
    said = f"beta's Ethernet49/1 is {after} while alpha's is shut"
    return Answer(Verdict.HOLDS if good else Verdict.FAILS, said)


# ---------------------------------------------------------------------- life
def _session(trial: Trial) -> Answer:
    alpha = trial.nodes[0]
    lines = [
        line.strip()
        for line in alpha.config.splitlines()
        if line.strip() and not line.startswith(("!", "end"))
    ]
    lines[0] = f"hostname {CHANGED}"
    # back to the mode above where a section begins: EOS finds it by itself for global commands
    trial.ask(alpha, f"configure session {SESSION}", "rollback clean-config", *lines)
    trial.ask(alpha, f"configure session {SESSION} commit timer 00:05:00")
    trial.ask(alpha, f"configure session {SESSION} commit")
    name = _hostname(trial, alpha)
    good = name == CHANGED
    return Answer(Verdict.HOLDS if good else Verdict.FAILS, f"after the commit it is called {name}")


def _memory(trial: Trial) -> Answer:
    found = trial.memory_of(trial.nodes[0])
    unit = next((unit for unit in _UNITS if found.endswith(unit)), "")
    if not unit:
        return Answer(Verdict.UNTRIED, f"Docker says {found}")
    size = float(found.removesuffix(unit)) * _UNITS[unit]
    verdict = Verdict.HOLDS if size <= trial.memory_mb else Verdict.FAILS
    return Answer(verdict, f"{size:.0f} MB after its boot; counted with {trial.memory_mb} MB")


def _beside(trial: Trial) -> Answer:
    words = ("FastCli", "-p", "15", "-c", "show version | json")
    try:
        said = trial.within(trial.nodes[0], *words)
    except BackendError as exc:
        return Answer(Verdict.FAILS, exc.message.splitlines()[0])
    good = "modelName" in said
    return Answer(Verdict.HOLDS if good else Verdict.FAILS, "FastCli answers" if good else said)


def _survives(trial: Trial) -> Answer:
    alpha = trial.nodes[0]
    before = _hostname(trial, alpha)
    kept = f"{before}-kept"
    trial.ask(alpha, "configure", f"hostname {kept}", "end", "write memory")
    macs = trial.show(alpha, "show version")["systemMacAddress"]
    stopped = trial.stop()
    trial.start()
    wrong = []
    after = _hostname(trial, alpha)
    if after != kept:
        wrong.append(f"it is called {after}, saved was {kept}")
    if trial.show(alpha, "show version")["systemMacAddress"] != macs:
        wrong.append("its system MAC is another")
    names = _names(trial, alpha)
    if names.verdict is not Verdict.HOLDS:
        wrong.append(names.found)
    slowest = max(node.seconds for node in trial.nodes)
    said = f"it stops in {stopped:.0f} s, answers {slowest:.0f} s after its start as it was saved"
    return _judged(wrong, said)


ASSUMPTIONS = (
    Assumption(
        "boots",
        "The image boots in a privileged container with `/sbin/init systemd.setenv=...` and the "
        "same variables in its environment, with NICs that are there before its first process.",
        "GNS3's appliance arista-ceos.gns3a; gns3-server issue 1483; containerlab, kind ceos",
        "Two containers are started so; each answers eAPI within `timeout` (10 minutes).",
        _boots,
    ),
    Assumption(
        "is-ceos",
        "It is cEOS-lab: AVD's platform settings and ANTA's skips know it by this model name.",
        "pyavd's platform settings (cEOSLab); anta.tests.hardware",
        "`show version` names its model, and is not that of avdlab's twin.",
        _is_ceos,
    ),
    Assumption(
        "seed-used",
        "/mnt/flash/startup-config, written before the first boot, is the first configuration, and "
        "ZTP stays away.",
        "containerlab, kind ceos (flash/startup-config); Arista's ceosbuilder",
        "The hostname is the seed's.",
        _seed_used,
    ),
    Assumption(
        "management-vrf",
        "eAPI over TLS answers in the management VRF at the address of the seed, and takes the lab "
        "user that the overlay adds.",
        "Arista's eAPI guide; AVD's own cEOS labs",
        "`show hostname` over https at both management addresses.",
        _reached,
    ),
    Assumption(
        "multi-agent",
        "`service routing protocols model multi-agent` in the seed holds from the first boot on.",
        "containerlab issue 363: it takes effect at a boot only",
        "`show ip route summary` names the operating model.",
        _multi_agent,
    ),
    Assumption(
        "serial-number",
        "SERIALNUMBER in /mnt/flash/ceos-config is the serial number.",
        "Arista's ceosbuilder; netlab, device ceos",
        "`show version` shows it.",
        _serial,
    ),
    Assumption(
        "system-mac",
        "SYSTEMMACADDR in /mnt/flash/ceos-config is the system MAC: universal, and not that of the "
        "MLAG peer.",
        "containerlab issue 361; netlab issue 1810: MLAG stays inactive otherwise",
        "`show version` shows it.",
        _system_mac,
    ),
    Assumption(
        "mapping-file",
        "With `gns3_naming: eth`, EosIntfMapping.json names the NICs: Management1, Ethernet1, "
        "Ethernet49/1.",
        "Arista's cEOS-lab README, EOS 4.28.0F and newer; containerlab, kind ceos",
        "`show interfaces` of alpha has these, and no other port.",
        _mapping_file,
    ),
    Assumption(
        "renamed-nics",
        "With `gns3_naming: et`, NICs that the hook renames before EOS starts (ma1, et1, et49_1) "
        "have these names.",
        "containerlab pull request 3220; netlab (INTFTYPE=et); Arista's ceosbuilder",
        "`show interfaces` of beta has these, and no other port.",
        _renamed,
    ),
    Assumption(
        "mtu",
        "An interface carries AVD's MTU of 9214 where its NIC has 9500 when EOS starts.",
        "containerlab (links of 9500); Arista's ceosbuilder (10000)",
        "`show interfaces` shows it; a ping of that size, not to be fragmented, is answered.",
        _mtu,
    ),
    Assumption(
        "lldp",
        "LLDP leaves by the NICs, with the names of the interfaces.",
        "containerlab, kind ceos; avdlab's own run of other LLDP speakers over GNS3 links",
        "`show lldp neighbors` of alpha lists beta's ports.",
        _lldp,
    ),
    Assumption(
        "mlag",
        "LACP and MLAG come up over these NICs with these MACs.",
        "containerlab issue 361; unetlab issue 1",
        "`show mlag` of alpha: active, connected.",
        _mlag,
    ),
    Assumption(
        "shutdown-is-seen",
        "`shutdown` at one end takes the port at the other end down, although the NIC keeps its "
        "carrier (a link that GNS3 suspends does not).",
        "ipspace.net, March 2025; netlab's caveats: EOS signals it by a control frame",
        "alpha's Ethernet49/1 is shut; beta's is looked at.",
        _signalled,
    ),
    Assumption(
        "config-session",
        "A whole configuration is replaced by `configure session`, `rollback clean-config`, its "
        "lines, `commit timer` and `commit`.",
        "Arista's manual, configuration sessions; it is what every `deploy` does",
        "The seed with another hostname is committed so, over eAPI.",
        _session,
    ),
    Assumption(
        "memory",
        "A node takes at most what `gns3_memory` says, 1500 MB by default.",
        "containerlab's and GNS3 users' figures of 1 to 2 GB",
        "`docker stats` of alpha.",
        _memory,
    ),
    Assumption(
        "cli-beside",
        "`FastCli` runs in a shell of the container: what `avdlab connect --console` leads to "
        "where eAPI and SSH do not answer.",
        "usage notes of arista-ceos.gns3a",
        "`docker exec` runs it.",
        _beside,
    ),
    Assumption(
        "restart",
        "A node that is stopped, killed after five seconds and started again boots with what "
        "`write memory` saved, not with the seed, and with the same names and MACs.",
        "the container's flash is a volume; GNS3 stops containers so",
        "A saved hostname, names and MAC are compared after a stop and a start.",
        _survives,
    ),
)
