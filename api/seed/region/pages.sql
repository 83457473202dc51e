-- What stands in the pages of a quarter in a block of schools, as SQL with triggers off: lessons, lines, marks.
--
-- Numbers: lesson = page * 64 + week * 5 + order in the week, line = page * 32 + pupil's place, cell = line * 64 + the
-- last six bits of the lesson. What chance says of a cell is `chance(cell, salt)`, of 1024. Rows go in by the day on
-- which they were written: a page lies as scattered on disk as in a database that was written to for a year. A block is
-- small enough for the parts of the indexes that it touches to stay in memory.

create temporary table r_lesson as
select n.number, p.number as page, n.number & 63 as last_bits, w.lesson, d.day, p.made,
       pg_temp.id_of('lesson', p.made, n.number) as id, pg_temp.id_of('slot', p.made, n.number) as slot_id,
       case when d.day > y.today then 'PLANNED' when pg_temp.chance(n.number, 11) < 15 then 'CANCELLED' else 'HELD' end
         as status,
       case when o.place % 9 = 8 then 2 when o.place % 4 = 3 then 1 else 0 end as work,
       d.day::timestamp at time zone z.zone + interval '8 hours 30 minutes' + w.lesson * interval '55 minutes'
         as ends_at,
       j.topics[1 + (p.quarter * 4 + o.place) % cardinality(j.topics)] as topic,
       j.homework[1 + pg_temp.chance(n.number, 12) % cardinality(j.homework)] as homework
from r_page p join r_group g on g.number = p.group_number
join plan_week w on w.large = g.large and w.grade = g.grade and w.shift = g.ordinal % 5 and w.subject = g.subject
join plan_day d on d.school_year = p.school_year and d.quarter = p.quarter and d.weekday = w.weekday
join plan_subject j on j.number = g.subject
cross join r_year y cross join r_constant z
cross join lateral (select p.number * 64 + d.week * 5 + w.place as number) n
cross join lateral (select d.week * w.hours + w.place as place) o
join r_now b on b.school_year = p.school_year and b.quarter = p.quarter and g.school between b.first and b.last;

insert into lesson (id, journal_id, organisation_id, school_year, class_group_id, subject_group_id, held_on, number,
  status,
                    slot_code, topic, homework)
select l.id, p.id, g.organisation_id, g.school_year, g.class_group_id, g.id, l.day, l.lesson, l.status,
       case when l.status <> 'CANCELLED' then (array['У', 'СР', 'КР'])[l.work + 1] end,
       case when l.status <> 'CANCELLED' then l.topic end, case when l.status = 'HELD' then l.homework end
from r_lesson l join r_page p on p.number = l.page join r_group g on g.number = p.group_number order by l.day, l.number;

insert into lesson_version (id, lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
  status,
                            topic, homework, recorded_by_id, assignment_id, role, recorded_at)
select pg_temp.id_of('lesson version', w.at, l.number), l.id, p.id, g.organisation_id, g.school_year, g.class_group_id,
       g.id, l.status, case when l.status <> 'CANCELLED' then l.topic end, case when l.status = 'HELD'
         then l.homework end,
       g.teacher_id, g.assignment_id, 'TEACHER', w.at
from r_lesson l join r_page p on p.number = l.page join r_group g on g.number = p.group_number
cross join lateral (select case l.status when 'PLANNED' then l.made else l.ends_at end as at) w order by l.day,
  l.number;

insert into assessment_slot (id, lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                             work_type_id, weight, code)
select l.slot_id, l.id, p.id, g.organisation_id, g.school_year, g.class_group_id, g.id, t.id, l.work + 1,
       (array['У', 'СР', 'КР'])[l.work + 1]
from r_lesson l join r_page p on p.number = l.page join r_group g on g.number = p.group_number
join work_type t on t.organisation_id is null and t.code = (array['LESSON', 'INDEPENDENT', 'TEST'])[l.work + 1]
where l.status = 'HELD' order by l.day, l.number;

create temporary table r_line as
select n.number, p.number as page, u.number as pupil, u.id as student_id, pg_temp.id_of('line', p.made, n.number) as id,
       300 + (pg_temp.chance(u.number, 13) + pg_temp.chance(u.number, 14)) / 10 as ability
from r_page p join r_group g on g.number = p.group_number join r_pupil u on u.class = g.class
cross join lateral (select p.number * 32 + u.place as number) n
join r_now b on b.school_year = p.school_year and b.quarter = p.quarter and g.school between b.first and b.last;

-- One pass over all lines and lessons; whole days of absence go by pupil and day.
create temporary table r_cell as
select c.number, i.number as line, l.number as lesson, f.code,
       case when f.code is null or f.code = 'LATE' then
         case when chance.given < (array[64, 400, 950])[l.work + 1] then
           least(5, greatest(2, (i.ability + (chance.luck - 512) / 6 + 50) / 100)) end end as value
from r_lesson l join r_line i on i.page = l.page
cross join lateral (select i.number * 64 + l.last_bits as number) c
cross join lateral (select pg_temp.chance(i.pupil * 100000 + (l.day - date '2000-01-01'), 15) as away,
                           pg_temp.chance(c.number, 16) as given, pg_temp.chance(c.number, 17) as luck,
                           pg_temp.chance(c.number, 18) as late) chance
cross join lateral (select case when away < 8 then 'ABSENT_ILLNESS' when away < 14 then 'ABSENT_EXCUSED'
                                when away < 20 then 'ABSENT_UNEXCUSED'
                                when l.lesson = 1 and late < 30 then 'LATE' end as code) f
where l.status = 'HELD' and (f.code is not null or chance.given < (array[64, 400, 950])[l.work + 1]);

analyze r_lesson, r_line, r_cell;

insert into journal_line (id, journal_id, student_id, organisation_id, school_year, class_group_id, subject_group_id,
  number,
                          student_name, mark_sum, weight_sum, mark_count)
select i.id, p.id, i.student_id, g.organisation_id, g.school_year, g.class_group_id, g.id, r.number, r.name,
       coalesce(s.mark_sum, 0), coalesce(s.weight_sum, 0), coalesce(s.mark_count, 0)
from r_line i join r_page p on p.number = i.page join r_group g on g.number = p.group_number
join r_listed r on r.pupil = i.pupil
left join (
  select c.line, sum(c.value * (l.work + 1)) as mark_sum, sum(l.work + 1) as weight_sum, count(*) as mark_count
  from r_cell c join r_lesson l on l.number = c.lesson where c.value is not null group by c.line) s on s.line = i.number
order by i.number;

-- A few were corrected the day after: another value stood there first.
create temporary table r_mark as
select c.number, c.value, l.work + 1 as weight, l.slot_id, l.ends_at, pg_temp.id_of('mark', l.ends_at, c.number) as id,
       pg_temp.chance(c.number, 19) < 10 and l.day < y.today - 1 as corrected, 
g.school_year, l.id as lesson_id, i.id as journal_line_id, i.student_id, g.organisation_id, g.class_group_id,
g.id as subject_group_id, l.day as held_on, g.teacher_id, g.assignment_id


from r_cell c join r_lesson l on l.number = c.lesson join r_line i on i.number = c.line
  join r_page p on p.number = l.page
join r_group g on g.number = p.group_number
 cross join r_year y
where c.value is not null order by l.ends_at, c.number;

insert into mark (id, version, value, weight, slot_id, role, recorded_at, reason, 
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
recorded_by_id, assignment_id
)
select id, 1 + corrected::int, value, weight, slot_id, 'TEACHER', ends_at + case when corrected
  then interval '1 day' else '0' end,
       case when corrected then 'Ошибка при вводе' end, 
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
teacher_id, assignment_id
 from r_mark;

insert into mark_version (id, mark_id, version, value, weight, slot_id, role, recorded_at, reason, 
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
recorded_by_id, assignment_id
)
select pg_temp.id_of('mark version', v.at, number), id, v.version, v.value, weight, slot_id, 'TEACHER', v.at, v.reason,
       
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
teacher_id, assignment_id

from r_mark m cross join lateral (
  select 1 as version, case when not corrected then m.value when m.value > 3 then m.value - 1 else m.value + 1 end
    as value,
         ends_at as at, null as reason
  union all
  select 2, m.value, ends_at + interval '1 day', 'Ошибка при вводе' where corrected) v;

create temporary table r_absence as
select c.number, c.code, l.ends_at as recorded_at, pg_temp.id_of('attendance', l.ends_at, c.number) as id, 
g.school_year, l.id as lesson_id, i.id as journal_line_id, i.student_id, g.organisation_id, g.class_group_id,
g.id as subject_group_id, l.day as held_on, g.teacher_id, g.assignment_id


from r_cell c join r_lesson l on l.number = c.lesson join r_line i on i.number = c.line
  join r_page p on p.number = l.page
join r_group g on g.number = p.group_number

where c.code is not null order by l.ends_at, c.number;

insert into attendance_record (id, code, role, recorded_at, 
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
recorded_by_id, assignment_id
)
select id, code, 'TEACHER', recorded_at, 
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
teacher_id, assignment_id
 from r_absence;

insert into attendance_version (id, record_id, code, role, recorded_at, 
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
recorded_by_id, assignment_id
)
select pg_temp.id_of('attendance version', recorded_at, number), id, code, 'TEACHER', recorded_at, 
school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
teacher_id, assignment_id

from r_absence;

drop table r_lesson, r_line, r_cell, r_mark, r_absence;
