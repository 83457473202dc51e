"""What this noun brings to the contract: files that were sent."""

from schema.engine.mapping.declare import lookup
from schema.engine.noun import Noun
from schema.imports import starting
from schema.imports.audited import CODES, Audited
from schema.imports.run import ImportRun


class Queries:
    """Where reading begins."""

    import_run: ImportRun | None = lookup("An import by id (загрузка).")


class Mutations:
    """Where changes begin."""

    start_import = starting.start_import
    cancel_import = starting.cancel_import


NOUN = Noun(queries=Queries, mutations=Mutations, codes=CODES, audited=Audited)
