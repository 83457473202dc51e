"""Rows that stayed out, as a file that can be mended and sent again: their cells, then what is wrong."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def rejects_file(rows: Iterable[dict[str, Any]]) -> bytes:
    """CSV with semicolons, UTF-8 with BOM as spreadsheets expect it; rows as the contract gives them."""
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    for row in rows:
        cells = row["raw"] or (row["source"] or {}).get("cells") or []
        reasons = [f"{issue['column'] or ''}: {issue['code']} {issue['message']}" for issue in row["issues"]]
        writer.writerow([harmless(cell) for cell in [*cells, f"строка {row['sourceRow']}", *reasons]])
    return written.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A text that a spreadsheet would work out as a formula gets an apostrophe; reading takes it off again."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
