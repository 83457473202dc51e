"""ReadPath: from a request for compiled data straight to the bytes of the answer; everything else it leaves alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psycopg
from starlette.requests import Request
from starlette.responses import Response

from api.access_journal import AccessJournal
from api.language import language_of
from api.read_connections import ReadConnections
from auth.viewer import Viewer
from auth.viewers import Viewers
from schema.compiled.execute import CompiledReads, Prepared, Question
from schema.compiled.reasons import NotCompiled, Reason
from schema.context import Context, open_context
from schema.errors import access_report

RELOADS = 5
HEADERS = {"Cache-Control": "no-store", "Vary": "Authorization, Accept-Language"}


@dataclass(frozen=True)
class ReadPath:
    """Compiled plans, connections of their own, and the journal of what was read."""

    reads: CompiledReads
    connections: ReadConnections
    viewers: Viewers
    journal: AccessJournal
    clock: Callable[[], datetime]

    async def respond(self, request: Request) -> Response | None:
        """The whole answer, recorded; None when the reference executor has to give it, refusals among them."""
        question = await question_of(request)
        if question is None:
            return None
        viewer = await self.viewers.viewer(request.state.caller)
        found = await self.ask(viewer, question)
        if found is None:
            return None
        viewer, prepared, row = found
        context = self.context(viewer, request, question)
        data = self.reads.answer(context, prepared, row)
        if data is None:
            return None
        await self.journal.record(context)
        body = b'{"data":' + data + b',"extensions":' + orjson.dumps(access_report(context)) + b"}"
        return Response(body, 200, HEADERS, "application/json")

    async def ask(self, viewer: Viewer, question: Question) -> tuple[Viewer, Prepared, tuple[Any, ...]] | None:
        """Run the statement, for a newer viewer where this one is out of date."""
        for _ in range(RELOADS):
            prepared = await self.reads.prepare(viewer, question)
            if prepared is None:
                return None
            try:
                row = await self.connections.read(viewer, prepared.plan.sql, prepared.values)
            except UnicodeError:  # half a surrogate pair in an argument: no text that could be sent
                self.reads.passes(NotCompiled(Reason.REFUSED_ARGUMENTS))
                return None
            except psycopg.Error as error:
                self.reads.passes(NotCompiled(Reason.DATABASE, error.sqlstate or type(error).__name__))
                return None
            if row is not None:
                return viewer, prepared, row
            if viewer.caller is not None:
                viewer = await self.viewers.reload(viewer.caller)
        return None

    def context(self, viewer: Viewer, request: Request, question: Question) -> Context:
        """What values worked out in Python may look at; there is no transaction any more."""
        context = open_context(viewer, None, self.reads.contract.types, self.clock)
        context.request_id, context.language = request.state.request_id, language_of(request.headers)
        context.operation = question.operation_name
        return context


async def question_of(request: Request) -> Question | None:
    """What a well-formed request asks; None for any other: saying what is wrong is left to others."""
    try:
        if request.method == "GET":
            found = dict(request.query_params)
            variables = orjson.loads(found["variables"]) if "variables" in found else None
            asked: Any = found | {"variables": variables}
        elif request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
            asked = orjson.loads(await request.body())
        else:
            return None
    except orjson.JSONDecodeError:
        return None
    return _well_formed(asked) if request.method in ("GET", "POST") and isinstance(asked, dict) else None


def _well_formed(asked: dict[str, Any]) -> Question | None:
    text, name = asked.get("query"), asked.get("operationName")
    variables, extensions = asked.get("variables"), asked.get("extensions")
    if not isinstance(text, str) or not isinstance(name, str | None):
        return None
    fits = isinstance(variables, dict | None) and isinstance(extensions, dict | None)
    return Question(text, variables, name) if fits else None
