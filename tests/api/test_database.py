"""The API serves as a role that row-level security binds, with limits on every statement."""

import pytest
from sqlalchemy import make_url, text

from api.database import DatabaseUrls, UnsafeRoleError, make_engine, open_database, verify_role

pytestmark = pytest.mark.anyio


async def test_engine_puts_on_its_role_and_limits(database_url: str) -> None:
    """From the owner's address alone both roles come out, each statement bounded."""
    database = open_database(DatabaseUrls.of_owner(database_url), pool_size=1)
    names = ("timezone", "statement_timeout", "lock_timeout", "jit", "application_name")
    query = text(f"select current_user, {', '.join(f'current_setting({name!r})' for name in names)}")
    async with database.app.connect() as app, database.provider.connect() as provider:
        settings = tuple((await app.execute(query)).one())
        other = await provider.scalar(text("select current_user"))
    await database.close()

    assert settings == ("vhod_app", "UTC", "5s", "2s", "off", "vhod")
    assert other == "vhod_provider"


async def test_owner_must_not_serve(database_url: str) -> None:
    """Whoever owns the tables steps over their policies."""
    engine = make_engine(make_url(database_url), pool_size=1)

    with pytest.raises(UnsafeRoleError, match="owns tables"):
        await verify_role(engine, production=False)
    await engine.dispose()


async def test_role_put_on_after_login_is_for_development_only(database_url: str) -> None:
    """RESET ROLE would bring the owner back: production wants a login of its own."""
    engine = open_database(DatabaseUrls.of_owner(database_url), pool_size=1).app
    await verify_role(engine, production=False)

    with pytest.raises(UnsafeRoleError, match="must not serve the API"):
        await verify_role(engine, production=True)
    await engine.dispose()


async def test_login_of_its_own_is_fit_for_production(database_url: str) -> None:
    """The role logs in by its own name; its address wins over the owner's."""
    own = make_url(database_url).set(username="vhod_app").render_as_string(hide_password=False)
    engine = open_database(DatabaseUrls.of_owner(database_url, app=own), pool_size=1).app
    await verify_role(engine, production=True)
    async with engine.connect() as connection:
        user = await connection.scalar(text("select session_user"))
    await engine.dispose()

    assert user == "vhod_app"
