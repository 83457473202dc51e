"""How personal a value is. It never opens anything; it sets duties: audit, explicit grants, no caching."""

from enum import IntEnum


class Sensitivity(IntEnum):
    """Classes P0..P3 of the domain, least to most personal. A column without a class counts as P3."""

    P0 = 0
    """Public: the register of organisations, published ratings, large aggregates."""
    P1 = 1
    """Internal: timetable, curriculum, lesson topics, who works where."""
    P2 = 2
    """Personal: names with marks, attendance, contacts, documents."""
    P3 = 3
    """Special: health, family circumstances, bans. Needs a permission written out in the role's own line."""
