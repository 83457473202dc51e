"""Routes of the matrix: /access for people, /access.csv and /access.md for tables and texts."""

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.kept_files import PAGE_POLICY, kept, kept_file
from api.matrix.page import FOLDER, MatrixPage
from api.matrix.rows import Filter, rows_of
from domain.roles import Role
from schema import Contract
from schema.matrix import lines, matrix

TEXT_CHARACTERS = 80


def matrix_routes(contract: Contract) -> list[Route]:
    """Routes of the matrix, which is worked out now, once for each process.

    They are open: who may see a child's record is nobody's secret, and names of fields are no data.
    """
    page = MatrixPage(rows_of(lines(), contract.graphql))

    async def show(request: Request) -> Response:
        headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
        return Response(page.render(filter_of(request.query_params)), media_type="text/html", headers=headers)

    return [
        Route("/access", show),
        Route("/access.csv", kept(matrix("csv").encode(), "text/csv", {})),
        Route("/access.md", kept(matrix("md").encode(), "text/markdown", {})),
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
