"""The seeded database that tests of the edge copy: seeding takes seconds, copying a tenth of one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.schema.demo import seeded_template


@pytest.fixture(scope="session")
def demo_template(database_server: Any, database_template: str) -> Iterator[str]:
    """Name of the seeded database; nobody works in it, everybody in a copy."""
    with seeded_template(database_server, database_template) as name:
        yield name
