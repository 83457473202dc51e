-- Who is whose child, who is in a group, which pages it has, how pupils are listed there; as SQL with triggers off.
--
-- Numbers: page = group * 4 + quarter - 1.

insert into guardianship (id, guardian_id, student_id, kind, valid_from, live_from, live_until)
select pg_temp.id_of('guardianship', y.made, p.number * 2 + g.man), g.id, p.id, 'PARENT', s.birth_date,
       pg_temp.midnight(s.birth_date), pg_temp.midnight(vhod.birthday(s.birth_date, 18))
from r_pupil p join r_guardian g on g.family = p.family join person s on s.id = p.id cross join r_year y;

insert into subject_group_member (id, student_id, subject_group_id, organisation_id, class_group_id, valid_from,
  valid_to,
                                  live_from, live_until)
select pg_temp.id_of('member', pg_temp.midnight(g.starts_on), g.number * 32 + p.place), p.id, g.id, g.organisation_id,
       g.class_group_id, g.starts_on, g.ends_on, pg_temp.midnight(g.starts_on), pg_temp.midnight(g.ends_on)
from r_group g join r_pupil p on p.class = g.class;

create temporary table r_page on commit drop as
select g.number * 4 + q.number - 1 as number, g.number as group_number, g.school_year, q.number as quarter, m.made,
       pg_temp.id_of('journal', m.made, g.number) as id,
       pg_temp.id_of('period', m.made, g.school) as period_id
from r_group g join plan_quarter q on q.school_year = g.school_year and q.shown
cross join lateral (select pg_temp.midnight(q.starts_on) as made) m;

insert into journal (id, organisation_id, school_year, class_group_id, subject_group_id, subject_id, grading_period_id,
                     class_name, provenance)
select p.id, g.organisation_id, g.school_year, g.class_group_id, g.id, g.subject_id, p.period_id, g.class_name,
  'SYNTHETIC'
from r_page p join r_group g on g.number = p.group_number;

create temporary table r_listed on commit drop as
select u.number as pupil, row_number() over (partition by u.class order by s.fold, s.id) as number,
       s.last_name || ' ' || s.first_name as name
from r_pupil u join person s on s.id = u.id;

analyze r_page, r_group, r_class, r_pupil, r_listed;
