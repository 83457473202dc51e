"""The judge itself: it finds nothing in a sound database, and every kind of damage in a broken one."""

from tests.faults.ground import Ground
from tests.faults.soundness import FAULTS, Ledger, faults

# Of a row each; past the triggers, as no application can.
DAMAGE = {
    "versions of a mark have a gap": "update mark_version set version = 7"
    " where id = (select id from mark_version limit 1)",
    "versions of attendance have a gap": "update attendance_version set version = 7"
    " where id = (select id from attendance_version limit 1)",
    "versions of a lesson have a gap": "update lesson_version set version = 7"
    " where id = (select id from lesson_version limit 1)",
    "a mark is not its newest version": "delete from mark where id = (select id from mark limit 1)",
    "attendance is not its newest version": "update attendance_record set code = 'LATE'"
    " where id = (select id from attendance_record where code <> 'LATE' limit 1)",
    "a lesson is not its newest version": "update lesson set topic = '?' where id = (select id from lesson limit 1)",
    "sums of a line are not those of its marks": "update journal_line set mark_sum = mark_sum + 1"
    " where id = (select id from journal_line limit 1)",
    "a key was kept without what came of it": "insert into mutation_key (person_id, client_id, key, input_hash)"
    " select id, 'x', uuidv7(), 'x' from person limit 1",
    "a request was carried out twice": "insert into audit_entry (request_id, action)"
    " select '00000000-0000-4000-8000-000000000000-' || n, 'journal:mark:write' from generate_series(1, 2) n",
    "a change of the page has no key or no audit": "update mark_version"
    " set reason = '00000000-0000-4000-8000-000000000000' where id = (select id from mark_version limit 1)",
}


def test_judge_finds_every_kind_of_damage(ground: Ground) -> None:
    """Each damage is named; without damage nothing is."""
    with ground.site() as site:
        before = faults(site)
        found = {}
        for name, damage in DAMAGE.items():
            with site.connect() as connection:
                connection.execute("begin")
                connection.execute("set local session_replication_role = replica")
                connection.execute(damage)
                connection.execute("set local session_replication_role = origin")
                found[name] = {row[0] for row in connection.execute(FAULTS).fetchall()}
                connection.execute("rollback")

        assert before == []
        assert {name for name in DAMAGE if name not in found[name]} == set()


def test_ledger_tells_lies_and_halves(ground: Ground) -> None:
    """Acknowledged and missing, refused and there, unknown and half."""
    key = "00000000-0000-4000-8000-000000000001"
    with ground.site() as site:
        site.ask("update mark_version set reason = %s where id in (select id from mark_version limit 2)", [key])
        told = [Ledger({key: 2}, done={key}), Ledger({key: 3}, done={key}), Ledger({key: 2}, refused={key}),
                Ledger({key: 3}), Ledger({"x": 1}, done={"x"})]  # fmt: skip
        lies = [len(ledger.lies(site)) for ledger in told]

    assert lies == [0, 2, 1, 1, 1]
