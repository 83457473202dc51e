"""Whoever is refused a field can ask why, and learns nothing about anybody."""

from typing import Any

import pytest

from domain.roles import Role
from tests.schema.demo import Demo

pytestmark = pytest.mark.anyio

ASK = """query ($path: String!) { access(path: $path) {
  rule sensitivity permissions maskedPermission refused because
  openings { role reach masked } mine { role reach masked condition } } }"""


async def asked(demo: Demo, path: str, viewer: str | None, **more: Any) -> Any:
    """What the viewer is told about a field."""
    return (await demo.query(ASK, {"path": path}, viewer, **more)).data["access"]


async def test_teacher_learns_why_a_number_is_refused_and_who_sees_it(demo: Demo) -> None:
    """The rule, the roles that would open it, and a sentence in Russian."""
    told = await asked(demo, "Student.snils", "teacher")

    assert (told["rule"], told["permissions"], told["maskedPermission"]) == (
        "GUARDED", ["documents:read"], "documents:masked",
    )  # fmt: skip
    assert {"role": "LEGAL_REPRESENTATIVE", "reach": "CHILDREN", "masked": False} in told["openings"]
    assert {"role": "PRINCIPAL", "reach": "ORGANISATION", "masked": True} in told["openings"]
    assert (told["refused"], told["mine"]) == ("NO_ROLE", [])
    assert told["because"].startswith("Ни одна ваша роль этого не открывает. Открыто: Завуч (в своей организации")


async def test_deputy_head_is_told_where_the_mask_is_seen(demo: Demo) -> None:
    """What is held is told with its reach."""
    told = await asked(demo, "Student.snils", "deputy-head")

    assert told["refused"] is None
    assert told["mine"] == [
        {
            "role": "DEPUTY_HEAD",
            "reach": "ORGANISATION",
            "masked": True,
            "condition": "в своей организации, без филиалов, под маской",
        }
    ]


async def test_weaker_client_is_named_as_the_reason(demo: Demo) -> None:
    """A role that opens a field is no use through a client without the right."""
    told = await asked(demo, "JournalLine.mean", "teacher", scope="openid education:write")

    assert (told["refused"], told["mine"]) == ("CLIENT_SCOPE", [])


@pytest.mark.parametrize("path", ["Student", "Student.", "Student.nothing", "__Type.name", "Gender.FEMALE", "."])
async def test_what_is_no_field_has_no_rule(demo: Demo, path: str) -> None:
    """Null, and no suggestion."""
    assert await asked(demo, path, None) is None


async def test_anonymous_caller_is_told_of_what_everybody_sees_alone(demo: Demo) -> None:
    """Whoever may not introspect the schema cannot list its fields here either."""
    query = '{ accessMatrix(typeName: "Organisation") { path } }'
    listed = {one["path"] for one in (await demo.query(query, {}, None)).data["accessMatrix"]}

    assert await asked(demo, "Mark.value", None) is None
    assert (await asked(demo, "Organisation.name", None))["because"] == "Это видно всем."
    assert "Organisation.name" in listed
    assert "Organisation.staff" not in listed


async def test_matrix_of_a_type_tells_what_each_field_tells(demo: Demo) -> None:
    """The list and the single answer are one rule."""
    fields = "path rule refused because openings { role reach masked }"
    query = f'{{ accessMatrix(typeName: "Student") {{ {fields} }} access(path: "Student.phone") {{ {fields} }} }}'
    data = (await demo.query(query, {}, "teacher")).data

    assert data["access"] in data["accessMatrix"]
    assert {one["path"].partition(".")[0] for one in data["accessMatrix"]} == {"Student"}


async def test_roles_tell_who_gives_them(demo: Demo) -> None:
    """All roles with what they may do; nobody is given one by an equal."""
    query = "{ roles { role name permissions casePermissions grantings { reach grantableBy confirmedBy } } }"
    found = {one["role"]: one for one in (await demo.query(query, {}, None)).data["roles"]}
    given = {role: {by for way in one["grantings"] for by in way["grantableBy"]} for role, one in found.items()}

    assert list(found) == [role.value for role in Role]
    assert [role for role, by in given.items() if role in by] == []
    assert given["MUNICIPAL_COORDINATOR"] == {"REGIONAL_COORDINATOR"}
    assert given["ORG_ADMIN"] == {"REGIONAL_COORDINATOR", "MUNICIPAL_COORDINATOR"}
    assert found["PRINCIPAL"]["grantings"][0]["confirmedBy"] == ["DEPUTY_HEAD", "REGIONAL_COORDINATOR"]
    assert "attendance.note:read" in set(found["PRINCIPAL"]["casePermissions"]) - set(found["PRINCIPAL"]["permissions"])
