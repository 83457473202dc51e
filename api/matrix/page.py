"""The HTML of the matrix page: permissions of the roles, or the fields that a filter asks for."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.matrix.rows import Filter, Row
from auth.permissions import Permission, roles_with
from domain.roles import Role
from domain.sensitivity import Sensitivity
from schema.people.role_words import ROLE_WORDS

FOLDER = Path(__file__).parent
SENSITIVITY_WORDS = {
    Sensitivity.P0: "P0, общедоступные",
    Sensitivity.P1: "P1, внутренние",
    Sensitivity.P2: "P2, персональные",
    Sensitivity.P3: "P3, специальные",
}


class MatrixPage:
    """The page over all rows."""

    def __init__(self, rows: list[Row]) -> None:
        environment = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("page.html")
        self._rows = rows
        self._types = sorted({row.type_name for row in rows})

    def render(self, asked: Filter, *, signed_in: bool, here: str) -> str:
        """The page for a filter; `here` is its own address, to come back to from sign-in."""
        found = [row for row in self._rows if asked.takes(row)] if asked.any and signed_in else []
        return self._template.render(
            asked=asked,
            signed_in=signed_in,
            here=here,
            rows=found,
            total=len(self._rows),
            roles=list(Role),
            words={role: ROLE_WORDS[role][1] for role in Role},
            shown=[asked.role] if asked.role else list(Role),
            types=self._types if signed_in else [],
            classes={one.name: words for one, words in SENSITIVITY_WORDS.items()},
            permissions={} if asked.any else {one.value: holders(one) for one in Permission},
        )


def holders(permission: Permission) -> dict[Role, str]:
    """For every role whether it has a permission: what guests have, everybody has."""
    named = roles_with(permission)
    return {role: "у всех" if Role.GUEST in named else "есть" if role in named else "" for role in Role}
