"""Imports: files that were sent, runs over them with their progress, and what became of every row."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Integer, cast, func
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.imports.issues import IssueCode
from domain.imports.meanings import understood
from domain.imports.messages import MESSAGES, message
from domain.records.imports import ImportKind, ImportMode, ImportStatus, RowOutcome
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, computed, derived, filters, mapped, one, page, structure
from schema.engine.mapping.pages import Connection
from schema.engine.node import Node
from schema.named_later import OrganisationLater

explained(
    ImportKind,
    "What a file holds (что загружается).",
    JOURNAL_PAGE="A page of the journal: pupils down, dates across (страница журнала).",
    ORGANISATIONS="A register of organisations of a region (реестр организаций).",
    PEOPLE="People of a school: students with their representatives, or staff (люди школы).",
    OBSERVATIONS="Figures: one value of an indicator a row (значения показателей).",
)
explained(
    ImportMode,
    "What a row that cannot be taken in means for the others (режим загрузки).",
    ALL_OR_NOTHING="Nothing is written unless every row can be taken in (всё или ничего).",
    ROW_BY_ROW="Rows that can be taken in are; the others are kept aside with the reason (построчно).",
)
explained(
    ImportStatus,
    "How far a run is (состояние загрузки).",
    QUEUED="Waiting for its turn (в очереди).",
    RUNNING="Being carried out (выполняется).",
    DONE="Carried out; look at the rows that were rejected or flagged (выполнена).",
    REFUSED="Nothing was written: all or nothing was asked for, and some row could not be taken in (отклонена).",
    FAILED="Stopped; `failureCode` says why. What was committed before stays (прервана).",
    CANCELLED="Stopped because somebody asked for it. What was committed before stays (отменена).",
)
explained(
    RowOutcome,
    "What became of a row (итог строки). Of a dry run and a refused run: what would have.",
    CREATED="Something new was written (создано).",
    CHANGED="Something that was there was changed (изменено).",
    UNCHANGED="Everything was there already (без изменений).",
    REJECTED="Cannot be taken in; see its issues (отклонено).",
    FLAGGED="Kept aside with nothing written: a person has to decide (требует решения).",
)

EXPLAINED_FAILURES = {
    "RIGHTS_LOST": ("Whoever started it may not do this any more.", "У запустившего больше нет такого права."),
    "INTERRUPTED": ("The database was away too often.", "База данных слишком часто была недоступна."),
    "INTERNAL": ("Something went wrong on our side.", "Что-то пошло не так на нашей стороне."),
}


@structure("One thing that is wrong with a file or a row (замечание).")
class ImportIssue:
    """An issue, from the JSON that is kept."""

    @computed("Stable code, for programs (код).", PUBLIC, sensitivity=Sensitivity.P1)
    def code(self: Any, info: Info) -> str:
        return str(self["code"])

    @computed("In your language, for people (сообщение).", PUBLIC, sensitivity=Sensitivity.P1)
    def message(self: Any, info: Info) -> str:
        return str(info.context.say(*message(IssueCode(self["code"]), self.get("details"))))

    @computed("Column of the file, as its header has it (столбец).", PUBLIC, sensitivity=Sensitivity.P1)
    def column(self: Any, info: Info) -> str | None:
        return self["column"]  # type: ignore[no-any-return]

    @computed(
        "What stood there (значение); null where the row is about people, see `ImportRow.source`.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
    )
    def value(self: Any, info: Info) -> str | None:
        return self.get("value")  # type: ignore[no-any-return]

    @computed("Whether it keeps the row, or the column, out (мешает загрузке).", PUBLIC, sensitivity=Sensitivity.P1)
    def fatal(self: Any, info: Info) -> bool:
        return bool(self["fatal"])


@structure("How one column of a file was understood (столбец файла).")
class ImportColumn:
    """A column, from the JSON that is kept."""

    @computed("Which column of the sheet, from 1 (номер столбца).", PUBLIC, sensitivity=Sensitivity.P1)
    def place(self: Any, info: Info) -> int:
        return int(self["place"])

    @computed(
        "Its title in the file (заголовок), joined where it has two rows; empty without one.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
    )
    def title(self: Any, info: Info) -> str:
        return str(self["title"])

    @computed(
        "What it was understood as, for programs (смысл): name, birth_date, class, date ...; null: it is left aside.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
    )
    def meaning(self: Any, info: Info) -> str | None:
        return self["meaning"]  # type: ignore[no-any-return]

    @computed("The same in your language, for people (смысл словами).", PUBLIC, sensitivity=Sensitivity.P1)
    def understood(self: Any, info: Info) -> str:
        return str(info.context.say(*understood(self["meaning"])))

    @computed("The day of a dated column of a journal page (день).", PUBLIC, sensitivity=Sensitivity.P1)
    def day(self: Any, info: Info) -> date | None:
        return None if self["day"] is None else date.fromisoformat(self["day"])

    @computed(
        "How many of its cells below the header are filled in (заполнено ячеек).", PUBLIC, sensitivity=Sensitivity.P1
    )
    def filled(self: Any, info: Info) -> int:
        return int(self["filled"])


@mapped(records.ImportFile, "A file that was sent to be imported (загруженный файл).", Access(P.IMPORT_SEE))
class ImportFile(Node):
    """A file; its bytes are not given out again."""

    name: str = column("Name that it was sent under (имя файла).")
    media_type: str = column("Media type that it was sent as (тип).")
    size: int = column("Bytes (размер).")
    sha256: str = column("SHA-256 of its bytes, in hexadecimal (контрольная сумма).")
    uploaded_at: datetime = column("When it was sent (когда загружен).")
    organisation: OrganisationLater | None = one(
        "For which organisation (организация).", by=records.ImportFile.organisation_id
    )


@mapped(
    records.ImportSourceRow,
    "A row about people as it stood in the file (строка файла).",
    Access(P.IMPORT_PEOPLE_READ, why="An authority sees how imports go, not the people in them."),
)
class ImportSourceRow(Node):
    """A row of the file."""

    cells: list[str] = column("Its cells in their order (ячейки).")


@mapped(records.ImportRow, "What became of one row of a file (итог строки).", Access(P.IMPORT_SEE))
class ImportRow(Node):
    """A row's result."""

    source_row: int = column("Number of the row in the file, from 1 as a spreadsheet counts (номер строки).")
    outcome: RowOutcome = column("What became of it (итог).")
    issues: list[ImportIssue] = column("What is wrong with it (замечания).", usually=3)
    object_id: strawberry.ID | None = column("Id of what it is about, for `node` (объект).")
    raw: list[str] | None = column("Its cells as they stood, where the file is a public register (как в файле).")
    source: ImportSourceRow | None = one(
        "The row as it stood, where it is about people (строка файла).", by=records.ImportRow.id
    )


@filters(
    outcome=("outcome", "Only with these outcomes (итоги)."),
    with_issues=("issues", "Only those that have issues, or have none (с замечаниями)."),
)
def _rows(
    row: type[records.ImportRow], outcome: list[RowOutcome] | None = None, with_issues: bool | None = None
) -> Iterator[ColumnElement[bool]]:
    if outcome is not None:
        yield col(row.outcome).in_(outcome)
    if with_issues is not None:
        yield (func.jsonb_array_length(row.issues) > 0) == with_issues


def _progress(row: Any) -> ColumnElement[Any]:
    return func.coalesce(cast(func.div(100 * row.done, func.nullif(row.total, 0)), Integer), 0)


@mapped(records.ImportRun, "One run over a file (загрузка): how far it is, and what it came to.", Access(P.IMPORT_SEE))
class ImportRun(Node):
    """A run."""

    kind: ImportKind = column("What the file holds (что загружается).")
    mode: ImportMode = column("All or nothing, or row by row (режим).")
    dry_run: bool = column("Whether it only tries: everything is reported, nothing is written (пробная).")
    overwrite: bool = column("Whether it may change what was entered by hand (с перезаписью).")
    status: ImportStatus = column("How far it is (состояние).")
    progress: int = derived("Share of rows looked at, in percent (выполнено, %).", _progress, "done", "total")
    total: int | None = column("Rows in the file (всего строк); null until it was read.")
    done: int = column("Rows looked at so far (обработано).")
    created: int = column("Rows by which something new was written (создано).")
    changed: int = column("Rows by which something was changed (изменено).")
    unchanged: int = column("Rows of which everything was there already (без изменений).")
    rejected: int = column("Rows that cannot be taken in (отклонено).")
    flagged: int = column("Rows that wait for a person to decide (требуют решения).")
    warned: int = column("Rows that were taken in although something is wrong with them (с замечаниями).")
    issues: list[ImportIssue] = column("What is wrong with the file and its columns (замечания к файлу).", usually=10)
    sheet: str | None = column("Sheet of the workbook that was read (лист).")
    header_row: int | None = column(
        "Row that was read as the header, the last of them where it has two (строка заголовка); null until it was read."
    )
    columns: list[ImportColumn] = column(
        "How each column was understood, in their order (столбцы): look at them after a dry run.",
        usually=20,
    )
    failure_code: str | None = column("Why it failed, for programs (код причины).")
    requested_at: datetime = column("When it was asked for (когда заказана).")
    started_at: datetime | None = column("When it was first taken up (когда начата).")
    finished_at: datetime | None = column("When it ended (когда закончена).")
    cancel_requested_at: datetime | None = column("When somebody asked for it to stop (когда запрошена отмена).")
    file: ImportFile | None = one("The file (файл).", by=records.ImportRun.file_id)
    organisation: OrganisationLater | None = one(
        "For which organisation (организация).", by=records.ImportRun.organisation_id
    )
    rows: Connection[ImportRow] | None = page(
        "What became of every row (строки), in the order of the file.",
        by=records.ImportRow.run_id,
        order=("source_row", "id"),
        where=_rows,
    )

    @computed("Why it failed, in your language (причина).", sensitivity=Sensitivity.P1)
    def failure(self, info: Info) -> str | None:
        return failure_in_words(info, self)


def failure_in_words(info: Info, run: Any) -> str | None:
    """The reason of a failed run: of ours, or what is wrong with the file."""
    from schema.engine.mapping.rows import row_of

    code = row_of(run).values["failure_code"]
    if code is None:
        return None
    told = EXPLAINED_FAILURES.get(code) or MESSAGES[IssueCode(code)]
    return str(info.context.say(*told))
