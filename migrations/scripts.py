"""Runs the SQL files that a migration consists of."""

from pathlib import Path

from alembic import op
from alembic.util import CommandError

FOLDER = Path(__file__).parent


def run(*names: str) -> None:
    """Run files of this folder, `base/roles` for one, each as it stands: what looks like a parameter is none."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None, "a migration needs a database"
    for name in names:
        driver.execute((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def begin_anew() -> None:
    """Refuse to go back behind the base. Raises CommandError always."""
    raise CommandError("the base is where a database begins: there is nothing to go back to, drop the database instead")
