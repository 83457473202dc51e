"""Routes of the matrix: /access for people, /access.csv, .json and .md for tables, programs and texts."""

from functools import cache, partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api.callers import Callers
from api.kept_files import PAGE_POLICY, Serve, kept_file
from api.matrix.page import FOLDER, MatrixPage
from api.matrix.rows import Filter, row_of
from domain.roles import Role
from schema import Contract
from schema.access.matrix import matrix
from schema.engine.access.field_rules import field_rules

TEXT_CHARACTERS = 80


def matrix_routes(contract: Contract, callers: Callers) -> list[Route]:
    """Routes of the matrix, which is worked out when it is first asked for: a server starts without it.

    What each role may do is open to all. Names of fields are for those who may introspect the schema: the signed-in.
    """

    @cache
    def page() -> MatrixPage:
        return MatrixPage([row_of(rule) for rule in field_rules(contract.graphql)])

    async def show(request: Request) -> Response:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        signed_in = await callers.signed_in(request)
        made = await run_in_threadpool(page)
        text = made.render(filter_of(request.query_params), signed_in=signed_in, here=here)
        headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"}
        return Response(text, media_type="text/html", headers=headers)

    def whole(form: str, media_type: str) -> Serve:
        text = cache(partial(matrix, form))

        async def serve(request: Request) -> Response:
            if not await callers.signed_in(request):
                return RedirectResponse(f"/session/sign-in?next={request.url.path}", 303)
            body = await run_in_threadpool(text)
            return Response(body, media_type=media_type, headers={"Cache-Control": "no-store"})

        return serve

    return [
        Route("/access", show),
        Route("/access.csv", whole("csv", "text/csv")),
        Route("/access.json", whole("json", "application/json")),
        Route("/access.md", whole("md", "text/markdown")),
        Route("/access/access.css", kept_file(FOLDER / "access.css", "text/css")),
    ]


def filter_of(asked: QueryParams) -> Filter:
    """Read a filter; what is no role, and text beyond the limit, is as if it were not there."""
    role = asked.get("role", "")
    return Filter(
        role=Role(role) if role in Role.__members__.values() else None,
        type_name=asked.get("type", ""),
        sensitivity=asked.get("class", ""),
        text=asked.get("text", "").strip()[:TEXT_CHARACTERS],
        seen=asked.get("seen") == "1",
    )
