"""MaskedString: what is left of a value for those who need to recognise it, not to know it."""

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value


@structure(
    "A value that may be shown in part (частично скрытое значение). A mask is not a value and cannot be written."
)
class MaskedString:
    """A type of its own, so that a client cannot take the mask for the value."""

    display: str = value("What you may see, such as `***-***-123 45` (что видно).", PUBLIC, Sensitivity.P2)
    masked: bool = value("Whether parts are hidden (скрыта ли часть).", PUBLIC)


def masked_string(display: str | None, *, masked: bool) -> MaskedString | None:
    """The value as this viewer sees it; None where there is none."""
    return None if display is None else MaskedString(display=display, masked=masked)
