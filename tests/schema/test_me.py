"""Me: who is asking, what they hold, and what to do when they hold nothing, in their language."""

from typing import Any

import pytest

from auth.provider.people import load_people
from tests.schema.conftest import Query
from tests.schema.demo import SETTINGS, Demo, id_of

pytestmark = pytest.mark.anyio

ME = """
{
  me {
    standing advice
    person { id displayName snils { display masked } phone }
    assignments { role reach inWords organisation { id } classGroup { name } subjectGroup { name } validFrom validTo }
    children { id displayName }
  }
}
"""

NOBODY: dict[str | None, tuple[str, str, str]] = {
    None: (
        "ANONYMOUS",
        "Вы не вошли и видите только общедоступные данные. Войдите, чтобы увидеть своё.",
        "You are not signed in and see public data only. Sign in to see what is yours.",
    ),
    "stranger": (
        "UNKNOWN",
        "Вы вошли, но ни одна школа вас пока не подтвердила. Попросите администратора своей школы или школы ребёнка"
        " привязать вашу учётную запись и сообщите её номер из `me { accountId }`.",
        "You have signed in, but no school has confirmed you yet. Ask the administrator of your school, or of your"
        " child's school, to link your account, and tell the number of `me { accountId }`.",
    ),
}


async def me(query: Query, viewer: str | None, language: str = "ru", **which: str) -> dict[str, Any]:
    """What `me` says."""
    return (await query(ME, viewer=viewer, language=language, **which)).data["me"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("viewer", NOBODY, ids=str)
async def test_whoever_has_no_roles_is_told_what_to_do(query: Query, viewer: str | None) -> None:
    """Not signed in; signed in but known to no school."""
    standing, russian, english = NOBODY[viewer]
    nothing: dict[str, Any] = {"standing": standing, "person": None, "assignments": [], "children": []}

    assert await me(query, viewer) == {**nothing, "advice": russian}
    assert await me(query, viewer, "en") == {**nothing, "advice": english}


async def test_guest_is_known_and_holds_a_role(query: Query) -> None:
    """The role of a guest reaches public data; the account is their own."""
    found = await me(query, "guest")

    assert found["standing"] == "ACTIVE"
    assert found["person"]["displayName"] == "Гостев Семён Тестович"
    assert [(held["role"], held["reach"], held["inWords"]) for held in found["assignments"]] == [
        ("GUEST", "PUBLIC", "Гость; с 01.09.2026")
    ]


async def test_teacher_reads_their_roles_in_words(query: Query) -> None:
    """Role, place and dates, as a person would say it, in either language; ended ones are not listed."""
    russian, english = await me(query, "teacher"), await me(query, "teacher", "en")

    assert {held["inWords"] for held in russian["assignments"]} == {
        "Учитель: Алгебра 7А; Школа № 0 (вымышленная); с 01.09.2026",
        "Учитель: Алгебра 8А; Школа № 0 (вымышленная); с 01.09.2026",
    }
    assert {held["inWords"] for held in english["assignments"]} == {
        "Teacher: Алгебра 7А; Школа № 0 (вымышленная); since 2026-09-01",
        "Teacher: Алгебра 8А; Школа № 0 (вымышленная); since 2026-09-01",
    }
    assert {held["organisation"]["id"] for held in russian["assignments"]} == {id_of("Organisation", "school")}
    assert (russian["advice"], english["advice"]) == ("Ваши роли перечислены ниже.", "Your roles are listed below.")


async def test_parent_reads_their_children(query: Query) -> None:
    """Two children in two classes, and no namesake's child."""
    found = await me(query, "legal-representative")

    assert {child["id"] for child in found["children"]} == {
        id_of("Student", "person-student"),
        id_of("Student", "pupil-published"),
    }
    assert {child["id"] for child in (await me(query, "namesake"))["children"]} == {
        id_of("Student", "pupil-of-namesake")
    }


async def test_banned_parent_is_not_shown_the_child(query: Query) -> None:
    """The court's ban holds here too: neither name nor id."""
    found = await me(query, "banned-guardian-teacher")

    assert found["standing"] == "ACTIVE"
    assert found["children"] == []


async def test_own_numbers_are_shown_in_full(query: Query) -> None:
    """The person they belong to needs no mask."""
    found = await me(query, "org-admin")

    assert found["person"]["snils"] == {"display": "000-000-108 11", "masked": False}
    assert found["person"]["phone"] == "+7 000 000-01-08"


async def test_child_account_holds_the_students_role(query: Query) -> None:
    """A child's account of ESIA is enough for a pupil."""
    found = await me(query, "child")

    assert found["standing"] == "ACTIVE"
    assert [held["role"] for held in found["assignments"]] == ["STUDENT"]


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("ru", 1), ("ru-RU,ru;q=0.9,en;q=0.8", 1), ("RU", 1),
        ("en", 2), ("en-US,en;q=0.9,ru;q=0.1", 2), ("de", 2), ("", 2),
    ],
)  # fmt: skip
async def test_language_is_that_of_the_header(query: Query, header: str, advice: int) -> None:
    """Russian for whoever asks for it before English, else English."""
    assert (await me(query, None, header))["advice"] == NOBODY[None][advice]


LINK = """
insert into person (id, last_name, first_name, provenance)
values (gen_random_uuid(), 'Неподтверждёнов', 'Лев', 'SYNTHETIC')
returning id
"""
IDENTITY = "insert into external_identity (issuer, subject, person_id) values (:issuer, :subject, :person)"
GRANT = """
insert into assignment (person_id, role, reach, organisation_id, valid_from, granted_by_id, confirmed_by_id,
  confirmed_at, awaits_confirmation)
select :person, 'DEPUTY_HEAD', 'ORGANISATION', organisation_id, date '2026-09-01', granted_by_id, confirmed_by_id,
  vhod.now(), true
from assignment where role = 'DEPUTY_HEAD' limit 1
"""


async def test_account_that_is_linked_later_works_at_once(own_demo: Demo) -> None:
    """Unknown; then known without a role; then with a role that an unconfirmed account must not use."""
    (account,) = [person for person in load_people().values() if person.key == "unconfirmed"]
    before = await me(own_demo.query, "unconfirmed")
    (person,) = own_demo.ask(LINK)
    own_demo.ask(IDENTITY, issuer=SETTINGS.stand_in_issuer, subject=account.oid, person=person.id)
    linked = await me(own_demo.query, "unconfirmed")
    own_demo.ask(GRANT, person=person.id)
    granted = await me(own_demo.query, "unconfirmed")
    english = await me(own_demo.query, "unconfirmed", "en")

    assert (before["standing"], before["person"]) == ("UNKNOWN", None)
    assert (linked["standing"], linked["person"]["displayName"]) == ("NO_ROLE", "Неподтверждёнов Лев")
    assert linked["advice"] == (
        "Вы у нас есть, но действующих ролей нет. Обратитесь к администратору своей организации. Родитель сообщает id"
        " из `me { person { id } }` классному руководителю ребёнка: тот вносит заявку."
    )
    assert (granted["standing"], granted["assignments"]) == ("UNCONFIRMED", [])
    assert granted["advice"] == (
        "Ваша учётная запись не подтверждена. Подтвердите её на Госуслугах и войдите снова: роли вас ждут."
    )
    assert english["advice"] == (
        "Your account is not confirmed. Confirm it in Gosuslugi, then sign in again: your roles are waiting."
    )


async def test_withheld_role_opens_nothing(own_demo: Demo) -> None:
    """The role waits; meanwhile the page of the school is not there."""
    (account,) = [person for person in load_people().values() if person.key == "unconfirmed"]
    (person,) = own_demo.ask(LINK)
    own_demo.ask(IDENTITY, issuer=SETTINGS.stand_in_issuer, subject=account.oid, person=person.id)
    own_demo.ask(GRANT, person=person.id)
    document = "query($id: ID!) { journal(id: $id) { className } }"
    page = {"id": id_of("Journal", "journal-7a-algebra")}

    assert (await own_demo.query(document, page, viewer="deputy-head")).data["journal"] == {"className": "7А"}
    assert (await own_demo.query(document, page, viewer="unconfirmed")).data["journal"] is None


async def test_application_without_scopes_sees_the_account_only(query: Query) -> None:
    """What a person may do, an application may do only as far as it was let."""
    found = await query(
        "{ me { standing assignments { role } children { id } } }", viewer="legal-representative", scope="openid"
    )

    assert found.data["me"]["standing"] == "ACTIVE"
    assert found.data["me"]["children"] == []
