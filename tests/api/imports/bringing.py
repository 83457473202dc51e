"""How tests bring a file in: over HTTP as a client does it, then the worker is asked to finish what waits."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2
from openpyxl import Workbook

from tests.schema.demo import Demo, id_of

SCHOOL = id_of("Organisation", "school")
REGION = id_of("Organisation", "region")
START = """
mutation Start($i: StartImportInput!) {
  startImport(input: $i) { importRun { id status } userErrors { __typename code path } }
}
"""
RUN = """
query Run($id: ID!) {
  importRun(id: $id) {
    id status progress total done created changed unchanged rejected flagged warned failureCode failure
    startedAt finishedAt
    issues { code message column value fatal }
    rows(first: 100) {
      totalCount
      nodes { sourceRow outcome objectId raw issues { code column value fatal message } source { cells } }
    }
  }
}
"""
COUNTS = ("created", "changed", "unchanged", "rejected", "flagged", "warned")


async def upload(
    demo: Demo, content: bytes, name: str, viewer: str, *, organisation: str = SCHOOL, **headers: str
) -> httpx2.Response:
    """Send a file, raw."""
    told = await demo.headers(viewer) | {"X-File-Name": quote(name), "Content-Type": "text/csv"} | headers
    return await demo.client.post(f"/imports/files?organisation={organisation}", content=content, headers=told)


async def start(demo: Demo, file: str, kind: str, viewer: str, **given: Any) -> dict[str, Any]:
    """Ask for a run; gives the payload."""
    asked = {"clientMutationId": str(uuid4()), "fileId": file, "kind": kind} | given
    return (await demo.query(START, {"i": asked}, viewer)).data["startImport"]  # type: ignore[no-any-return]


async def queued(
    demo: Demo,
    content: bytes,
    kind: str,
    viewer: str,
    *,
    name: str = "file.csv",
    organisation: str = SCHOOL,
    **given: Any,
) -> str:
    """Send a file and ask for a run; gives the id of the run."""
    sent = await upload(demo, content, name, viewer, organisation=organisation)
    payload = await start(demo, sent.json()["fileId"], kind, viewer, **given)
    assert payload["userErrors"] == []
    return str(payload["importRun"]["id"])


async def look(demo: Demo, run: str, viewer: str) -> dict[str, Any]:
    """The run as somebody sees it."""
    return (await demo.query(RUN, {"id": run}, viewer)).data["importRun"]  # type: ignore[no-any-return]


async def bring_in(demo: Demo, content: bytes, kind: str, viewer: str, **given: Any) -> dict[str, Any]:
    """All of it: send, start, finish, look."""
    run = await queued(demo, content, kind, viewer, **given)
    await demo.app.state.imports.drain()
    return await look(demo, run, viewer)


def counts(run: dict[str, Any]) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: run[name] for name in COUNTS if run[name]}


def codes(row: dict[str, Any]) -> list[str]:
    """The codes of a row's issues."""
    return [issue["code"] for issue in row["issues"]]


def lines(*rows: Sequence[object], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A delimited file."""
    return "\r\n".join(delimiter.join(str(cell) for cell in row) for row in rows).encode(encoding)


def workbook(*rows: Sequence[object]) -> bytes:
    """An XLSX file with these cells."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    written = BytesIO()
    book.save(written)
    return written.getvalue()
