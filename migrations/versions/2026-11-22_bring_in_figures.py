"""Bring in figures: imports have one more kind, with a right of its own."""

from alembic import op

revision = "2026_11_22_14"
down_revision = "2026_11_22_13"
branch_labels = None
depends_on = None

BEFORE = {"JOURNAL_PAGE": "journals:import", "ORGANISATIONS": "organisations:import", "PEOPLE": "people:import"}
AFTER = BEFORE | {"OBSERVATIONS": "observations:import"}
_REACHED = "organisation_id in (select vhod.organisations('{permission}'))"


def _set(kinds: dict[str, str]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("alter table import_run drop constraint importkind_word")
    op.execute(f"alter table import_run add constraint importkind_word check (kind in ({words}))")
    by_any = " or ".join(_REACHED.format(permission=permission) for permission in kinds.values())
    by_kind = " or ".join(
        f"(kind = '{kind}' and {_REACHED.format(permission=permission)})" for kind, permission in kinds.items()
    )
    op.execute(f"alter policy adding on import_file with check (uploaded_by_id = (select vhod.person()) and ({by_any}))")
    op.execute(f"alter policy adding on import_run with check (started_by_id = (select vhod.person()) and ({by_kind}))")
    op.execute(f"alter policy changing on import_run using ({by_kind}) with check ({by_kind})")
    op.execute(f"alter policy adding on import_row with check (run_id = (select vhod.import_run()) and ({by_any}))")


def upgrade() -> None:
    _set(AFTER)


def downgrade() -> None:
    op.execute("delete from import_row where run_id in (select id from import_run where kind = 'OBSERVATIONS')")
    op.execute("delete from import_run where kind = 'OBSERVATIONS'")
    _set(BEFORE)
