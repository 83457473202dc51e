"""The contract for those who read it: the SDL, and the matrix of who sees what."""

from api.commands import CommandError, Say
from api.settings import CHECKOUT

COMMITTED = CHECKOUT / "schema" / "schema.graphql"


def print_sdl(say: Say) -> None:
    """Print the SDL of the schema that this code builds."""
    from schema.sdl import sdl

    say(sdl().rstrip("\n"))


def check_sdl(say: Say) -> None:
    """Compare the committed SDL with the schema. Raises CommandError when it is stale."""
    from schema.sdl import sdl

    if not COMMITTED.exists() or COMMITTED.read_text(encoding="utf-8").rstrip("\n") != sdl().rstrip("\n"):
        raise CommandError("schema/schema.graphql is stale: make sdl, and read the difference")
    say("schema/schema.graphql is fresh")


def print_matrix(form: str, say: Say) -> None:
    """Print who sees what: `csv`, `json`, or `md` for reading."""
    from schema.access.matrix import matrix

    say(matrix(form).rstrip("\n"))


def print_errors(say: Say) -> None:
    """Print the catalogue of errors."""
    from domain.error_catalogue import reference

    say(reference().rstrip("\n"))
