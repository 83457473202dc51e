"""The demo's people: each plays their part, and nobody of them can be anybody."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from api.seed import demo_ids
from api.seed.cast import UNKNOWN_TO_US
from api.seed.dice import dice_for
from api.seed.ids import PEOPLE
from api.seed.names import MEN, SURNAMES, WOMEN, draw_name, surname_for
from auth.provider.people import load_people
from domain.identifiers import snils_status
from domain.records import Guardianship, Person, StaffPosition
from domain.records.base import Record
from domain.records.organisations import IdentifierStatus
from domain.records.users import Gender

Ask = Callable[..., list[Any]]
ISSUER = "http://127.0.0.1:8000/oidc"
IDS = demo_ids()


def test_demo_people_play_their_parts(ask: Ask) -> None:
    """Roles and reaches of everybody who can sign in, as the README promises."""
    rows = ask(
        "select p.id, a.role, a.reach, coalesce(c.name, g.name, '') as target, a.valid_to is not null as ended"
        " from person p join external_identity e on e.person_id = p.id join assignment a on a.person_id = p.id"
        " left join class_group c on c.id = a.class_group_id left join subject_group g on g.id = a.subject_group_id"
        " where e.issuer = :issuer", issuer=ISSUER,
    )  # fmt: skip
    parts: dict[str, set[tuple[object, ...]]] = {key: set() for key in PEOPLE}
    for row in rows:
        key = next(key for key in PEOPLE if IDS[f"person-{key}"] == row.id)
        parts[key].add(tuple(row)[1:])
    parent = ("LEGAL_REPRESENTATIVE", "CHILDREN", "", False)

    assert parts == {
        "teacher": {
            ("TEACHER", "SUBJECT_GROUPS", "Алгебра 7А", False),
            ("TEACHER", "SUBJECT_GROUPS", "Алгебра 8А", False),
            ("TEACHER", "SUBJECT_GROUPS", "Алгебра 7А", True),
        },
        "homeroom-teacher": {
            ("HOMEROOM_TEACHER", "CLASS_GROUPS", "7А", False),
            ("TEACHER", "SUBJECT_GROUPS", "Русский язык 7А", False),
        },
        "deputy-head": {("DEPUTY_HEAD", "ORGANISATION", "", False)},
        "student": {("STUDENT", "SELF", "", False)},
        "child": {("STUDENT", "SELF", "", False)},
        "legal-representative": {parent},
        "teacher-parent": {parent, ("TEACHER", "SUBJECT_GROUPS", "Биология 7А", False)},
        "org-admin": {("ORG_ADMIN", "ORGANISATION", "", False)},
        "municipal-coordinator": {("MUNICIPAL_COORDINATOR", "ORGANISATION_TREE", "", False)},
        "guest": {("GUEST", "PUBLIC", "", False)},
        "banned-guardian-teacher": {parent, ("TEACHER", "SUBJECT_GROUPS", "География 7А", False)},
        "namesake": {parent},
        "korkino-coordinator": {("MUNICIPAL_COORDINATOR", "ORGANISATION_TREE", "", False)},
        "chelyabinsk-coordinator": {("REGIONAL_COORDINATOR", "ORGANISATION_TREE", "", False)},
        "chelyabinsk-publisher": {("REGIONAL_COORDINATOR", "ORGANISATION_TREE", "", False)},
        "substitute": {("TEACHER", "SUBJECT_GROUPS", "Алгебра 8А", True)},
        "regional-coordinator": {("REGIONAL_COORDINATOR", "ORGANISATION_TREE", "", False)},
        "principal": {("PRINCIPAL", "ORGANISATION", "", False)},
        "enrolment-operator": {("ENROLMENT_OPERATOR", "ORGANISATION", "", False)},
        "hr-specialist": {("HR_SPECIALIST", "ORGANISATION", "", False)},
        "curriculum-specialist": {("CURRICULUM_SPECIALIST", "ORGANISATION", "", False)},
        "talent-operator": {("TALENT_OPERATOR", "ORGANISATION", "", False)},
        "rehabilitation-operator": {("REHABILITATION_OPERATOR", "ORGANISATION", "", False)},
        "screening-specialist": {("SCREENING_SPECIALIST", "ORGANISATION", "", False)},
        "mail-user": {("MAIL_USER", "SELF", "", False)},
        "org-mailbox": {("ORG_MAILBOX", "ORGANISATION", "", False)},
        "general-specialist": {("GENERAL_EDUCATION_SPECIALIST", "ORGANISATION_TREE", "", False)},
        "authority-viewer": {("AUTHORITY_VIEWER", "ORGANISATION_TREE", "", False)},
        "expert": {("EXPERT", "ORGANISATION", "", True)},
        "auditor": {("AUDITOR", "ORGANISATION_TREE", "", False)},
    }


def test_families_of_the_demo_people_are_those_of_their_parts(ask: Ask) -> None:
    """Who represents whom, and in which class that child is."""
    rows = ask(
        "select x.guardian_id, x.student_id, c.name from guardianship x"
        " join external_identity e on e.person_id = x.guardian_id"
        " join enrolment n on n.student_id = x.student_id and n.kind = 'MAIN'"
        " join class_group c on c.id = n.class_group_id",
    )  # fmt: skip

    assert {tuple(row) for row in rows} == {
        (IDS["person-legal-representative"], IDS["person-student"], "7А"),
        (IDS["person-legal-representative"], IDS["pupil-published"], "11А"),
        (IDS["person-teacher-parent"], IDS["pupil-of-teacher-parent"], "8А"),
        (IDS["person-banned-guardian-teacher"], IDS["pupil-banned-for-guardian"], "7А"),
        (IDS["person-namesake"], IDS["pupil-of-namesake"], "5А"),
    }
    assert ask("select person_id, subject_person_id, kind from restriction") == [
        (IDS["person-banned-guardian-teacher"], IDS["pupil-banned-for-guardian"], "COURT_BAN")
    ]


def test_child_at_two_schools_has_one_main_enrolment(ask: Ask) -> None:
    """The other one is extra, and brings a line in a journal there."""
    enrolments = ask(
        "select organisation_id, kind from enrolment where student_id = :id", id=IDS["pupil-at-two-schools"]
    )
    lines = ask(
        "select 1 from journal_line where student_id = :id and journal_id = :journal",
        id=IDS["pupil-at-two-schools"], journal=IDS["journal-second-school"],
    )  # fmt: skip

    assert {tuple(row) for row in enrolments} == {(IDS["school"], "MAIN"), (IDS["second-school"], "EXTRA")}
    assert len(lines) == 1


def test_two_people_have_the_same_name(ask: Ask) -> None:
    """Names are no keys."""
    namesakes = ask("select id from person where fold = 'родителев иван тестович'")

    assert {row.id for row in namesakes} == {IDS["person-legal-representative"], IDS["person-namesake"]}


def test_people_whom_nobody_confirmed_are_unknown_here(ask: Ask) -> None:
    """They have an account at the issuer and no row with us."""
    subjects = {row.subject for row in ask("select subject from external_identity")}

    assert subjects == {person.oid for key, person in load_people().items() if key not in UNKNOWN_TO_US}
    assert set(PEOPLE) == load_people().keys() - UNKNOWN_TO_US


def test_every_person_is_synthetic_and_cannot_be_anybody(ask: Ask) -> None:
    """A SNILS that was never issued, a phone code that nobody has, a reserved domain; no two alike."""
    people = ask("select * from person")

    assert {person.provenance for person in people} == {"SYNTHETIC"}
    assert all(snils_status(person.snils) is IdentifierStatus.VALID for person in people)
    assert all(person.snils < "001-001-998" for person in people)
    assert all(person.phone.startswith("+7 000 ") and person.email.endswith("@example.org") for person in people)
    assert len({person.snils for person in people}) == len({person.phone for person in people}) == len(people)


@pytest.mark.parametrize(
    ("surname", "woman", "man"),
    [
        ("Белов", "Белова", "Белов"),
        ("Воробьёва", "Воробьёва", "Воробьёв"),
        ("Горский", "Горская", "Горский"),
        ("Островская", "Островская", "Островский"),
        ("Синицын", "Синицына", "Синицын"),
        ("Лыткина", "Лыткина", "Лыткин"),
        ("Родителев", "Родителева", "Родителев"),
    ],
)
def test_surname_takes_the_form_of_the_gender(surname: str, woman: str, man: str) -> None:
    """From either form."""
    assert surname_for(surname, Gender.FEMALE) == woman
    assert surname_for(surname, Gender.MALE) == man


def test_drawn_names_agree_with_the_gender() -> None:
    """Last, first and middle name all follow it."""
    women = [draw_name(dice_for("test", number), Gender.FEMALE) for number in range(300)]
    men = [draw_name(dice_for("test", number), Gender.MALE) for number in range(300)]

    assert all(name.last.endswith(("а", "я")) and name.middle.endswith("на") and name.first in WOMEN for name in women)
    assert all(name.last in SURNAMES and name.middle.endswith("ич") and name.first in MEN for name in men)


def test_children_have_the_name_of_their_family(demo_size_rows: list[Record]) -> None:
    """A generated child's surname is that of a generated parent, in its own form."""
    people = {row.id: row for row in demo_size_rows if isinstance(row, Person)}
    links = [
        (people[row.guardian_id], people[row.student_id]) for row in demo_size_rows if isinstance(row, Guardianship)
    ]
    strangers = [
        (guardian.last_name, child.last_name)
        for guardian, child in links
        if surname_for(guardian.last_name, child.gender or Gender.MALE) != child.last_name
    ]

    assert strangers == [("Родителев", "Ученикова")]


def test_staff_of_the_demo_is_about_forty(demo_size_rows: list[Record]) -> None:
    """Teachers, the principal, a deputy, an administrator, operators; one teacher in each small school."""
    positions = Counter(row.organisation_id for row in demo_size_rows if isinstance(row, StaffPosition))

    assert 34 <= positions[IDS["school"]] <= 41
    assert [positions[IDS[key]] for key in ("second-school", "other-region-school", "branch")] == [1, 1, 1]
