-- What must hold after whatever happened. Each row that comes out is a fault: its name, and where.
with newest_mark as (
  select distinct on (school_year, slot_id, journal_line_id, position) * from mark_version
  order by school_year, slot_id, journal_line_id, position, version desc
), newest_attendance as (
  select distinct on (school_year, lesson_id, student_id) * from attendance_version
  order by school_year, lesson_id, student_id, version desc
), newest_lesson as (
  select distinct on (lesson_id) * from lesson_version order by lesson_id, version desc
), sums as (
  select journal_line_id, sum(value * weight) as mark_sum, sum(weight) as weight_sum, count(*) as mark_count
  from mark group by journal_line_id
)
select 'versions of a mark have a gap' as fault, concat_ws(' ', slot_id, journal_line_id, position) as place
from mark_version group by slot_id, journal_line_id, position
having min(version) <> 1 or max(version) <> count(*) or count(distinct mark_id) <> 1
union all
select 'versions of attendance have a gap', concat_ws(' ', lesson_id, student_id)
from attendance_version group by lesson_id, student_id
having min(version) <> 1 or max(version) <> count(*) or count(distinct record_id) <> 1
union all
select 'versions of a lesson have a gap', lesson_id::text
from lesson_version group by lesson_id having min(version) <> 1 or max(version) <> count(*)
union all
select 'a mark is not its newest version', concat_ws(' ', m.id, v.mark_id)
from mark m full join (select * from newest_mark where value is not null) v
  on v.mark_id = m.id and v.school_year = m.school_year
where (m.value, m.version, m.weight, m.scale, m.remark, m.reason, m.recorded_by_id, m.slot_id, m.journal_line_id)
  is distinct from
  (v.value, v.version, v.weight, v.scale, v.remark, v.reason, v.recorded_by_id, v.slot_id, v.journal_line_id)
union all
select 'attendance is not its newest version', concat_ws(' ', a.id, v.record_id)
from attendance_record a full join (select * from newest_attendance where code is not null) v
  on v.record_id = a.id and v.school_year = a.school_year
where (a.code, a.version, a.note, a.reason, a.lesson_id, a.student_id)
  is distinct from (v.code, v.version, v.note, v.reason, v.lesson_id, v.student_id)
union all
select 'a lesson is not its newest version', e.id::text
from lesson e left join newest_lesson v on v.lesson_id = e.id
where (e.version, e.status, e.topic, e.homework) is distinct from (v.version, v.status, v.topic, v.homework)
union all
select 'sums of a line are not those of its marks', l.id::text
from journal_line l left join sums s on s.journal_line_id = l.id
where (l.mark_sum, l.weight_sum, l.mark_count)
  <> (coalesce(s.mark_sum, 0), coalesce(s.weight_sum, 0), coalesce(s.mark_count, 0))
union all
select 'a mark stands beside a full absence', m.id::text
from mark m
join attendance_record a on a.lesson_id = m.lesson_id and a.student_id = m.student_id and a.code <> 'LATE'
join assessment_slot s on s.id = m.slot_id join work_type w on w.id = s.work_type_id
where w.code <> 'MAKE_UP' and m.reason is not null
union all
select 'a key was kept without what came of it', key::text from mutation_key where objects = '{}'
union all
select 'a request was carried out twice', left(request_id, 36) from audit_entry
where request_id ~ '^[0-9a-f-]{36}-[0-9]+$' and action <> 'journal:proposals:keep'
group by left(request_id, 36) having count(*) > 1
union all
select 'a change of the page has no key or no audit', v.reason
from (select distinct reason from mark_version union select distinct reason from attendance_version) v
where v.reason ~ '^[0-9a-f]{8}-[0-9a-f]{4}-'
  and (select count(*) from mutation_key k where k.key::text = v.reason)
    + (select count(*) from audit_entry e where e.detail ->> 'reason' = v.reason) <> 2
union all
select 'a run that is done has lost or doubled rows', r.id::text
from import_run r left join import_row w on w.run_id = r.id
where r.status = 'DONE' group by r.id
having count(w.id) <> r.total or r.done <> r.total
  or r.created + r.changed + r.unchanged + r.rejected + r.flagged <> r.total
union all
select 'a run that is done is not audited once', r.id::text
from import_run r where r.status = 'DONE'
  and (select count(*) from audit_entry e where e.request_id = 'import:' || r.id) <> 1
union all
select 'a person was brought in twice', concat_ws(' ', last_name, first_name, birth_date)
from person where last_name like 'Убит%' group by last_name, first_name, birth_date having count(*) > 1
