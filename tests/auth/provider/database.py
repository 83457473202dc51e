"""The provider's tables in a database of a test."""

from sqlalchemy import create_engine, text

from auth.provider.ddl import PROVIDER_DDL


def ensure_tables(url: str) -> None:
    """Make the tables, unless the migrations have made them."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if not connection.execute(text("select to_regnamespace('provider')")).scalar():
            for statement in PROVIDER_DDL:
                connection.exec_driver_sql(statement)
    engine.dispose()
