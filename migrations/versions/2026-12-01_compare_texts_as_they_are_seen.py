"""Compare texts as they are seen, and keep how the columns of a file were understood."""

from alembic import op

revision = "2026_12_01_texts"
down_revision = "2026_12_01_count_figures_alike"
branch_labels = None
depends_on = None

LOCKS = "people and organisations are folded anew, all at once: half a table found by one fold would make a second child"

# Exactly as domain/text.py folds: composed, nothing invisible, small letters, look-alike letters as one.
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
TYPOGRAPHIC = "\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u02bc\u02bb\u2032`\u00b4"
PLAIN = "------''''''''"
LATIN = "abcehkmoptxyijs\u00eb\u00ef\u0259\u0275\u00f6\u00e4\u0103\u0115\u00e7\u00ff\u00e6\u0451\u04bb"
CYRILLIC = (
    "\u0430\u0432\u0441\u0435\u043d\u043a\u043c\u043e\u0440\u0442\u0445\u0443\u0456\u0458\u0455"
    "\u0435\u0457\u04d9\u04e9\u04e7\u04d3\u04d1\u04d7\u04ab\u04f1\u04d5\u0435\u043d"
)
BLANK = "\t-\r\u001c- \u0085\u1680\u2028\u2029"

FOLD = f"""
create or replace function fold_text(value text) returns text
language sql immutable strict parallel safe
return btrim(regexp_replace(translate(casefold(translate(
    regexp_replace(translate(normalize(value, NFC), '{SPACES}', '{" " * len(SPACES)}'), '[{INVISIBLE}]', '', 'g'),
    '{TYPOGRAPHIC}', '{PLAIN.replace("'", "''")}') collate pg_unicode_fast), '{LATIN}', '{CYRILLIC}'),
  '[{BLANK}]+', ' ', 'g'))
"""
FOLDED = {
    "organisation": "fold_text(name)",
    "person": "fold_text(last_name || ' ' || first_name || ' ' || coalesce(middle_name, ''))",
}

# A patronymic that nobody knows, or that nobody gave, contradicts nothing; «П.» may stand for «Петрович».
CONTRADICTING = """
create function vhod.contradicting(given text, known text) returns boolean
language sql immutable parallel safe
return case when coalesce(fold_text(given), '') = '' or coalesce(fold_text(known), '') = '' then false
  when fold_text(given) like '%.' or fold_text(known) like '%.'
  then left(fold_text(given), 1) <> left(fold_text(known), 1)
  else fold_text(given) <> fold_text(known) end
"""

# Whoever has the number under another patronymic may be somebody else: a person decides.
KNOWN_BY_SNILS = """
create or replace function vhod.known_by_snils(asked jsonb, organisation uuid)
returns table (snils text, person_id uuid, agrees boolean, enrolled_elsewhere boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.snils, p.id,
    fold_text(p.last_name || ' ' || p.first_name) = a.fold and not vhod.contradicting(a.middle, p.middle_name)
      and (p.birth_date is null or a.birth_date is null or p.birth_date = a.birth_date),
    exists (select from enrolment e where e.student_id = p.id and e.kind = 'MAIN' and e.organisation_id <> organisation
            and (e.valid_to is null or e.live_until > vhod.now()))
  from jsonb_to_recordset(asked) as a (snils text, fold text, middle text, birth_date date)
  join person p on p.snils = a.snils
  where organisation in (select vhod.organisations('people:import'))
$$
"""

# The same last and first name and birth date are the same child, too, where one of the two has no patronymic.
KNOWN_AS = """
create or replace function vhod.known_as(place uuid, name text, born date, wanted bytea)
returns table (code text, person_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'SNILS_KNOWN', null::uuid from person p
  where p.snils_index = wanted and place in (select vhod.organisations('enrolment:write'))
  union all
  select 'STUDENT_KNOWN', p.id from person p, lateral (
    select fold_text(name) as whole, fold_text(p.last_name || ' ' || p.first_name) as short) as folded
  where (p.fold = folded.whole or folded.short = folded.whole
         or p.middle_name is null and starts_with(folded.whole, folded.short || ' '))
    and p.birth_date = born
    and (wanted is null or p.snils_index is null) and p.id <> all(vhod.restricted_ids())
    and exists (select from enrolment e where e.student_id = p.id and e.organisation_id = place)
    and place in (select vhod.organisations('enrolment:write'))
  limit 1
$$
"""

COLUMNS = [
    "alter table import_run add column sheet varchar",
    "alter table import_run add column header_row integer",
    "alter table import_run add column columns jsonb not null default '[]'",
]
NOTE_READING = """
create function vhod.note_import_reading(run uuid, worker uuid, reading jsonb) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  update import_run r set sheet = reading ->> 'sheet', header_row = (reading ->> 'header_row')::integer,
    columns = reading -> 'columns'
  where r.id = run and r.token = worker and r.status = 'RUNNING';
end $$
"""


def upgrade() -> None:
    op.execute(FOLD)
    _fold_anew()
    for statement in (CONTRADICTING, KNOWN_BY_SNILS, KNOWN_AS, *COLUMNS, NOTE_READING):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    op.execute("alter function vhod.note_import_reading(uuid, uuid, jsonb) owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")


def downgrade() -> None:
    raise RuntimeError("texts folded in another way would find other people: restore a backup instead")


def _fold_anew() -> None:
    """What is stored was folded by the function as it was: setting the expression computes it again."""
    for table, folded in FOLDED.items():
        op.execute(f"alter table {table} alter column fold set expression as ({folded})")
