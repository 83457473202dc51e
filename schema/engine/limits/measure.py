"""Measure: what a selection asks for, fragments included; it adds up."""

from dataclasses import dataclass

from schema.engine.limits.maxima import ALIASES, FIELDS
from schema.engine.limits.refusals import exceeded


@dataclass(frozen=True, slots=True)
class Measure:
    """The form of a selection, and an estimate of the work behind it.

    `roots` are fields that stand directly in it. `rows` and `cost` are of one object that the selection stands on,
    `page_rows` and `page_cost` of each item of the page that it stands on.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    roots: int = 0
    rows: int = 0
    cost: int = 0
    page_rows: int = 0
    page_cost: int = 0

    def beside(self, other: "Measure") -> "Measure":
        """Both together. Raises LimitExceeded."""
        fields, aliases = self.fields + other.fields, self.aliases + other.aliases
        check_fields(fields)
        if aliases > ALIASES:
            raise exceeded(ALIASES, "aliases, counted wherever a fragment is spread", "псевдонимов с учётом фрагментов")
        return Measure(
            max(self.depth, other.depth),
            fields,
            aliases,
            self.roots + other.roots,
            self.rows + other.rows,
            self.cost + other.cost,
            self.page_rows + other.page_rows,
            self.page_cost + other.page_cost,
        )

    def or_else(self, other: "Measure") -> "Measure":
        """Both in one text, of which an object is answered only one: the dearer one counts. Raises LimitExceeded."""
        both = self.beside(other)
        return Measure(
            both.depth,
            both.fields,
            both.aliases,
            both.roots,
            max(self.rows, other.rows),
            max(self.cost, other.cost),
            max(self.page_rows, other.page_rows),
            max(self.page_cost, other.page_cost),
        )


def check_fields(fields: int) -> None:
    """Raise LimitExceeded when there are too many."""
    if fields > FIELDS:
        raise exceeded(FIELDS, "fields, counted wherever a fragment is spread", "полей с учётом фрагментов")
