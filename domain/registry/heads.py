"""Branches find their heads by the number that both carry, if exactly one head carries it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.records.organisations import HeadStatus, RegistryIssueCode
from domain.registry.rows import RegistryProblem, RegistryRow

Heads = Mapping[tuple[str, str], Sequence[RegistryRow]]


def resolve_heads(rows: Sequence[RegistryRow]) -> list[RegistryRow]:
    """Link each branch to its head among the rows; the rest is flagged HEAD_UNRESOLVED. Order is kept."""
    heads = defaultdict(list)
    for row in rows:
        if not row.is_branch:
            for number in _numbers(row):
                heads[number].append(row)
    return [_with_head(row, heads) if row.is_branch else row for row in rows]


def _with_head(branch: RegistryRow, heads: Heads) -> RegistryRow:
    found = {head.key: head for number in _numbers(branch) for head in heads.get(number, ())}
    if len(found) == 1:
        head = next(iter(found))
        return replace(branch, head=head, head_status=HeadStatus.BRANCH)
    column, raw = next(iter(_numbers(branch)), ("ogrn", ""))
    return branch.flagged(RegistryProblem(RegistryIssueCode.HEAD_UNRESOLVED, column, raw))


def _numbers(row: RegistryRow) -> list[tuple[str, str]]:
    """Give what a head and its branch have in common: OGRN, INN."""
    return [(column, number) for column, number in (("ogrn", row.ogrn), ("inn", row.inn)) if number]
