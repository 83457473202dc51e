"""Forms: how each kind of storage is written. What is not here is answered by the reference executor."""

from schema.compiled import cells, edges, pages, roots, worked
from schema.compiled.compiler import Form
from schema.compiled.opening import opened
from schema.mapping.storage import (
    ById,
    Column,
    Derived,
    Identity,
    Keyed,
    Lookup,
    Many,
    One,
    Page,
    Section,
    Storage,
    Worked,
)

FORMS: dict[type[Storage], Form] = {
    Column: opened(cells.column),
    Derived: opened(cells.derived),
    Identity: cells.identity,
    One: opened(edges.one),
    Many: opened(edges.many),
    Page: opened(pages.page),
    Lookup: opened(roots.lookup),
    ById: opened(roots.by_id),
    Keyed: opened(roots.keyed),
    Section: opened(roots.section),
    Worked: opened(worked.worked),
}
