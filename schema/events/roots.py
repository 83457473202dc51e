"""What this noun brings to the contract: what changed."""

from schema.engine.noun import Noun
from schema.events import since
from schema.events.subscriptions import Subscriptions


class Queries:
    """Where reading begins."""

    changes = since.changes


NOUN = Noun(queries=Queries, subscriptions=Subscriptions)
