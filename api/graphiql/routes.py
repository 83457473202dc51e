"""Routes of the GraphiQL page: itself, with a fresh nonce each time, its assets for ever, and the contract."""

import gzip
import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.callers import Callers
from api.graphiql.assets import Asset, load_assets
from api.graphiql.page import CONTRACT, GraphiQLPage
from api.settings import Settings

SDL = Path(__file__).resolve().parents[2] / "schema" / "schema.graphql"
NONCE_BYTES = 18
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' data:; style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The smallest under which the editor works: without style attributes line numbers go missing, without data: images
the red underline of errors. Inline scripts, eval and blobs it never needs."""
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def graphiql_routes(settings: Settings, callers: Callers) -> list[Route]:
    """Routes of the page; its files are read now, once for each process."""
    page, assets, contract = GraphiQLPage(settings), load_assets(), load_contract()

    async def show(_: Request) -> Response:
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        headers = {"Content-Security-Policy": POLICY.format(nonce=nonce), "Cache-Control": "no-store"}
        return Response(page.render(nonce), media_type="text/html", headers=headers)

    async def asset(request: Request) -> Response:
        found = assets.get(request.path_params["name"])
        return Response(status_code=404) if found is None else _sent(found, request, FOR_EVER)

    async def sdl(request: Request) -> Response:
        if not await callers.signed_in(request):
            return Response(status_code=401, headers={"Cache-Control": "no-store"})
        return _sent(contract, request, {"Cache-Control": "no-store"})

    return [
        Route("/graphiql", show),
        Route("/graphiql/assets/{name}", asset),
        Route(CONTRACT, sdl),
    ]


def load_contract() -> Asset:
    """The committed SDL, for whoever may introspect; unlike introspection it carries the rule of every field."""
    text = SDL.read_bytes()
    return Asset("text/plain; charset=utf-8", {"gzip": gzip.compress(text), "identity": text})


def _sent(asset: Asset, request: Request, headers: dict[str, str]) -> Response:
    coding, body = asset.form_for(request.headers.get("accept-encoding", ""))
    coded = {} if coding == "identity" else {"Content-Encoding": coding}
    told = {"Vary": "Accept-Encoding", "Content-Type": asset.media_type, **coded, **headers}
    return Response(body, headers=told)
