"""The library judges tokens by the machine's clock: so here do the provider and its database."""

from collections.abc import Iterator

import pytest

from tests.clock import unshifted


@pytest.fixture(autouse=True)
def machine_clock() -> Iterator[None]:
    """Before any database of a test is made."""
    with unshifted():
        yield
