"""The verbs of `python -m api`; each says its progress through the function it is given."""

from collections.abc import Callable

Say = Callable[[str], None]


class CommandError(Exception):
    """A verb cannot do what was asked; the message says why and what to do."""
