"""Versions of the database's structure, read off the migrations' files: a server need not load what makes them."""

import re
from functools import lru_cache

from api.settings import CHECKOUT

VERSIONS = CHECKOUT / "migrations" / "versions"
REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
DOWN_REVISION = re.compile(r'^down_revision = (?:"(\w+)"|None)$', re.MULTILINE)


def newest_version() -> str | None:
    """Revision that a ready database has; None while no migration is written."""
    before = _before()
    heads = before.keys() - set(before.values())
    return max(heads, default=None)


def serves(version: str | None) -> bool:
    """Whether this code can serve a database of this version: its newest, or one that only a later release knows.

    A release expands before it contracts (docs/operation.md), so the servers of the one before go on serving.
    """
    return version is not None and (version == newest_version() or version not in _before())


@lru_cache(maxsize=1)
def _before() -> dict[str, str | None]:
    """Every version with the one that it follows. Raises ValueError for a file that does not say so."""
    return dict(map(_links, (file.read_text(encoding="utf-8") for file in sorted(VERSIONS.glob("*.py")))))


def _links(text: str) -> tuple[str, str | None]:
    own, before = REVISION.search(text), DOWN_REVISION.search(text)
    if own is None or before is None:
        raise ValueError("a migration without revision or down_revision on a line of its own")
    return own[1], before[1]
