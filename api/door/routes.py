"""Routes of the front page: the same HTML for / and /callback, its scripts, style sheet and icon, each with an ETag."""

from pathlib import Path

from starlette.routing import Route

from api.door.page import door_page
from api.kept_files import PAGE_POLICY, kept, kept_file
from api.settings import Settings

FOLDER = Path(__file__).parent
SCRIPT, STYLE, ICON = "text/javascript", "text/css", "image/svg+xml"


def door_routes(settings: Settings) -> list[Route]:
    """Routes of the page and its files; they are read now, once for each process."""
    page = kept(door_page(settings).encode(), "text/html", {"Content-Security-Policy": PAGE_POLICY})
    return [
        Route("/", page),
        Route("/callback", page),
        Route("/door/door.js", kept_file(FOLDER / "door.js", SCRIPT)),
        Route("/door/session.js", kept_file(FOLDER / "session.js", SCRIPT)),
        Route("/door/answer.js", kept_file(FOLDER / "answer.js", SCRIPT)),
        Route("/door/door.css", kept_file(FOLDER / "door.css", STYLE)),
        Route("/favicon.ico", kept_file(FOLDER / "favicon.svg", ICON)),
    ]
