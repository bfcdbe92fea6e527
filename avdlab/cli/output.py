"""Results on stdout: a table for people, JSON for machines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

SCHEMA_VERSION = 1


def emit_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object with its schema version."""
    click.echo(json.dumps({"schema_version": SCHEMA_VERSION, **data}, indent=2, default=str))


def emit_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print plain columns, wide enough for their content."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [
        max([len(column), *(len(row[index]) for row in texts)])
        for index, column in enumerate(columns)
    ]
    for row in ([column.upper() for column in columns], *texts):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())
