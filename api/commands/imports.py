"""Bringing a file in from the command line, in somebody's name, by the same contract; and templates to fill in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import NullPool, create_engine, text

from api.commands import CommandError, Say
from api.database import Database, database_urls, open_database
from api.imports.rejects import rejects_file
from api.imports.upload import RefusedUpload, Sent, keep_file
from api.imports.worker import ImportWorker
from api.seed import demo_ids
from api.settings import Settings
from api.transactions import writing_as
from auth.permissions import SCOPES
from auth.snils_index import SnilsIndex
from auth.viewer import Caller
from auth.viewers import Viewers
from domain.clock import now
from domain.imports.templates import TEMPLATES, template
from schema import Contract, build_schema
from schema.engine.context import Language, open_context

CLIENT = "vhod-cli"
WAIT_SECONDS = 0.5
ENDED = ("DONE", "REFUSED", "FAILED", "CANCELLED")
START = """
mutation ($i: StartImportInput!) {
  startImport(input: $i) { importRun { id } userErrors { message path } }
}
"""
LOOK = """
query ($id: ID!, $after: String) {
  importRun(id: $id) {
    status failure total created changed unchanged rejected flagged warned
    sheet headerRow columns { place title understood day filled }
    issues { code column message }
    rows(first: 100, after: $after, outcome: [REJECTED, FLAGGED]) {
      nodes { sourceRow outcome raw issues { code column message } source { cells } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
COUNTS = ("total", "created", "changed", "unchanged", "rejected", "flagged", "warned")
ACCOUNT = text(
    "select issuer, subject from external_identity where subject = :who or person_id::text = :who"
    " order by linked_at desc, issuer limit 1"
)
PLACE = text("select id from organisation where id::text = :place or ogrn = :place")


def write_template(name: str, output: str | None, say: Say) -> None:
    """Write a template as XLSX. Raises CommandError for a name that there is none of."""
    if name not in TEMPLATES:
        raise CommandError(f"no template {name}: {', '.join(TEMPLATES)}")
    file = Path(output or f"{name}.xlsx")
    file.write_bytes(template(name))
    say(f"{file}: fill it in below the header; the invented row may go")


def import_file(settings: Settings, file: str, given: dict[str, Any], say: Say) -> None:
    """Bring a file in and tell what it came to.

    `given` is the input of startImport without file and key, with `organisation` (OGRN or id) and `person` (id, or
    subject of the account). Rejected rows are written beside the file. Raises CommandError when nothing was taken in.
    """
    path = Path(file)
    try:
        sent = Sent(path.name, "application/octet-stream", path.read_bytes())
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    with database_urls(settings) as urls:
        place = _one(urls.owner, PLACE, {"place": given.pop("organisation").rpartition(":")[2]}, "organisation")[0]
        account = _one(urls.owner, ACCOUNT, {"who": _person(settings, given.pop("person"))}, "person with an account")
        caller = Caller(account.issuer, account.subject, CLIENT, frozenset(SCOPES), trusted=True)
        desk = Desk(open_database(urls, pool_size=3), caller, SnilsIndex(settings.secret_key))
        run, pages = asyncio.run(_bring_in(desk, (place, sent), given))
    _tell(run, pages, sent, say)


def _person(settings: Settings, who: str) -> str:
    """An id or a subject; in development also the key of a demo person."""
    known = demo_ids().get(f"person-{who}") if settings.development else None
    return str(known or who.rpartition(":")[2])


def _one(owner: Any, query: Any, wanted: dict[str, str], what: str) -> Any:
    with create_engine(owner, poolclass=NullPool).connect() as connection:
        found = connection.execute(query, wanted).all()
    if len(found) != 1:
        raise CommandError(f"{len(found)} {what}s: {', '.join(wanted.values())}")
    return found[0]


async def _bring_in(desk: "Desk", what: tuple[UUID, Sent], given: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    try:
        run = await desk.start(*what, given)
        await desk.carry_out(run)
        return run, [page async for page in desk.pages(run)]
    except RefusedUpload as error:
        raise CommandError(error.english) from None
    finally:
        await desk.close()


def _tell(run: str, pages: list[dict[str, Any]], sent: Sent, say: Say) -> None:
    told = pages[0]
    say(f"{run}  {told['status']}{'  ' + told['failure'] if told['failure'] else ''}")
    say("  ".join(f"{name} {told[name]}" for name in COUNTS))
    _tell_columns(told, say)
    for issue in told["issues"]:
        say(f"file: {issue['column'] or ''} {issue['code']} {issue['message']}")
    rows = [row for page in pages for row in page["rows"]["nodes"]]
    for row in rows[:20]:
        reasons = "; ".join(f"{issue['column'] or ''} {issue['message']}".strip() for issue in row["issues"])
        say(f"row {row['sourceRow']:>5}  {row['outcome']:<9} {reasons}")
    if rows:
        kept = Path(f"{Path(sent.name).stem}.rejects.csv")
        kept.write_bytes(rejects_file(rows))
        say(f"{len(rows)} rows are kept in {kept}")
    if told["status"] not in ("DONE", "REFUSED"):
        raise CommandError(f"the import ended as {told['status']}")


def _tell_columns(told: dict[str, Any], say: Say) -> None:
    """How the file was understood: which row is the header, and what each column means."""
    if told["headerRow"] is None:
        return
    sheet = f"sheet {told['sheet']}, " if told["sheet"] else ""
    say(f"read as header: {sheet}row {told['headerRow']}")
    for column in told["columns"]:
        title = " ".join(column["title"].split()) or "-"
        say(f"column {column['place']:>3}  {title} = {column['day'] or column['understood']}  ({column['filled']})")


class Desk:
    """One person at the command line, speaking the same contract as everybody."""

    def __init__(self, database: Database, caller: Caller, snils: SnilsIndex) -> None:
        self._snils = snils
        self._database = database
        self._caller = caller
        self._viewers = Viewers(database.app, now)
        self._contract: Contract = build_schema()

    async def start(self, place: UUID, sent: Sent, given: dict[str, Any]) -> str:
        """Keep the file and ask for the run; gives its id."""
        key = await keep_file(self._database.app, self._viewers, self._caller, place, sent)
        asked = {"clientMutationId": str(uuid4()), "fileId": f"ImportFile:{key}"} | given
        payload = (await self._ask(START, {"i": asked}))["startImport"]
        if payload["userErrors"]:
            raise CommandError("; ".join(error["message"] for error in payload["userErrors"]))
        return str(payload["importRun"]["id"])

    async def carry_out(self, run: str) -> None:
        """Carry the run out here, or wait for the server that was quicker."""
        worker = ImportWorker(self._database.app, self._viewers, now, self._snils)
        while (await self._look(run, None))["status"] not in ENDED:
            if not await worker.work_once(UUID(run.partition(":")[2])):
                await asyncio.sleep(WAIT_SECONDS)

    async def close(self) -> None:
        """Give the connections back."""
        await self._database.close()

    async def pages(self, run: str) -> AsyncIterator[dict[str, Any]]:
        """The run with its rejected rows, page by page."""
        after: str | None = None
        while True:
            page = await self._look(run, after)
            yield page
            if not page["rows"]["pageInfo"]["hasNextPage"]:
                return
            after = page["rows"]["pageInfo"]["endCursor"]

    async def _look(self, run: str, after: str | None) -> dict[str, Any]:
        return (await self._ask(LOOK, {"id": run, "after": after}))["importRun"]  # type: ignore[no-any-return]

    async def _ask(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        async with writing_as(self._caller, self._database.app, self._viewers) as (connection, viewer):
            context = open_context(viewer, connection, self._contract.types, now)
            context.request_id, context.language = "command-line", Language.RUSSIAN
            result = await self._contract.schema.execute(document, variables, context)
            await context.statements.drain()
        if result.errors or result.data is None:
            raise CommandError("; ".join(error.message for error in result.errors or []))
        return result.data
