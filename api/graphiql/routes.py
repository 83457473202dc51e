"""Routes of the GraphiQL page: itself, with a fresh nonce each time, its assets for ever, and the contract."""

import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.callers import Callers
from api.graphiql.assets import Asset, load_assets
from api.graphiql.page import CONTRACT, GraphiQLPage
from api.settings import Settings

# The committed SDL: what may be introspected, and the rule of every field, which introspection leaves out.
SDL = Path(__file__).resolve().parents[2] / "schema" / "schema.graphql"
NONCE_BYTES = 18
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' data:; style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The smallest under which the editor works: without style attributes line numbers go missing, without data: images
the red underline of errors. Inline scripts, eval and blobs it never needs."""
FOR_EVER = "public, max-age=31536000, immutable"


def graphiql_routes(settings: Settings, callers: Callers) -> list[Route]:
    """Routes of the page; its files are read now, once for each process."""
    page, assets, contract = GraphiQLPage(settings), load_assets(), SDL.read_bytes()

    async def show(_: Request) -> Response:
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        headers = {"Content-Security-Policy": POLICY.format(nonce=nonce), "Cache-Control": "no-store"}
        return Response(page.render(nonce), media_type="text/html", headers=headers)

    async def asset(request: Request) -> Response:
        found = assets.get(request.path_params["name"])
        return Response(status_code=404) if found is None else _sent(found, request)

    async def sdl(request: Request) -> Response:
        if not await callers.signed_in(request):
            return Response(status_code=401, headers={"Cache-Control": "no-store"})
        return Response(contract, media_type="text/plain", headers={"Cache-Control": "no-store"})

    return [
        Route("/graphiql", show),
        Route("/graphiql/assets/{name}", asset),
        Route(CONTRACT, sdl),
    ]


def _sent(asset: Asset, request: Request) -> Response:
    """An asset as it is kept; what goes out unpacked is marked by `api/compression.py`, which could have packed it."""
    coding, body = asset.form_for(request.headers.get("accept-encoding", ""))
    coded = {} if coding == "identity" else {"Content-Encoding": coding, "Vary": "Accept-Encoding"}
    return Response(body, headers={"Content-Type": asset.media_type, "Cache-Control": FOR_EVER, **coded})
