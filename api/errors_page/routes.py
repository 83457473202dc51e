"""Route of the errors page: /errors, an anchor for each code."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.routing import Route

from api.kept_files import PAGE_POLICY, kept
from domain.error_catalogue import CATALOGUE

FOLDER = Path(__file__).parent


def errors_routes() -> list[Route]:
    """The page is the same for everybody, and made now."""
    return [Route("/errors", kept(errors_page().encode(), "text/html", {"Content-Security-Policy": PAGE_POLICY}))]


def errors_page() -> str:
    """Render the page from `domain/error_catalogue.py`."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("page.html").render(catalogue=CATALOGUE)
