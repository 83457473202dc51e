"""Published registers of organisations, read as they are: nothing dropped, nothing repaired in silence.

A caller reads each file with its parser and puts all rows through `compare`, which looks for heads and duplicates.
"""

from collections.abc import Iterable

from domain.registry.duplicates import flag_duplicates
from domain.registry.heads import resolve_heads
from domain.registry.municipalities import UNKNOWN_MUNICIPALITY, match_municipality
from domain.registry.myschool import parse_myschool
from domain.registry.rows import RegistryProblem, RegistryRow, RowKey
from domain.registry.sferum import parse_sferum

__all__ = [
    "UNKNOWN_MUNICIPALITY", "RegistryProblem", "RegistryRow", "RowKey", "compare", "match_municipality",
    "parse_myschool", "parse_sferum",
]  # fmt: skip


def compare(rows: Iterable[RegistryRow]) -> list[RegistryRow]:
    """Add what only shows when rows stand beside each other: heads of branches, possible duplicates."""
    return flag_duplicates(resolve_heads(list(rows)))
