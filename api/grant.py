"""The first administrator of an organisation: named on the server, since nobody else could grant the role yet."""

from uuid import UUID

from sqlalchemy import Connection, NullPool, TextClause, create_engine, insert, select, text
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col

from api.commands import CommandError
from domain.records import Assignment, AuditEntry, ExternalIdentity, Organisation, Person, StaffPosition
from domain.roles import ReachKind, Role

ACTION = "server:assignment:grant"


def grant_first_administrator(  # noqa: PLR0913 - each is one thing that the command line asks for
    owner_url: str, *, issuer: str, subject: str, last_name: str, first_name: str, organisation: str
) -> None:
    """Make somebody the administrator of an organisation (OGRN or id), audited, in one transaction.

    The account at the issuer is linked to a person made for it, unless it is linked already. Raises CommandError
    when the organisation is not known, not one, or the person is its administrator already.
    """
    engine = create_engine(owner_url, poolclass=NullPool, connect_args={"application_name": "vhod grant"})
    with engine.begin() as connection:
        connection.execute(text("set local role vhod_keeper"))
        place = _organisation(connection, organisation)
        person = _linked(connection, issuer, subject) or _new_person(connection, issuer, subject, last_name, first_name)
        _refuse_twice(connection, person, place)
        granted = connection.scalar(_grant(person, place))
        _staff(connection, person, place)
        entry = {"request_id": "server", "actor_id": None, "organisation_id": place, "object_id": granted}
        connection.execute(insert(AuditEntry).values(**entry, action=ACTION, detail={"person": str(person)}))


def _organisation(connection: Connection, wanted: str) -> UUID:
    try:
        condition = col(Organisation.id) == UUID(wanted)
    except ValueError:
        condition = col(Organisation.ogrn) == wanted
    found = connection.scalars(select(col(Organisation.id)).where(condition)).all()
    if len(found) != 1:
        raise CommandError(f"{len(found)} organisations with OGRN or id {wanted}: name one by its id")
    place: UUID = found[0]
    return place


def _linked(connection: Connection, issuer: str, subject: str) -> UUID | None:
    query = select(col(ExternalIdentity.person_id)).filter_by(issuer=issuer, subject=subject)
    person: UUID | None = connection.scalar(query)
    return person


def _new_person(connection: Connection, issuer: str, subject: str, last_name: str, first_name: str) -> UUID:
    names = {"last_name": last_name, "first_name": first_name}
    person: UUID = connection.scalars(insert(Person).values(**names).returning(col(Person.id))).one()
    connection.execute(insert(ExternalIdentity).values(issuer=issuer, subject=subject, person_id=person))
    return person


def _refuse_twice(connection: Connection, person: UUID, place: UUID) -> None:
    held = select(col(Assignment.id)).filter_by(person_id=person, organisation_id=place, role=Role.ORG_ADMIN)
    if connection.scalar(held.where(col(Assignment.ended_at).is_(None))):
        raise CommandError("this account is an administrator of the organisation already")


def _grant(person: UUID, place: UUID) -> ReturningInsert[UUID]:
    values = {"person_id": person, "role": Role.ORG_ADMIN, "reach": ReachKind.ORGANISATION, "organisation_id": place}
    made = insert(Assignment).values(
        **values, valid_from=_today(place), awaits_confirmation=False, reason="python -m api grant"
    )
    return made.returning(col(Assignment.id))


def _today(place: UUID) -> TextClause:
    """The day it is where the organisation is."""
    return text("(vhod.now() at time zone vhod.zone_of(:place))::date").bindparams(place=place)


def _staff(connection: Connection, person: UUID, place: UUID) -> None:
    """Whoever administers is seen by those who are administered."""
    if connection.scalar(select(col(StaffPosition.id)).filter_by(person_id=person, organisation_id=place)) is None:
        position = {
            "person_id": person,
            "organisation_id": place,
            "title": "Администратор",
            "valid_from": _today(place),
        }
        connection.execute(insert(StaffPosition).values(**position))
