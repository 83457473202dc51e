"""What this noun brings to the contract: who sees what, and the logs that people may read."""

from schema.access import field_access, role_rules
from schema.access.logs import AuditEntry, RecordOpening, changes_between, openings_between
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import page
from schema.engine.mapping.pages import Connection
from schema.engine.noun import Noun


class Queries:
    """Where reading begins."""

    audit_entries: Connection[AuditEntry] | None = page(
        "Changes that you may look into (журнал изменений), oldest first: take the `last` ones.",
        PUBLIC,
        order=("happened_at", "id"),
        where=changes_between,
    )
    record_openings: Connection[RecordOpening] | None = page(
        "Openings of personal records that you may look into (журнал обращений), oldest first.",
        PUBLIC,
        order=("happened_at", "id"),
        where=openings_between,
    )
    access = field_access.access
    access_matrix = field_access.access_matrix
    roles = role_rules.roles


NOUN = Noun(queries=Queries)
