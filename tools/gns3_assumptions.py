"""Make docs/gns3-assumptions.md: what avdlab takes for granted of cEOS, read from its list.

Run: `python tools/gns3_assumptions.py`. A test fails while the page is not what this script makes.
"""

from pathlib import Path

from avdlab.backends.gns3.assumptions import ASSUMPTIONS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "gns3-assumptions.md"
HEAD = """\
# What avdlab takes for granted of cEOS

cEOS-lab is licensed software, and none was at hand where avdlab is made. Everything below is
believed for the reason given, and was tried on the stand-in node (gns3/standin), which is not cEOS.
Try it on your image, as root on a machine with Docker; no GNS3 server takes part:

```sh
sudo avdlab doctor --ceos ceos:4.34.2F
```

It starts two nodes as GNS3 would, cables them to each other, asks them over eAPI, prints a verdict
for each line of this page, and removes them: `holds`, `fails`, or `untried` where no node is there
to ask. Exit code 3 says that something does not hold. `AVDLAB_TIMEOUT` is how long a boot may take
(10 minutes), `-f json` gives the sources, too. An image that is avdlab's stand-in, or no EOS at
all, is called so.

"""
TAIL = """\
## Not asked by the doctor

| what | why avdlab relies on it | how to see it |
|---|---|---|
| EOS before 4.32.0F needs control groups of version 1 on the server's machine | containerlab issue 467 | `avdlab doctor` says which version the machine has; `boots` fails otherwise |
| Up to about 50 nodes of EOS 4.32.0F or newer run on one machine without `fs.inotify.max_user_instances`; older ones want 1250 for each node | containerlab's notes on cEOS; Arista's ceosbuilder | `avdlab doctor` on the server's machine; `avdlab up` of the fabric |
| A node boots within 10 minutes where many boot at once | GNS3 users' reports (gns3-server issue 1300) | `avdlab up`, which says the seconds of each node; setting `timeout` |
| What GNS3 does around the container: files before the first boot, `.gns3_perms`, the pre-boot hook, taps, MACs | tried on gns3-server 2.2 and 3.0 with real Docker (`make gns3`) | `avdlab up`, with the stand-in or with cEOS |
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for assumption in ASSUMPTIONS:
        parts.append(
            f"## {assumption.name}\n{assumption.says}\n\n"
            f"* Source: {assumption.source}.\n* Tried: {assumption.tried}\n\n"
        )
    return "".join([*parts, TAIL])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
