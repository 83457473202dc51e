"""Both: one request, in one transaction, by both executors; what each answers, and what it would record."""

from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.exc import SQLAlchemyError
from strawberry.types import ExecutionResult

from api.graphql import Services
from api.read_path import ReadPath
from auth.row_context import enter
from auth.viewer import Caller, Viewer
from schema.engine.compiled.execute import Question
from schema.engine.compiled.reasons import Reason
from schema.engine.context import Context, Language, open_context
from schema.engine.errors import access_report


@dataclass(frozen=True)
class Request:
    """A document with its variables, and the language of the caller."""

    text: str
    variables: dict[str, Any] | None = None
    language: Language = Language.RUSSIAN


ATTEMPTS = 5
GIVEN_UP = {"UNAVAILABLE", "BUSY"}


@dataclass(frozen=True)
class Outcome:
    """An answer after parsing, and what the access journal would be told."""

    answer: dict[str, Any]
    personal: dict[str, set[Any]]
    special: dict[str, set[Any]]


@dataclass(frozen=True)
class Both:
    """What both executors made of a request; `compiled` is None where the compiler passed, `reason` then says why."""

    request: Request
    compiled: Outcome | None
    reference: Outcome
    reason: Reason | None

    @property
    def agree(self) -> bool:
        """Whether there is no difference, be it for want of a second answer."""
        return self.compiled is None or self.compiled == self.reference


async def ask_both(services: Services, viewer: Viewer, request: Request) -> Both:
    """Run a request twice."""
    path = services.read_path
    passed = path.reads.fallbacks.copy()
    compiled, reference = await gather(ask_compiled(path, viewer, request), ask_reference(services, viewer, request))
    reasons = path.reads.fallbacks - passed
    return Both(request, compiled, reference, next(iter(reasons), None))


async def ask_reference(services: Services, viewer: Viewer, request: Request) -> Outcome:
    """By the reference executor; again where a busy machine made the database give up on a transaction."""
    for _ in range(ATTEMPTS):
        with suppress(SQLAlchemyError):
            async with transaction(services, viewer, request) as context:
                result = await services.contract.schema.execute(
                    request.text, variable_values=request.variables, context_value=context
                )
                found = outcome(context, result)
            if not any(error["extensions"].get("code") in GIVEN_UP for error in found.answer.get("errors", ())):
                return found
    raise AssertionError(f"the database gave up {ATTEMPTS} times on {request.text}")


async def ask_compiled(path: ReadPath, viewer: Viewer, request: Request) -> Outcome | None:
    """By a statement alone, as the endpoint does it; None where the compiler passes."""
    question = Question(request.text, request.variables)
    found = await path.ask(viewer, question)
    if found is None:
        return None
    context = open_context(found[0], None, path.reads.contract.types, path.clock)
    context.language = request.language
    data = path.reads.answer(context, *found[1:])
    return None if data is None else outcome(context, ExecutionResult(orjson.loads(data), None, access_report(context)))


@asynccontextmanager
async def transaction(services: Services, viewer: Viewer, request: Request) -> AsyncIterator[Context]:
    """A context as the endpoint opens it for a read."""
    async with services.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with connection.begin():
            assert await enter(connection, viewer)
            context = open_context(viewer, connection, services.contract.types, services.clock)
            context.request_id, context.language = "differential", request.language
            yield context
            await context.statements.drain()


async def viewer_of(services: Services, caller: Caller | None) -> Viewer:
    """Who that is, worked out anew."""
    return Viewer() if caller is None else await services.viewers.reload(caller)


def outcome(context: Context, result: Any) -> Outcome:
    """An execution result as a client would parse it."""
    answer: dict[str, Any] = {"data": result.data, "extensions": result.extensions}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    readings = context.executor.readings
    parsed = orjson.loads(orjson.dumps(answer, default=str))
    return Outcome(parsed, dict(readings.personal), dict(readings.special))
