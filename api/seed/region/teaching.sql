-- Who is taught what by whom in the region, as SQL: subject groups of two school years.
--
-- Numbers: group = (class * 16 + subject) * 2 + (1 in the current year).

-- A group of last year was one of the same class, a grade younger. The class of the student who can sign in is taught
-- by the first teacher of each department: the one who can sign in is among them.
create temporary table r_group on commit drop as
select n.number, c.number as class, c.school, c.ordinal, c.large, c.organisation_id, c.id as class_group_id, w.grade,
       t.school_year, w.grade || c.letter as class_name, j.number as subject, j.id as subject_id,
       j.name || ' ' || w.grade || c.letter as name, s.id as teacher_id, s.position_id,
       pg_temp.id_of('group', t.made, n.number) as id,
       pg_temp.id_of('assignment teacher', t.made, n.number) as assignment_id, t.starts_on, t.ends_on
from r_year y
cross join lateral (
  values (y.school_year - 1, 0, make_date(y.school_year - 1, 9, 1), y.starts_on),
         (y.school_year, 1, y.starts_on, null)) u (school_year, current, starts_on, ends_on)
cross join lateral (select u.*, pg_temp.midnight(u.starts_on) as made) t
cross join r_class c
join (select distinct large, grade, subject from plan_week) w
  on w.large = c.large and w.grade = c.grade - 1 + t.current
join plan_subject j on j.number = w.subject
cross join lateral (select (c.number::bigint * 16 + j.number) * 2 + t.current as number) n
join r_staff s on s.school = c.school and s.department = j.department
              and s.place = ((c.ordinal - 4) % s.pool + s.pool) % s.pool;

insert into subject_group (id, organisation_id, class_group_id, subject_id, school_year, name, teacher_id)
select id, organisation_id, class_group_id, subject_id, school_year, name, position_id from r_group;

insert into assignment (id, person_id, role, reach, organisation_id, subject_group_id, valid_from, valid_to, granted_at,
                        awaits_confirmation)
select assignment_id, teacher_id, 'TEACHER', 'SUBJECT_GROUPS', organisation_id, id, starts_on, ends_on,
       pg_temp.midnight(starts_on) + interval '10 hours', false from r_group;
