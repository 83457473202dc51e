"""Accounts of children under 14, who sign in with a login name and a password."""

import unicodedata
from datetime import date

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.provider.person import Person

ADULT_ACCOUNT_AGE = 14
HASHES_AT_ONCE = 2

_FIND = text("""
    select subject, password_hash from provider.child_accounts
    where login = :login and blocked_at is null and birth_date > :born_after
""")
_PERSON = text("""
    select subject, last_name, first_name, middle_name, birth_date, gender, snils from provider.child_accounts
    where subject = :subject and blocked_at is null and birth_date > :born_after
""")
_CREATE = text("""
    insert into provider.child_accounts (subject, login, password_hash, last_name, first_name, middle_name, birth_date,
                                         gender, snils)
    values (:subject, :login, :password_hash, :last_name, :first_name, :middle_name, :birth_date, :gender, :snils)
    on conflict do nothing returning 1
""")
_EXISTS = text("select 1 from provider.child_accounts where subject = :subject")
_SET_HASH = text("update provider.child_accounts set password_hash = :password_hash where subject = :subject")
_BLOCK = text(
    "update provider.child_accounts set blocked_at = provider.now() where subject = :subject and blocked_at is null"
)


class ChildAccounts:
    """Child accounts in the database. An account ends on the 14th birthday, without anybody doing anything.

    Passwords are argon2id with 19 MiB and two passes (OWASP): 36 ms here. Two at once: no number of attempts can
    take more memory.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._limiter = CapacityLimiter(HASHES_AT_ONCE)
        self._nobody: str | None = None

    async def create(self, person: Person, login: str, password: str) -> bool:
        """Open an account; False when the person or the login name has one already."""
        async with self._engine.connect() as connection:
            if (await connection.execute(_EXISTS, {"subject": person.oid})).one_or_none():
                return False
        values = {
            "subject": person.oid,
            "login": normal_login(login),
            "password_hash": await self._hash(password),
            "last_name": person.last_name,
            "first_name": person.first_name,
            "middle_name": person.middle_name,
            "birth_date": person.birth_date,
            "gender": person.gender,
            "snils": person.snils,
        }
        async with self._engine.begin() as connection:
            return (await connection.execute(_CREATE, values)).one_or_none() is not None

    async def check(self, login: str, password: str, today: date) -> str | None:
        """The subject whose name and password these are; None for wrong, unknown, blocked or too old, in equal time."""
        values = {"login": normal_login(login), "born_after": _born_after(today)}
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, values)).one_or_none()
        if not await self._verify(row.password_hash if row else await self._hash_of_nobody(), password) or row is None:
            return None
        if self._hasher.check_needs_rehash(row.password_hash):
            await self.set_password(row.subject, password)
        subject: str = row.subject
        return subject

    async def set_password(self, subject: str, password: str) -> None:
        """Replace the password of an account."""
        values = {"subject": subject, "password_hash": await self._hash(password)}
        async with self._engine.begin() as connection:
            await connection.execute(_SET_HASH, values)

    async def block(self, subject: str) -> None:
        """Let nobody sign in to an account any more."""
        async with self._engine.begin() as connection:
            await connection.execute(_BLOCK, {"subject": subject})

    async def person(self, subject: str, today: date) -> Person | None:
        """Whom an account belongs to, while it lives."""
        values = {"subject": subject, "born_after": _born_after(today)}
        async with self._engine.connect() as connection:
            row = (await connection.execute(_PERSON, values)).mappings().one_or_none()
        if row is None:
            return None
        found = dict(row)
        return Person(oid=found.pop("subject"), trusted=False, level="KD", **found)

    async def _hash(self, password: str) -> str:
        return await to_thread.run_sync(self._hasher.hash, _normal(password), limiter=self._limiter)

    async def _hash_of_nobody(self) -> str:
        # Made at first need: an unknown name must cost the same work as a known one.
        self._nobody = self._nobody or await self._hash("nobody has this password")
        return self._nobody

    async def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return await to_thread.run_sync(
                self._hasher.verify, password_hash, _normal(password), limiter=self._limiter
            )
        except (VerificationError, InvalidHashError):
            return False


def normal_login(login: str) -> str:
    """Login names do not tell capitals apart and ignore spaces around them."""
    return login.strip().lower()


def _normal(password: str) -> str:
    # Keyboards differ in how they compose "й" and "ё"; the same word must stay the same password.
    return unicodedata.normalize("NFKC", password)


def _born_after(today: date) -> date:
    """Who was born on this day or before is 14 today. 29 February counts as 1 March in other years."""
    try:
        return today.replace(year=today.year - ADULT_ACCOUNT_AGE)
    except ValueError:
        return today.replace(year=today.year - ADULT_ACCOUNT_AGE, day=28)
