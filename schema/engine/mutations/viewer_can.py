"""What the viewer can do with an object, and why: for buttons, since client caches drop `extensions`."""

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value


@structure("Whether you can do something, and why (возможность действия).")
class Action:
    """One action."""

    allowed: bool = value("Whether it would be accepted now (разрешено ли).", PUBLIC)
    because: str = value("Why, in your language (почему).", PUBLIC)
