-- What triggers keep, asked of the data itself: each query gives the rows that break the rule in the line above it.

-- sums of a line
select l.id from journal_line l
left join (select journal_line_id, sum(value * weight) as m, sum(weight) as w, count(*) as n from mark group by 1) s
  on s.journal_line_id = l.id
where (l.mark_sum, l.weight_sum, l.mark_count) is distinct from (coalesce(s.m, 0), coalesce(s.w, 0), coalesce(s.n, 0));

-- marks stand in their line and column
select m.id from mark m left join assessment_slot s on s.id = m.slot_id left join lesson e on e.id = m.lesson_id
left join journal_line l on l.id = m.journal_line_id
where (m.lesson_id, s.journal_id, case when m.scale = 'PASS_FAIL' then 0 else s.weight end, m.held_on, m.student_id, m.organisation_id, m.class_group_id,
       m.subject_group_id, m.school_year) is distinct from
      (s.lesson_id, l.journal_id, m.weight, e.held_on, l.student_id, l.organisation_id, l.class_group_id,
       l.subject_group_id, l.school_year);

-- absences stand in their line and lesson
select a.id from attendance_record a left join lesson e on e.id = a.lesson_id
left join journal_line l on l.id = a.journal_line_id
where (e.journal_id, a.held_on, a.student_id, a.organisation_id, a.class_group_id, a.subject_group_id, a.school_year)
      is distinct from (l.journal_id, e.held_on, l.student_id, l.organisation_id, l.class_group_id,
                        l.subject_group_id, l.school_year);

-- lessons are their newest version
select e.id from lesson e left join lesson_version v on v.lesson_id = e.id and v.version = e.version
where (e.status, e.topic, e.homework, e.journal_id, e.organisation_id, e.class_group_id, e.subject_group_id,
       e.school_year) is distinct from
      (v.status, v.topic, v.homework, v.journal_id, v.organisation_id, v.class_group_id, v.subject_group_id,
       v.school_year)
union all
select lesson_id from lesson_version group by 1 having count(*) <> max(version);

-- rows have the anchors of their group
select j.id from journal j join subject_group g on g.id = j.subject_group_id
where (j.organisation_id, j.class_group_id, j.subject_id, j.school_year)
      is distinct from (g.organisation_id, g.class_group_id, g.subject_id, g.school_year)
union all
select r.id from (
  select id, journal_id, organisation_id, class_group_id, subject_group_id, school_year from lesson
  union all select id, journal_id, organisation_id, class_group_id, subject_group_id, school_year from journal_line
  union all select id, journal_id, organisation_id, class_group_id, subject_group_id, school_year from assessment_slot
) r join journal j on j.id = r.journal_id
where (r.organisation_id, r.class_group_id, r.subject_group_id, r.school_year)
      is distinct from (j.organisation_id, j.class_group_id, j.subject_group_id, j.school_year);

-- lessons lie in their period
select e.id from lesson e join journal j on j.id = e.journal_id join grading_period p on p.id = j.grading_period_id
where e.held_on not between p.starts_on and p.ends_on or p.school_year <> e.school_year
   or p.organisation_id <> e.organisation_id;

-- nobody has a mark for a lesson they missed
select m.id from mark m join attendance_record a
  on a.lesson_id = m.lesson_id and a.student_id = m.student_id and a.school_year = m.school_year
join assessment_slot s on s.id = m.slot_id join work_type w on w.id = s.work_type_id
where a.code <> 'LATE' and w.code <> 'MAKE_UP';

-- organisations know those above them
select o.id from organisation o left join organisation above on above.id = o.parent_id
where o.ancestor_ids is distinct from coalesce(above.ancestor_ids, '{}') || o.id
   or o.region_id is distinct from case o.kind when 'REGION' then o.id else above.region_id end
   or o.municipality_id is distinct from case o.kind when 'MUNICIPALITY' then o.id else above.municipality_id end;

-- days are moments of the place
select r.id from (
  select id, organisation_id, valid_from, valid_to, live_from, live_until from enrolment
  union all select id, organisation_id, valid_from, valid_to, live_from, live_until from subject_group_member
  union all select id, organisation_id, valid_from, valid_to, live_from, live_until from staff_position
) r where live_from is distinct from valid_from::timestamp at time zone vhod.zone_of(organisation_id)
       or live_until is distinct from valid_to::timestamp at time zone vhod.zone_of(organisation_id);

-- roles work from their confirmation on, until they are ended
select a.id from assignment a cross join lateral (select vhod.zone_of(a.organisation_id) as zone) z
where a.live_from is distinct from case when not a.awaits_confirmation or a.confirmed_at is not null
                                        then a.valid_from::timestamp at time zone z.zone end
   or a.live_until is distinct from least(a.valid_to::timestamp at time zone z.zone, a.ended_at);

-- whoever has rights has a version of them
select r.person_id from (
  select person_id from assignment union select guardian_id from guardianship
  union select person_id from restriction union select person_id from external_identity
) r left join access_version v on v.person_id = r.person_id where v.version is null;

-- representatives stand for a child until it is grown up, or until it is ended by hand
with zones as (
  select distinct e.student_id as person_id, vhod.zone_of(e.organisation_id) as zone from enrolment e
  union select id, vhod.zone_of_student(id) from person
)
select x.id from guardianship x join person s on s.id = x.student_id
where not exists (
  -- Midnight is that of the school that the child went to when the row was written: a move leaves it as it is.
  select from zones z where z.person_id = x.student_id
  and x.live_from is not distinct from x.valid_from::timestamp at time zone z.zone
  and x.live_until is not distinct from
      least(least(x.valid_to, vhod.birthday(s.birth_date, 18))::timestamp at time zone z.zone, x.ended_at));

-- restrictions and consents hold on their days
with zones as (
  select distinct e.student_id as person_id, vhod.zone_of(e.organisation_id) as zone from enrolment e
  union select id, vhod.zone_of_student(id) from person
)
select r.id from restriction r
where not exists (
  select from zones z where z.person_id = r.subject_person_id
  and r.live_from is not distinct from r.valid_from::timestamp at time zone z.zone
  and r.live_until is not distinct from r.valid_to::timestamp at time zone z.zone)
union all
select c.id from consent c join person s on s.id = c.person_id
where not exists (
  select from zones z where z.person_id = c.person_id
  and c.live_from is not distinct from c.valid_from::timestamp at time zone z.zone
  and c.live_until is not distinct from
      least(c.valid_to::timestamp at time zone z.zone, c.revoked_at,
            case when c.given_by_id <> c.person_id
                 then vhod.birthday(s.birth_date, 14)::timestamp at time zone z.zone end));

-- ratings stand as was decided
select r.id from rating r
left join lateral (select d.action, d.reason, d.decided_at, d.decided_by_id from rating_decision d
                   where d.rating_id = r.id order by d.decided_at desc, d.action = 'WITHDRAW' desc limit 1) d on true
where (r.state, r.withdrawn_because) is distinct from
      (case d.action when 'PUBLISH' then 'PUBLISHED' when 'WITHDRAW' then 'WITHDRAWN' else 'DRAFT' end, d.reason)
  and not (r.state = 'PUBLISHED' and r.decided_at is null and d.action is null)
   or d.action = 'PUBLISH' and d.decided_by_id = r.created_by_id;
