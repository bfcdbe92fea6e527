"""How EOS lays out text: columns, MAC addresses in three groups, durations."""

from collections.abc import Iterable, Sequence

DAY = 86400


def eos_mac(mac: str) -> str:
    """Return `aabb.ccdd.eeff`, the spelling of EOS's tables, for `aa:bb:cc:dd:ee:ff`."""
    digits = mac.replace(":", "")
    return ".".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def columns(widths: Sequence[int], cells: Iterable[str]) -> str:
    """Set cells in left-aligned columns, one space between; no trailing spaces."""
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return " ".join(padded).rstrip()


def right(widths: Sequence[int], cells: Iterable[str]) -> str:
    """Set the first cell left, the others right-aligned: tables of numbers."""
    first, *others = cells
    padded = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=False)]
    return " ".join([first.ljust(widths[0]), *padded]).rstrip()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table whose columns are as wide as their longest cell."""
    widths = [max(len(row[index]) for row in (head, *rows)) for index in range(len(head))]
    return "".join(f"{columns(widths, row).rstrip()}\n" for row in (head, *rows))


def ruled(widths: Sequence[int], heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table with dashes under its heads, as most of EOS's tables are."""
    lines = [columns(widths, heads), columns(widths, ["-" * width for width in widths])]
    lines += [columns(widths, row) for row in rows]
    return "\n".join(lines) + "\n"


def wrapped(items: Iterable[str], width: int) -> list[str]:
    """Join items with commas into lines of at most `width`; at least one line."""
    lines: list[str] = [""]
    for item in items:
        joined = f"{lines[-1]}, {item}" if lines[-1] else item
        if lines[-1] and len(joined) > width:
            lines[-1] += ","
            lines.append(item)
        else:
            lines[-1] = joined
    return lines


def up_or_down_time(seconds: float) -> str:
    """Return the age of a session as BGP tables print it: `00:05:12`, later `3d04h`."""
    whole = max(int(seconds), 0)
    if whole < DAY:
        return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // DAY}d{whole // 3600 % 24:02}h"


def long_time(seconds: float) -> str:
    """Return a duration in words: `2 days, 1 hour, 5 minutes, 3 seconds`."""
    whole = max(int(seconds), 0)
    parts = ((DAY, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
    words: list[str] = []
    for size, name in parts:
        count, whole = divmod(whole, size)
        if count or (name == "second" and not words):
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(words)


def ago(seconds: float) -> str:
    """Return an age as LLDP prints it: `2 days, 1:05:03`, below a day `1:05:03`."""
    whole = max(int(seconds), 0)
    clock = f"{whole // 3600 % 24}:{whole // 60 % 60:02}:{whole % 60:02}"
    days = whole // DAY
    return f"{days} day{'' if days == 1 else 's'}, {clock}" if days else clock


def number_ranges(numbers: Iterable[int]) -> str:
    """Return `10-12,20` for 10, 11, 12 and 20."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
