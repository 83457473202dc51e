"""Marks that a closed window or another's version kept out: kept as proposals, so that nothing is lost."""

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from domain.records.marks import MarkScale
from schema.engine.mutations.audit import record
from schema.journals.audited import Audited
from schema.journals.page_cells import Cell
from schema.journals.page_state import lock_page
from schema.journals.page_versions import add_slots, kept

if TYPE_CHECKING:
    from schema.engine.context import Context

# The same mark refused again is the same proposal: a retry keeps nothing twice.
ADD_PROPOSALS = """
with given as (
  select * from jsonb_to_recordset(cast(:rows as jsonb)) given
    (place int, organisation_id uuid, class_group_id uuid, subject_group_id uuid, student_id uuid, journal_line_id uuid,
     lesson_id uuid, slot_id uuid, position int, scale text, weight int, value int, remark text, refused_with text,
     assignment_id uuid, role text)
), waiting as (
  select g.place, max(p.id::text)::uuid as id from given g join mark_proposal p
    on p.slot_id = g.slot_id and p.journal_line_id = g.journal_line_id and p.position = g.position
   and p.recorded_by_id = cast(:recorded_by_id as uuid) and p.settled_at is null
   and (p.value, p.scale, p.remark) is not distinct from (g.value, g.scale, g.remark)
  group by g.place
), fresh as (
  select g.place, uuidv7() as id from given g where not exists (select from waiting w where w.place = g.place)
), added as (
  insert into mark_proposal (id, school_year, student_id, organisation_id, class_group_id, subject_group_id, lesson_id,
    journal_line_id, slot_id, position, scale, weight, value, remark, refused_with, noted_at, recorded_by_id,
    assignment_id, role, recorded_at)
  select f.id, :school_year, g.student_id, g.organisation_id, g.class_group_id, g.subject_group_id, g.lesson_id,
    g.journal_line_id, g.slot_id, g.position, g.scale, g.weight, g.value, g.remark, g.refused_with,
    cast(:noted_at as timestamptz), cast(:recorded_by_id as uuid), g.assignment_id, g.role,
    cast(:recorded_at as timestamptz)
  from fresh f join given g using (place)
)
select place, id, true as is_new from fresh union all select place, id, false from waiting order by place
"""


async def keep_proposals(context: "Context", given: Any, kept_out: list[tuple[Cell, str]]) -> list[Any]:
    """Keep refused marks after everything else was undone. Gives them as the writer may see them."""
    journal = kept_out[0][0].lesson.journal_id
    async with context.statements.all_or_nothing():
        await lock_page(context, journal)  # the one taken before was undone too
        await _make_columns(context, [cell for cell, _ in kept_out])
        rows = [_proposal(place, cell, code) for place, (cell, code) in enumerate(kept_out)]
        found = await context.statements.write(
            text(ADD_PROPOSALS).bindparams(
                rows=orjson.dumps(rows).decode(),
                school_year=kept_out[0][0].lesson.school_year,
                noted_at=given.noted_at,
                recorded_by_id=context.viewer.person_id,
                recorded_at=context.clock(),
            )
        )
        by = next((cell.mark_by for cell, _ in kept_out if cell.mark_by), None)
        if by is not None and any(row.is_new for row in found):
            await record(context, Audited.PROPOSALS_KEEP, by, journal, {"proposals": sum(row.is_new for row in found)})
    context.executor.forget()
    return await context.executor.load_all_named("KeptMark", [(row.id,) for row in found])


async def _make_columns(context: "Context", cells: list[Cell]) -> None:
    """The columns that the refused writing would have made: a proposal stands in one."""
    lessons = {cell.lesson.id for cell in cells if cell.slot is None}
    if not lessons:
        return
    there = text(
        "select id, lesson_id, weight from assessment_slot where lesson_id = any(:lessons) order by number desc"
    )
    made = {row.lesson_id: row for row in await context.statements.write(there.bindparams(lessons=sorted(lessons)))}
    made |= await add_slots(context.statements, lessons - set(made))
    for cell in cells:
        cell.slot = cell.slot or made[cell.lesson.id]


def _proposal(place: int, cell: Cell, code: str) -> dict[str, Any]:
    change, slot, line = cell.change.mark, cell.slot, cell.line
    if change is None or slot is None:
        raise TypeError("a proposal is a mark in a column")
    return {
        "place": place,
        "organisation_id": line.organisation_id,
        "class_group_id": line.class_group_id,
        "subject_group_id": line.subject_group_id,
        "student_id": line.student_id,
        "journal_line_id": line.id,
        "lesson_id": cell.lesson.id,
        "slot_id": slot.id,
        "position": change.position,
        "scale": change.scale.value,
        "weight": slot.weight if change.scale is MarkScale.FIVE_POINT else 0,
        "value": change.value,
        "remark": kept(change.remark, None),
        "refused_with": code,
        "assignment_id": cell.mark_by.id if cell.mark_by else None,
        "role": cell.mark_by.role.value if cell.mark_by else None,
    }
