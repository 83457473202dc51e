"""Starting and stopping imports: the right is asked for here once, and by the run again in every transaction."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import insert, select, update
from sqlmodel import col

from auth.permissions import Permission as P
from auth.places import covering
from auth.viewer import LiveAssignment
from domain import records
from domain.records.imports import ImportKind, ImportMode, ImportStatus
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.reference import key_of
from schema.engine.mapping.rows import row_of
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError, invalid, not_found
from schema.imports.audited import Audited
from schema.imports.run import ImportRun
from schema.people.acting import chosen

if TYPE_CHECKING:
    from schema.engine.context import Context

NEEDED = {
    ImportKind.JOURNAL_PAGE: P.JOURNALS_IMPORT,
    ImportKind.ORGANISATIONS: P.ORGANISATIONS_IMPORT,
    ImportKind.PEOPLE: P.PEOPLE_IMPORT,
    ImportKind.OBSERVATIONS: P.OBSERVATIONS_IMPORT,
}
"""The permission that each kind of import needs."""
OTHER_KINDS = tuple(needed for needed in NEEDED.values() if needed is not P.JOURNALS_IMPORT)

ENDED = frozenset([ImportStatus.DONE, ImportStatus.REFUSED, ImportStatus.FAILED, ImportStatus.CANCELLED])


@strawberry.input(description="How a file is to be understood (параметры загрузки); each kind of import has its own.")
class ImportOptionsInput:
    """Options of startImport."""

    journal_id: strawberry.ID | None = asked("JOURNAL_PAGE: id of the page (страница журнала).", None)
    subject_group_id: strawberry.ID | None = asked(
        "JOURNAL_PAGE: id of the subject group instead: its page whose period has most of the dates (группа).",
        None,
    )
    slot_code: str | None = asked(
        "JOURNAL_PAGE: code of the lesson's column to write to; default its first (код колонки).", None
    )
    create_lessons: bool = asked("JOURNAL_PAGE: add lessons that the page does not have (создавать уроки).", False)
    skip_outside_period: bool = asked(
        "JOURNAL_PAGE: leave columns outside the period aside instead of refusing their rows (пропускать вне периода).",
        False,
    )
    school_year: int | None = asked("PEOPLE: school year of the classes, by its first year (учебный год).", None)
    valid_from: date | None = asked(
        "PEOPLE: first day of new enrolments and positions; default today (с какого дня).", None
    )
    create_classes: bool = asked("PEOPLE: add classes that the school does not have (создавать классы).", False)


@strawberry.input(description="An import to start (начать загрузку).")
class StartImportInput:
    """Input of startImport."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    file_id: strawberry.ID = strawberry.field(description="Id that `POST /imports/files` gave (файл).")
    kind: ImportKind = strawberry.field(description="What the file holds (что загружается).")
    mode: ImportMode = asked("All or nothing, or row by row (режим).", ImportMode.ALL_OR_NOTHING)
    dry_run: bool = asked("Only try: report everything, write nothing (пробная загрузка).", False)
    overwrite: bool = asked("Change also what was entered by hand (перезаписывать внесённое вручную).", False)
    options: ImportOptionsInput | None = asked("How to understand the file (параметры).", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="An import to stop (остановить загрузку).")
class CancelImportInput:
    """Input of cancelImport."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    import_run_id: strawberry.ID = strawberry.field(description="Id of the run (загрузка).")


@structure("What became of starting or stopping an import (результат).")
class ImportPayload:
    """Payload of both mutations."""

    import_run: ImportRun | None = value("The run; ask again to follow it (загрузка).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was done; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    StartImportInput,
    ImportPayload,
    "Start an import (начать загрузку). It runs on by itself under your rights, also after you have gone; follow it by"
    " `importRun`. Needs journals:import, people:import, organisations:import or observations:import, by the kind.",
    Access(write=P.JOURNALS_IMPORT, or_write=OTHER_KINDS),
    sensitivity=Sensitivity.P1,
    cost=100,
)
async def start_import(context: "Context", given: StartImportInput) -> Outcome:
    """Mutation.startImport."""
    file = await context.executor.look_up(context.executor.types["ImportFile"], given.file_id)
    if file is None:
        raise not_found(context.say("No file with this id.", "Нет файла с таким id."), "fileId")
    place = row_of(file).keys["organisation_id"]
    by = await _acting(context, NEEDED[given.kind], place, given.acting_assignment_id)
    caller = context.viewer.caller
    values = {
        "organisation_id": place,
        "file_id": row_of(file).keys["id"],
        "kind": given.kind,
        "mode": given.mode,
        "dry_run": given.dry_run,
        "overwrite": given.overwrite,
        "options": _options(context, given),
        "started_by_id": context.viewer.person_id,
        "assignment_id": by.id,
        "role": by.role,
        "caller": {} if caller is None else {**vars(caller), "scopes": sorted(caller.scopes)},
        "requested_at": context.clock(),
    }
    [made] = await context.statements.write(
        insert(records.ImportRun).values(**values).returning(col(records.ImportRun.id))
    )
    detail = {"kind": given.kind.value, "mode": given.mode.value, "dry_run": given.dry_run}
    await record(context, Audited.IMPORT_START, by, made.id, detail | {"overwrite": given.overwrite})
    return [f"ImportRun:{made.id}"]


@mutation(
    CancelImportInput,
    ImportPayload,
    "Stop an import (остановить загрузку). What it has committed stays, what it is about is undone.",
    Access(write=P.JOURNALS_IMPORT, or_write=OTHER_KINDS),
    sensitivity=Sensitivity.P1,
)
async def cancel_import(context: "Context", given: CancelImportInput) -> Outcome:
    """Mutation.cancelImport."""
    run = await context.executor.look_up(context.executor.types["ImportRun"], given.import_run_id)
    if run is None:
        raise not_found(context.say("No import with this id.", "Нет загрузки с таким id."), "importRunId")
    row = row_of(run)
    by = await _acting(context, NEEDED[ImportKind(row.values["kind"])], row.keys["organisation_id"], None)
    if row.values["status"] in ENDED:
        raise invalid("IMPORT_ENDED", context.say("It has ended already.", "Загрузка уже закончилась."), "importRunId")
    asked_at = {"cancel_requested_at": context.clock()}
    changed = update(records.ImportRun).where(col(records.ImportRun.id) == row.keys["id"]).values(**asked_at)
    await context.statements.write(changed)
    await record(context, Audited.IMPORT_CANCEL, by, row.keys["id"], {})
    return [f"ImportRun:{row.keys['id']}"]


def _options(context: "Context", given: StartImportInput) -> dict[str, Any]:
    """Options as they are kept: without those left out, ids as keys."""
    options = given.options or ImportOptionsInput()
    kept = {name: option for name, option in vars(options).items() if option not in (None, False)}
    for name, kind in (("journal_id", "Journal"), ("subject_group_id", "SubjectGroup")):
        if name in kept:
            key = key_of(context.executor.types[kind], str(kept[name]))
            if key is None:
                told = context.say(f"This is not an id of {kind}.", f"Это не идентификатор {kind}.")
                raise not_found(told, "options", "journalId" if kind == "Journal" else "subjectGroupId")
            kept[name] = str(key[0])
    if given.kind is ImportKind.JOURNAL_PAGE and not {"journal_id", "subject_group_id"} & set(kept):
        told = context.say("Say which page the file is for.", "Укажите страницу журнала или группу.")
        raise invalid("TARGET_MISSING", told, "options", "journalId")
    return kept | ({"valid_from": options.valid_from.isoformat()} if options.valid_from else {})


async def _acting(context: "Context", needed: P, place: UUID, named: str | None) -> LiveAssignment:
    """The one assignment under which it is done."""
    found = select(col(records.Organisation.ancestor_ids)).where(col(records.Organisation.id) == place)
    [row] = await context.statements.write(found)
    held = covering(context.viewer, needed, [(place, row.ancestor_ids)])
    return await chosen(context, held, needed, named)
