"""The nouns of the contract: a noun signs in here, and nowhere else."""

from schema.access.roots import NOUN as ACCESS
from schema.engine.roots import ENGINE
from schema.enrolments.roots import NOUN as ENROLMENTS
from schema.events.roots import NOUN as EVENTS
from schema.figures.roots import NOUN as FIGURES
from schema.imports.roots import NOUN as IMPORTS
from schema.journals.roots import NOUN as JOURNALS
from schema.organisations.roots import NOUN as ORGANISATIONS
from schema.people.roots import NOUN as PEOPLE
from schema.registers.roots import NOUN as REGISTERS
from schema.summaries.roots import NOUN as SUMMARIES

NOUNS = (
    ENGINE,
    PEOPLE,
    ORGANISATIONS,
    ENROLMENTS,
    JOURNALS,
    SUMMARIES,
    FIGURES,
    REGISTERS,
    IMPORTS,
    EVENTS,
    ACCESS,
)
"""In the order in which the roots list their fields."""
