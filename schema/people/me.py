"""Me: who is asking, with which roles, and what to do when there are none."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast
from uuid import UUID

from strawberry.types import Info

from auth.viewer import Standing, Viewer
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.enums import explained
from schema.engine.mapping.declare import computed, structure
from schema.engine.mapping.storage import Keyed, Worked
from schema.people.users import Assignment, Person, Student

if TYPE_CHECKING:
    from schema.engine.context import Context

T = TypeVar("T")

explained(
    Standing,
    "How you stand here (состояние входа).",
    ANONYMOUS="Not signed in (вход не выполнен).",
    UNKNOWN="Signed in, but no person here is linked to the account (учётная запись не привязана).",
    UNCONFIRMED="Known, but the account is not confirmed: your roles are kept back (учётная запись не подтверждена).",
    NO_ROLE="Known, but nobody has given you a role yet, or all have ended (нет действующих ролей).",
    ACTIVE="Known, with at least one role (есть действующие роли).",
)

ADVICE: dict[Standing, tuple[str, str]] = {
    Standing.ANONYMOUS: (
        "You are not signed in and see public data only. Sign in to see what is yours.",
        "Вы не вошли и видите только общедоступные данные. Войдите, чтобы увидеть своё.",
    ),
    Standing.UNKNOWN: (
        "You have signed in, but no school has confirmed you yet. Ask the administrator of your school, or of your"
        " child's school, to link your account, and tell the number of `me { accountId }`.",
        "Вы вошли, но ни одна школа вас пока не подтвердила. Попросите администратора своей школы или школы ребёнка"
        " привязать вашу учётную запись и сообщите её номер из `me { accountId }`.",
    ),
    Standing.UNCONFIRMED: (
        "Your account is not confirmed. Confirm it in Gosuslugi, then sign in again: your roles are waiting.",
        "Ваша учётная запись не подтверждена. Подтвердите её на Госуслугах и войдите снова: роли вас ждут.",
    ),
    Standing.NO_ROLE: (
        "You are known here but hold no role now. Ask the administrator of your organisation. A parent tells the id of"
        " `me { person { id } }` to the child's homeroom teacher, who proposes the guardianship.",
        "Вы у нас есть, но действующих ролей нет. Обратитесь к администратору своей организации. Родитель сообщает id"
        " из `me { person { id } }` классному руководителю ребёнка: тот вносит заявку.",
    ),
    Standing.ACTIVE: ("Your roles are listed below.", "Ваши роли перечислены ниже."),
}


def _context(info: Info) -> "Context":
    return cast("Context", info.context)


def _standing(context: "Context", _: None = None) -> Standing:
    return context.viewer.standing


def _advice(context: "Context", _: None = None) -> str:
    return context.say(*ADVICE[context.viewer.standing])


def _account(context: "Context", _: None = None) -> UUID | None:
    return context.viewer.account_id


def _oneself(viewer: Viewer) -> list[UUID]:
    return [viewer.person_id] if viewer.person_id else []


def _assignments(viewer: Viewer) -> list[UUID]:
    return [held.id for held in viewer.assignments if held.id]


def _children(viewer: Viewer) -> list[UUID]:
    return list(viewer.children)


@structure("Who is asking (кто спрашивает): you, your roles, your children.")
class Me:
    """The viewer."""

    @computed("How you stand here (состояние входа).", PUBLIC, sensitivity=Sensitivity.P0, known=Worked(_standing))
    def standing(self, info: Info) -> Standing:
        return _standing(_context(info))

    @computed(
        "What to do next, in your language (что делать дальше).",
        PUBLIC,
        sensitivity=Sensitivity.P0,
        known=Worked(_advice),
    )
    def advice(self, info: Info) -> str:
        return _advice(_context(info))

    @computed(
        "The number of an account that nobody here is linked to yet (номер учётной записи): tell it to the"
        " administrator who links it. Null when you are known; an application gets one by POST /session/link.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
        known=Worked(_account),
    )
    def account_id(self, info: Info) -> UUID | None:
        return _account(_context(info))

    @computed(
        "Your own account; null when you are not known here (ваша учётная запись).",
        PUBLIC,
        sensitivity=Sensitivity.P2,
        known=Keyed(_oneself, many=False),
    )
    async def person(self, info: Info) -> Person | None:
        return next(iter(await _all(Person, info, _oneself)), None)

    @computed(
        "Your roles that hold now (ваши роли); the oldest first.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
        known=Keyed(_assignments),
        usually=5,
    )
    async def assignments(self, info: Info) -> list[Assignment]:
        return await _all(Assignment, info, _assignments)

    @computed(
        "Children whom you represent now (ваши дети).",
        PUBLIC,
        sensitivity=Sensitivity.P2,
        known=Keyed(_children),
        usually=3,
    )
    async def children(self, info: Info) -> list[Student]:
        return await _all(Student, info, _children)


async def _all(kind: type[T], info: Info, keys: Callable[[Viewer], list[UUID]]) -> list[T]:
    """Those of the objects that the viewer may see, loaded together."""
    context = _context(info)
    found = await context.executor.load_all_named(kind.__name__, [(key,) for key in keys(context.viewer)])
    return [item for item in found if item is not None]
