select '{"data":{"classGroup":{"name":' || to_json(c.name) || ',"subjectGroups":[' || coalesce((
    select string_agg('{"subject":{"name":' || to_json(s.name) || '},"journals":[' || coalesce(j.text, '') || ']}',
                      ',' order by g.school_year, g.name, g.id)
    from subject_group g
    join subject s on s.id = g.subject_id
    left join lateral (
        select string_agg('{"lessons":[' || coalesce(l.text, '') || ']}', ',') as text
        from journal j
        left join lateral (
            select string_agg(
                '{"id":"Lesson:' || l.id || '","heldOn":"' || l.held_on || '","number":' || l.number
                || ',"topic":' || coalesce(to_json(l.topic)::text, 'null')
                || ',"homework":' || coalesce(to_json(l.homework)::text, 'null')
                || ',"marks":[' || coalesce(m.text, '') || '],"attendance":[' || coalesce(a.text, '') || ']}',
                ',' order by l.held_on, l.number, l.id) as text
            from lesson l
            left join lateral (
                select string_agg('{"id":"Mark:' || m.school_year || ':' || m.id || '","value":' || m.value
                                  || ',"weight":' || m.weight || '}', ',' order by m.id) as text
                from mark m where m.lesson_id = l.id and m.school_year = l.school_year
            ) m on true
            left join lateral (
                select string_agg('{"id":"AttendanceRecord:' || a.school_year || ':' || a.id || '","code":"' || a.code
                                  || '"}', ',' order by a.id) as text
                from attendance_record a where a.lesson_id = l.id and a.school_year = l.school_year
            ) a on true
            where l.journal_id = j.id and l.held_on between $3::date and $4::date
        ) l on true
        where j.subject_group_id = g.id and j.grading_period_id in (
            select id from grading_period where starts_on <= $3::date and ends_on >= $3::date)
    ) j on true
    where g.class_group_id = c.id and g.school_year = $2::int
), '') || ']}}}'
from class_group c where c.id = $1::uuid
