"""Results on stdout: a table for people; JSON, YAML and CSV for machines."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

SCHEMA_VERSION = 1


def emit_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object with its schema version."""
    click.echo(json.dumps({"schema_version": SCHEMA_VERSION, **data}, indent=2, default=str))


def emit(
    form: str, data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], *lines: str
) -> None:
    """Print a result in the form asked for: JSON and YAML whole, tables and CSV the rows.

    `lines` follow a table, for people.
    """
    if form == "json":
        emit_json(data)
    elif form == "yaml":
        import yaml

        plain = json.loads(json.dumps(dict(data), default=str))
        text = yaml.safe_dump({"schema_version": SCHEMA_VERSION, **plain}, sort_keys=False)
        click.echo(text, nl=False)
    elif form == "csv":
        _emit_csv(rows)
    else:
        if rows:
            emit_table(tuple(rows[0]), [tuple(row.values()) for row in rows])
        for line in lines:
            click.echo(line)


def _emit_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    click.echo(out.getvalue(), nl=False)


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
