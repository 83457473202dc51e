"""What this noun brings to the contract: organisations, classes, settings."""

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import lookup, page
from schema.engine.mapping.pages import Connection
from schema.engine.noun import Noun
from schema.organisations import policies_writing
from schema.organisations.audited import CODES, Audited
from schema.organisations.classes import ClassGroup, Subject
from schema.organisations.organisation import Organisation, listed


class Queries:
    """Where reading begins."""

    organisation: Organisation | None = lookup("An organisation by id (организация).")
    class_group: ClassGroup | None = lookup("A class by id (класс).")
    organisations: Connection[Organisation] | None = page(
        "The register of organisations (реестр организаций), by name.", PUBLIC, order=("fold", "id"), where=listed
    )
    subjects: Connection[Subject] | None = page("Subjects of the catalogue (предметы).", PUBLIC, order=("name", "id"))


class Mutations:
    """Where changes begin."""

    update_organisation_policy = policies_writing.update_organisation_policy


NOUN = Noun(queries=Queries, mutations=Mutations, codes=CODES, audited=Audited)
