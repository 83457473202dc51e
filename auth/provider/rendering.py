"""Pages: Jinja templates, one style sheet, no script, and the policy that keeps it so."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from auth.provider.config import ProviderConfig

FOLDER = Path(__file__).with_name("pages")


class Pages:
    """Renders the pages of one provider."""

    def __init__(self, config: ProviderConfig) -> None:
        self._environment = _environment(config.issuer, config.development)

    def page(self, name: str, status: int = 200, form_targets: Iterable[str] = (), **context: object) -> HTMLResponse:
        """A page. `form_targets`: where else its forms may end, for browsers check the redirect after a form too."""
        html = self._environment.get_template(name).render(context)
        return HTMLResponse(html, status, {"Content-Security-Policy": content_policy(form_targets)})

    def error(self, status: int, title: str, advice: str, code: str | None = None) -> HTMLResponse:
        """A page that says what happened and what to do now; `code` is for whoever supports the person."""
        return self.page("error.html", status, title=title, advice=advice, code=code)


def content_policy(form_targets: Iterable[str] = ()) -> str:
    """Nothing but our own style sheet, no frames around us, forms to ourselves and the targets."""
    targets = " ".join(dict.fromkeys(["'self'", *form_targets]))
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _environment(issuer: str, development: bool) -> Environment:
    """Compiled templates, once for each process and address."""
    loader = FileSystemLoader(FOLDER)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals |= {"issuer": issuer, "development": development}
    return environment
