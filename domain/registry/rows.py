"""A row of a register after parsing, and what was wrong with it as printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from domain.records.organisations import HeadStatus, IdentifierStatus, OrganisationKind, RegistryIssueCode


class RowKey(NamedTuple):
    """Where a row stands: register and number of the data line, from 1. Printed row numbers may be cut or repeated."""

    register: str
    line: int


@dataclass(frozen=True)
class RegistryProblem:
    """One thing that is wrong with a row: code, column of the file, and the text that stood there."""

    code: RegistryIssueCode
    column: str
    raw: str


@dataclass(frozen=True)
class RegistryRow:
    """An organisation as a register shows it. Identifiers are text (leading zeros count), None when not printed.

    `municipality` is the name we know it by, `municipality_printed` what stood in the file. `counts` are the file's
    own numbers (teachers, pupils ...) by column name.
    """

    key: RowKey
    printed_number: str
    region: str
    municipality: str
    municipality_printed: str
    oktmo: str | None
    kind: OrganisationKind
    name: str
    ogrn: str | None
    ogrn_status: IdentifierStatus
    inn: str | None
    inn_status: IdentifierStatus
    head_status: HeadStatus
    head: RowKey | None = None
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)
    problems: tuple[RegistryProblem, ...] = ()

    @property
    def is_branch(self) -> bool:
        """Whether the register calls it a branch, its head known or not."""
        return self.head_status is not HeadStatus.HEAD

    def flagged(self, *problems: RegistryProblem) -> Self:
        """Give the same row with more problems."""
        return replace(self, problems=(*self.problems, *problems))
