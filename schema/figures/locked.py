"""Locked: the refusal to change figures that somebody has approved."""

from datetime import datetime

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.user_errors import UserError
from schema.named_later import OrganisationLater
from schema.people.roles import Role


@structure("The figures are approved (показатели утверждены): whoever approved them can open them again. Code: LOCKED.")
class Locked(UserError):
    """Code: LOCKED."""

    locked_for: OrganisationLater | None = value("For whom and all below they were approved (для кого).", PUBLIC)
    role: Role | None = value("Under which role (от имени какой роли).", PUBLIC)
    locked_at: datetime = value("When (когда).", PUBLIC)
