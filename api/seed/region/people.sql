-- Classes of the region and its people, as SQL: pupils, those who represent them, staff, and what each may do.
--
-- Numbers are built of numbers: class = school * 64 + ordinal, pupil = class * 32 + place, guardian = family * 2 + (0:
-- mother, 1: father), staff = school * 1024 + department * 64 + place.

create temporary table r_class on commit drop as
select s.number * 64 + o as number, s.number as school, s.id as organisation_id, s.large, s.pupils, o as ordinal,
       g.grade, substr('АБВГДЕЖ', 1 + o / 7, 1) as letter,
       pg_temp.id_of('class group', y.made, s.number * 64 + o) as id
from plan_school s cross join lateral generate_series(0, s.classes - 1) o
cross join lateral (select 5 + (case when s.large then o else s.number end) % 7 as grade) g
cross join r_year y;

insert into class_group (id, organisation_id, school_year, grade_level, letter, name)
select c.id, c.organisation_id, y.school_year, c.grade, c.letter, c.grade
  || c.letter from r_class c cross join r_year y;

insert into grading_period (id, organisation_id, school_year, scheme, number, name, starts_on, ends_on)
select pg_temp.id_of('period', pg_temp.midnight(q.starts_on), s.number), s.id, q.school_year, 'QUARTER', q.number,
       q.number || ' четверть', q.starts_on, q.ends_on
from plan_school s cross join plan_quarter q;

-- One in a class has the parents of a pupil of the class before.
create temporary table r_pupil on commit drop as
select n.number, c.number as class, c.school, p as place, f.family, pg_temp.chance(n.number, 1) & 1 as man,
       pg_temp.id_of('pupil', y.made, n.number) as id
from r_class c cross join lateral generate_series(0, c.pupils - 1) p cross join r_year y
cross join lateral (select c.number::bigint * 32 + p as number) n
cross join lateral (
  select case when p = 1 and c.ordinal > 0 then (c.number - 1)::bigint * 32 + 2 else n.number end as family) f;

create temporary table r_guardian on commit drop as
select f.family * 2 + man as number, f.family, f.school, man, pg_temp.id_of('guardian', y.made,
  f.family * 2 + man) as id
from (select distinct family, school from r_pupil) f cross join generate_series(0, 1) man cross join r_year y
where man = 0 or pg_temp.chance(f.family, 2) < 600;

create temporary table r_staff on commit drop as
select n.number, s.number as school, d.number as department, p as place, d.title, s.id as organisation_id, s.large,
       (pg_temp.chance(n.number, 3) < 200)::int as man, pg_temp.id_of('staff', y.made, n.number) as id,
       pg_temp.id_of('position', y.made, n.number) as position_id, d.pool,
       row_number() over (partition by s.number order by d.number, p) as rank
from plan_school s
cross join lateral (
  select number, title, greatest(1,
    ceil(s.classes * hours / 2000.0))::int as pool from plan_department where large = s.large
  union all select 15, 'Заместитель директора по учебной работе', 1 where s.large) d
cross join lateral generate_series(0, d.pool - 1) p cross join r_year y
cross join lateral (select s.number::bigint * 1024 + d.number * 64 + p as number) n;

-- Surnames go by family, first names by person, middle names by the father's first name.
create temporary table r_person on commit drop as
select e.*, 10000 + row_number() over (order by e.kind, e.number) as snils_number from (
  select 1 as kind, number, id, family, man, family as father, c.grade from r_pupil p
  join (select number as class_number, grade from r_class) c on c.class_number = p.class
  union all select 2, number, id, family, man, number, null from r_guardian
  union all select 3, number, id, -number, man, number, null from r_staff) e;

create temporary table r_named on commit drop as
select p.kind, p.number, p.id, p.man, p.snils_number,
       case p.man when 0 then l.woman else l.man end as last_name,
       case when p.kind = 2 and p.man = 1 then f.man when p.man = 0 then g.woman else g.man end as first_name,
       case p.man when 0 then m.woman else m.man end as middle_name,
       case when p.kind = 1 then make_date(y.school_year - p.grade - 7, 12, 1) + pg_temp.chance(p.number, 5) % 365
            else make_date(y.school_year - 56, 1, 1) + pg_temp.chance(p.number, 5) * 7 end as birth_date
from r_person p cross join r_year y cross join r_constant z
join plan_name l on l.kind = 'last' and l.number = abs(hashint8extended(p.family, 7) % z.surnames)
join plan_name g on g.kind = 'first' and g.number = abs(hashint8extended(p.number, 8 + p.kind) % z.firsts)
join plan_name m on m.kind = 'middle' and m.number = abs(hashint8extended(p.father, 9 + (p.kind <> 1)::int) % z.fathers)
join plan_name f on f.kind = 'father' and f.number = abs(hashint8extended(p.family, 9) % z.fathers);

insert into person (id, last_name, first_name, middle_name, birth_date, gender, snils, phone, email, provenance)
select p.id, coalesce(a.last_name, p.last_name), coalesce(a.first_name, p.first_name),
       coalesce(a.middle_name, p.middle_name), coalesce(a.birth_date, p.birth_date),
       case when a.number is not null or p.man = 0 then 'FEMALE' else 'MALE' end,
       coalesce(a.snils, substr(nine, 1, 3) || '-' || substr(nine, 4, 3) || '-' || substr(nine, 7, 3) || ' '
                         || lpad(((select sum(substr(nine, i, 1)::int * (10 - i)) from generate_series(1,
                           9) i) % 101 % 100)::text, 2, '0')),
       '+7 000 ' || substr(nine, 3, 3) || '-' || substr(nine, 6, 2) || '-' || substr(nine, 8, 2),
       'person-' || p.snils_number || '@example.org', 'SYNTHETIC'
from r_named p cross join lateral (select lpad(p.snils_number::text, 9, '0') as nine) n
left join plan_account a on a.kind = p.kind and a.number = p.number;

insert into external_identity (id, issuer, subject, person_id, linked_at)
select pg_temp.id_of('identity', y.made, a.oid::bigint), z.issuer, a.oid, p.id, y.made
from plan_account a join r_person p on p.kind = a.kind
  and p.number = a.number cross join r_year y cross join r_constant z;

insert into staff_position (id, person_id, organisation_id, title, valid_from)
select position_id, id, organisation_id, title, '2015-09-01' from r_staff;

insert into enrolment (id, student_id, organisation_id, class_group_id, kind, valid_from)
select pg_temp.id_of('enrolment', y.made, p.number), p.id, c.organisation_id, c.id, 'MAIN',
       make_date(y.school_year - c.grade + 5, 9, 1)
from r_pupil p join r_class c on c.number = p.class cross join r_year y;

-- The triggers of what follows look into these tables, row by row.
analyze person, enrolment, organisation, r_pupil, r_guardian, r_class, r_staff;

insert into assignment (id, person_id, role, reach, organisation_id, class_group_id, valid_from, granted_at,
                        awaits_confirmation)
select pg_temp.id_of(kind, y.made, number), person_id, role, reach, organisation_id, class_group_id, since,
       pg_temp.midnight(since) + interval '10 hours', false
from r_year y cross join lateral (
  select 'assignment student' as kind, p.number, p.id as person_id, 'STUDENT' as role, 'SELF' as reach,
         c.organisation_id, null::uuid as class_group_id, make_date(y.school_year - c.grade + 5, 9, 1) as since
  from r_pupil p join r_class c on c.number = p.class
  union all
  select 'assignment guardian', g.number, g.id, 'LEGAL_REPRESENTATIVE', 'CHILDREN', s.id, null, y.starts_on
  from r_guardian g join plan_school s on s.number = g.school
  union all
  select 'assignment deputy', number, id, 'DEPUTY_HEAD', 'ORGANISATION', organisation_id, null, y.starts_on
  from r_staff where department = 15
  union all
  select 'assignment homeroom', c.number, t.id, 'HOMEROOM_TEACHER', 'CLASS_GROUPS', c.organisation_id, c.id, y.starts_on
  from r_class c join r_staff t on t.school = c.school and t.rank = c.ordinal + 1 and t.department <> 15) a;
