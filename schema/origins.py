"""Where facts come from, as the contract shows it."""

from domain.records.facts import Origin
from schema.engine.enums import explained

explained(
    Origin,
    "How a fact came in (как внесено).",
    ENTERED="Entered by hand (введено).",
    IMPORTED="Imported from a file (импортировано).",
    DERIVED="Worked out (вычислено).",
)

__all__ = ["Origin"]
