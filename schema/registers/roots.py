"""What this noun brings to the contract: achievements, staff files, programmes, screenings."""

from auth.permissions import Permission as P
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import page
from schema.engine.mapping.pages import Connection
from schema.engine.noun import Noun
from schema.registers import achievements, rehabilitation, screenings, staff_files
from schema.registers.achievements import Achievement
from schema.registers.audited import CODES, Audited
from schema.registers.listed import achievements_listed, employment_listed, programmes_listed, screenings_listed
from schema.registers.rehabilitation import RehabilitationProgramme
from schema.registers.screenings import ScreeningParticipation
from schema.registers.staff_files import EmploymentRecord


class Queries:
    """Where reading begins."""

    achievements: Connection[Achievement] | None = page(
        "Achievements that you may see (достижения), by day.",
        PUBLIC,
        order=("happened_on", "id"),
        where=achievements_listed,
    )
    employment_records: Connection[EmploymentRecord] | None = page(
        "Entries of staff files that you keep (личные дела работников), by day; your own is at `me`.",
        Access(P.STAFF_FILE_LIST),
        order=("happened_on", "id"),
        where=employment_listed,
    )
    rehabilitation_programmes: Connection[RehabilitationProgramme] | None = page(
        "Programmes of rehabilitation that you may see (ИПРА), by first day; special data.",
        PUBLIC,
        order=("starts_on", "id"),
        where=programmes_listed,
    )
    screenings: Connection[ScreeningParticipation] | None = page(
        "Participation in psychological screening that you may see (СПТ), by year; special data. The last version of"
        " each counts.",
        PUBLIC,
        order=("school_year", "student_id", "version", "id"),
        where=screenings_listed,
    )


class Mutations:
    """Where changes begin."""

    record_employment = staff_files.record_employment
    record_achievement = achievements.record_achievement
    plan_rehabilitation_measure = rehabilitation.plan_rehabilitation_measure
    report_rehabilitation_measure = rehabilitation.report_rehabilitation_measure
    record_screening = screenings.record_screening


NOUN = Noun(queries=Queries, mutations=Mutations, codes=CODES, audited=Audited)
