"""What `restore` and `seed --check` judge by: it knows every state that the product makes, and finds what none makes.

Every copy that the tests write to is judged in its end as well (demo.py).
"""

import pytest

from api.seed import broken_rules_of
from tests.schema.demo import Demo
from tests.schema.test_guardianships import END, change

pytestmark = pytest.mark.anyio

ENDED_BY_HAND = {
    "a role": "update assignment set ended_at = vhod.now() where id = (select id from assignment limit 1)",
    "a role that waited": "insert into assignment (person_id, role, reach, organisation_id, valid_from,"
    " awaits_confirmation, ended_at) select person_id, role, reach, organisation_id, valid_from, true, vhod.now()"
    " from assignment where role = 'ORG_ADMIN' limit 1",
    "a restriction": "insert into restriction (person_id, subject_person_id, valid_from, valid_to, act, kind)"
    " select guardian_id, student_id, vhod.now()::date - 9, vhod.now()::date, 'x', 'COURT_BAN'"
    " from guardianship limit 1",
}
DAMAGE = {
    "roles work from their confirmation on, until they are ended": "update assignment set live_until = vhod.now()"
    " where id = (select id from assignment where ended_at is null limit 1)",
    "representatives stand for a child until it is grown up, or until it is ended by hand":
    "update guardianship set live_until = vhod.now()"
    " where id = (select id from guardianship where ended_at is null limit 1)",
    "restrictions and consents hold on their days": "update restriction set live_until = null",
    "days are moments of the place": "update enrolment set live_from = vhod.now()"
    " where id = (select id from enrolment limit 1)",
}  # fmt: skip


async def test_check_calls_no_database_broken_for_what_ended_by_hand(own_demo: Demo) -> None:
    """One `endGuardianship`, and whatever else ends before its last day; the same rows past the triggers are found."""
    [held] = own_demo.ask(
        "select g.id from guardianship g join external_identity e on e.person_id = g.guardian_id"
        " where g.ended_at is null order by g.id limit 1"
    )
    ended = await change(own_demo, END, "principal", id=f"Guardianship:{held.id}", reason="решение суда")
    for statement in ENDED_BY_HAND.values():
        own_demo.ask(statement)
    sound = broken_rules_of(own_demo.database.owner_url)
    for damage in DAMAGE.values():
        own_demo.ask(f"set local session_replication_role = replica; {damage}")
    found = broken_rules_of(own_demo.database.owner_url, references=False)
    for table in ("assignment", "guardianship", "restriction", "enrolment"):
        own_demo.ask(f"update {table} set valid_from = valid_from")  # the triggers mend it, for the copy's own end

    assert ended["userErrors"] == []
    assert sound == {}
    assert set(found) == set(DAMAGE)
