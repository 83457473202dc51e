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
from api.questions import GraphQLRequest
from api.read_connections import ReadConnections
from api.refusals import HEADERS
from auth.entering import RELOADS
from auth.viewer import Viewer
from auth.viewers import Viewers
from schema.engine.compiled.execute import CompiledReads, Prepared, Question
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.context import Context, open_context
from schema.engine.errors import access_report
from schema.engine.limits.purse import Purse


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
        asked: GraphQLRequest = request.state.asked
        question = Question(asked.query or "", asked.variables, asked.operation_name)
        viewer = await self.viewers.viewer(request.state.caller)
        found = await self.ask(viewer, question, request.state.purse)
        if found is None:
            return None
        viewer, prepared, row = found
        context = self.context(viewer, request, question)
        data = self.reads.answer(context, prepared, row)
        if data is None:
            return None
        await self.journal.record(context)
        body = b'{"data":' + data + b',"extensions":' + orjson.dumps(access_report(context)) + b"}"
        request.state.context = context
        return Response(body, 200, HEADERS, request.state.media_type)

    async def ask(
        self, viewer: Viewer, question: Question, purse: Purse | None = None
    ) -> tuple[Viewer, Prepared, tuple[Any, ...]] | None:
        """Run the statement, for a newer viewer where this one is out of date. Raises RateLimited."""
        for _ in range(RELOADS):
            prepared = await self.reads.prepare(viewer, question)
            if prepared is None:
                return None
            if purse is not None:
                await purse.take(prepared.cost.requested)
            try:
                row = await self.connections.read(viewer, prepared.plan.sql, prepared.values)
            except (UnicodeError, psycopg.Error) as error:
                self.reads.passes(_failure(error))
                return None
            if row is not None:
                return viewer, prepared, row
            viewer = await self.viewers.again(viewer)
        return None

    def context(self, viewer: Viewer, request: Request, question: Question) -> Context:
        """What values worked out in Python may look at; there is no transaction any more."""
        context = open_context(viewer, None, self.reads.contract.types, self.clock)
        context.request_id, context.language = request.state.request_id, language_of(request.headers)
        context.operation = question.operation_name
        return context


def _failure(error: UnicodeError | psycopg.Error) -> NotCompiled:
    """Why there is no row: half a surrogate pair and NUL are no text that could be sent, the rest is the database's."""
    state = getattr(error, "sqlstate", None)
    if state is None and isinstance(error, UnicodeError | psycopg.DataError):
        return NotCompiled(Reason.REFUSED_ARGUMENTS)
    return NotCompiled(Reason.DATABASE, state or type(error).__name__)
