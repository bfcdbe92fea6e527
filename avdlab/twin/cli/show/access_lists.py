"""`show ip access-lists`, and the summaries of the lists that guard a service."""

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.tree import Line


def access_lists(view: View, args: Args) -> Json:
    """Return the lists with their entries, numbered as EOS numbers them."""
    return {"aclList": [_list(line) for line in _lists(view, args)]}


def _lists(view: View, args: Args) -> list[Line]:
    wanted = args.get("name")
    found = [line for line in view.config.find("ip access-list") if len(line.words) in {3, 4}]
    return [line for line in found if wanted in (None, line.words[-1])]


def _list(line: Line) -> Json:
    return {
        "name": line.words[-1],
        "type": "Ip4Acl",
        "standard": "standard" in line.words,
        "readonly": False,
        "dynamic": False,
        "countersEnabled": any("per-entry" in child.text for child in line.children),
        "sequence": [
            {"sequenceNumber": number, "text": text, "ruleFilter": {}}
            for number, text in entries(line)
        ],
    }


def entries(line: Line) -> list[tuple[int, str]]:
    """Return number and text of each entry; one without a number follows ten after the last."""
    found: list[tuple[int, str]] = []
    for child in line.children:
        words = child.words
        if words[0].isdigit():
            found.append((int(words[0]), " ".join(words[1:])))
        elif words[0] in {"permit", "deny", "remark"}:
            last = found[-1][0] if found else 0
            found.append((last + 10, child.text))
    return found


def access_lists_text(view: View, args: Args) -> str:
    parts: list[str] = []
    for line in _lists(view, args):
        kind = "Standard IP" if "standard" in line.words else "IP"
        parts.append(f"{kind} Access List {line.words[-1]}\n")
        parts += [f"        {number} {text}\n" for number, text in entries(line)]
        parts.append("\n")
    return "".join(parts)


def summary(view: View, family: str, bound: list[tuple[str, str]]) -> Json:
    """Return the lists of a service: bound in which VRFs, and in force in those that exist."""
    known = scope.all_vrfs(view)
    found: dict[str, list[str]] = {}
    for name, vrf in bound:
        found.setdefault(name, []).append(vrf)
    return {
        f"{family}AclList": {
            "aclList": [
                {
                    "name": name,
                    "type": "Ip4Acl" if family == "ip" else "Ip6Acl",
                    "configuredVrfs": vrfs,
                    "activeVrfs": [vrf for vrf in vrfs if vrf in known],
                    "readonly": False,
                    "countersEnabled": False,
                }
                for name, vrfs in sorted(found.items())
            ]
        }
    }


COMMANDS = (
    show(
        "show ip access-lists [<name>]",
        Level.MIRRORED,
        json=access_lists,
        text=access_lists_text,
        note="as configured; counters are not kept",
    ),
)
