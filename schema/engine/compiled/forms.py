"""Forms: how each kind of storage is written. What is not here is answered by the reference executor."""

from schema.engine.compiled import cells, edges, function_keys, pages, python_fields, roots
from schema.engine.compiled.compiler import Form
from schema.engine.compiled.visible_fields import opened
from schema.engine.mapping.storage import (
    ById,
    Called,
    Column,
    Derived,
    Identity,
    Keyed,
    Lookup,
    Many,
    One,
    Page,
    Section,
    Settled,
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
    Settled: opened(edges.settled),
    Called: opened(function_keys.called),
    Worked: opened(python_fields.worked),
}
