"""Ids and chance in SQL: functions of the loading session, the same in every database for the same numbers."""

KINDS = (
    "pupil", "guardian", "staff", "position", "identity", "class group", "period", "enrolment", "guardianship",
    "assignment student", "assignment guardian", "assignment teacher", "assignment homeroom", "assignment deputy",
    "group", "member", "journal", "lesson", "lesson version", "slot", "line", "mark", "mark version", "attendance",
    "attendance version",
)  # fmt: skip
"""What a number may be the number of. Only ever added to: the place in this list is part of the ids."""

# A version 7 UUID as the database would have made it at that moment: rows of one time lie together, as in real life.
# Kind and number stand in the last 62 bits, so that the id of a row is worked out, not looked up.
ID_OF = f"""
create function pg_temp.id_of(kind text, made timestamptz, number bigint) returns uuid language sql immutable
return encode(
  int8send(((extract(epoch from made) * 1000)::bigint << 16) | 28672)
  || int8send((array_position(array{list(KINDS)}, kind)::bigint << 56) | number | (-9223372036854775808)), 'hex')::uuid
"""

# The hash is that of hash partitioning: PostgreSQL keeps it the same between versions and machines.
CHANCE = """
create function pg_temp.chance(number bigint, salt int) returns int language sql immutable
return (hashint8extended(number, {seed}::bigint * 1000 + salt) & 1023)::int
"""

MIDNIGHT = """
create function pg_temp.midnight(day date) returns timestamptz language sql immutable
return day::timestamp at time zone '{zone}'
"""


def functions(seed: int, zone: str) -> list[str]:
    """Give the statements that make `id_of(kind, made, number)`, `chance(number, salt)` of 1024, `midnight(day)`."""
    return [ID_OF, CHANCE.format(seed=int(seed)), MIDNIGHT.format(zone=zone)]
