"""The page for administrators names every setting, and every word for wrong settings is a real one."""

from api.settings import Settings
from tests.documents.steps import CHECKOUT


def test_every_setting_stands_in_the_table() -> None:
    """A new variable is told to those who operate the server."""
    page = (CHECKOUT / "docs/operation.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("| `")]
    variables = {str(field.validation_alias) for field in Settings.model_fields.values()}

    assert len(variables) > 20
    assert {name for name in variables if not any(f"`{name}`" in line for line in table)} == set()
