"""Every column says how personal it is, and what ties a row to people and places is typed as such."""

from typing import Any, get_args
from uuid import UUID

import pytest
from sqlalchemy import Uuid
from sqlmodel import SQLModel

from domain import records
from domain.anchors import Anchor
from domain.records.base import ClassGroupId, Dated, OrganisationId, Personal, PersonId, Record, SubjectGroupId, key
from domain.records.recorded import Recorded
from domain.sensitivity import Sensitivity


def tables() -> list[type[Record]]:
    """All records that are tables."""
    found: list[type[Record]] = []
    waiting: list[type[Any]] = [Record]
    while waiting:
        for record in waiting.pop().__subclasses__():
            waiting.append(record)
            if hasattr(record, "__table__"):
                found.append(record)
    return sorted(found, key=lambda record: record.__name__)


def marks_of(record: type[Record], column: str) -> list[Any]:
    """What `Annotated` says of a column, read here without the code under test."""
    info = record.model_fields[column]
    return [*info.metadata, *(mark for part in get_args(info.annotation) for mark in getattr(part, "__metadata__", ()))]


COLUMNS = [(record, column) for record in tables() for column in record.model_fields]
IDS = [f"{record.__name__}.{column}" for record, column in COLUMNS]

OF_ANCHOR = {
    "person.id": Anchor.PERSON,
    "organisation.id": Anchor.ORGANISATION,
    "class_group.id": Anchor.CLASS_GROUP,
    "subject_group.id": Anchor.SUBJECT_GROUP,
}

NOT_TIED = {
    # Who did it: that somebody marked a child does not give them a claim on the mark for ever.
    ("Assignment", "granted_by_id"), ("Assignment", "confirmed_by_id"), ("Assignment", "ended_by_id"),
    # Whom an assignment reaches is its reach; the assignment belongs to its holder and place.
    ("Assignment", "subject_person_id"),
    # Places above and beside in the tree: the tree itself is public, and reach goes by `id` alone.
    ("Organisation", "parent_id"), ("Organisation", "branch_of_id"), ("Organisation", "region_id"),
    ("Organisation", "municipality_id"),
}  # fmt: skip
"""References that deliberately are no anchors."""


def test_every_table_is_looked_at() -> None:
    """The tables of the metadata are those walked here."""
    assert {record.__table__.name for record in tables()} == set(SQLModel.metadata.tables)  # type: ignore[attr-defined]
    assert set(tables()) == {
        getattr(records, name) for name in records.__all__ if isinstance(getattr(records, name), type)
    } - {Record}


@pytest.mark.parametrize(("record", "column"), COLUMNS, ids=IDS)
def test_column_says_how_personal_it_is(record: type[Record], column: str) -> None:
    """Exactly one class each; nothing is special (P3) by having been forgotten."""
    classes = [mark for mark in marks_of(record, column) if isinstance(mark, Sensitivity)]

    assert len(classes) == 1
    assert record.sensitivity_of(column) is classes[0]


def test_forgotten_column_counts_as_special() -> None:
    """What the table above protects from: no mark is the highest class, so a mistake hides rather than shows."""

    class Forgetful(Record):
        name: str
        phone: Personal[str]

    assert Forgetful.sensitivity_of("name") is Sensitivity.P3
    assert Forgetful.sensitivity_of("phone") is Sensitivity.P2


SPECIAL_AS_A_WHOLE = (
    records.RehabilitationProgramme,
    records.RehabilitationMeasure,
    records.RehabilitationReport,
    records.ScreeningParticipation,
)
"""Of these only whom and where they concern, and who entered them, is not special."""


def test_special_columns_are_these() -> None:
    """A new special column is a decision: its permission is written out role by role."""
    special = {f"{r.__name__}.{c}" for r, c in COLUMNS if r.sensitivity_of(c) is Sensitivity.P3}

    notes = {"AttendanceRecord.note", "AttendanceVersion.note"}
    besides = {"PERSON", "ORGANISATION", "CLASS_GROUP"}
    whole = {
        f"{record.__name__}.{column}"
        for record in SPECIAL_AS_A_WHOLE
        for column in record.model_fields
        if column not in Recorded.model_fields and not besides & {str(mark) for mark in marks_of(record, column)}
    }
    assert special == notes | whole | {"Restriction.id", "Restriction.kind", "Restriction.act"}


@pytest.mark.parametrize(("record", "column"), COLUMNS, ids=IDS)
def test_reference_to_an_anchor_is_typed_as_one(record: type[Record], column: str) -> None:
    """A column that refers to a person, organisation, class or subject group ties the row to it, or says why not."""
    table = record.__table__  # type: ignore[attr-defined]
    targets = {foreign.target_fullname for foreign in table.c[column].foreign_keys}
    wanted = {OF_ANCHOR[target] for target in targets if target in OF_ANCHOR}
    anchors = {mark for mark in marks_of(record, column) if isinstance(mark, Anchor)}

    if (record.__name__, column) in NOT_TIED:
        assert not anchors
    elif targets:
        assert anchors == wanted
    if anchors:
        assert [column in record.facet().anchored(anchor) for anchor in anchors] == [True]
        assert isinstance(table.c[column].type, Uuid)


def test_exceptions_are_still_there() -> None:
    """The list of references that are no anchors has no leftovers."""
    assert {(record.__name__, column) for record, column in COLUMNS} >= NOT_TIED


@pytest.mark.parametrize(
    ("alias", "anchor", "sensitivity"),
    [
        (PersonId, Anchor.PERSON, Sensitivity.P2),
        (OrganisationId, Anchor.ORGANISATION, Sensitivity.P0),
        (ClassGroupId, Anchor.CLASS_GROUP, Sensitivity.P1),
        (SubjectGroupId, Anchor.SUBJECT_GROUP, Sensitivity.P1),
    ],
)
@pytest.mark.parametrize("optional", [False, True])
def test_anchor_survives_being_optional(alias: Any, anchor: Anchor, sensitivity: Sensitivity, optional: bool) -> None:
    """`Alias | None` keeps what the alias says."""

    class Tied(Record):
        id: Personal[UUID] = key()
        place: (alias | None) if optional else alias  # type: ignore[valid-type]

    assert Tied.facet().anchored(anchor) == ("place",)
    assert Tied.sensitivity_of("place") is sensitivity


@pytest.mark.parametrize("record", tables(), ids=lambda record: record.__name__)
def test_path_leads_from_a_column_to_a_column(record: type[Record]) -> None:
    """Every declared path names columns that exist, and lends something."""
    for via in record.via:
        assert via.column in record.model_fields
        assert via.link_column in via.link.model_fields
        assert via.lends


def test_dated_row_has_its_days_and_its_moments() -> None:
    """The days are what people enter; whether the row holds now is told by the moments."""
    dated = [record for record in tables() if issubclass(record, Dated)]

    assert len(dated) >= 6
    assert all({"valid_from", "valid_to", "live_from", "live_until"} <= set(record.model_fields) for record in dated)
