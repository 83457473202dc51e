select '{"data":{"journal":{"className":' || to_json(j.class_name) || ',"subject":{"name":' || to_json(s.name)
    || '},"gradingPeriod":{"name":' || to_json(p.name) || '},"lessons":[' || coalesce((
    select string_agg(
        '{"id":"Lesson:' || l.id || '","heldOn":"' || l.held_on || '","number":' || l.number
        || ',"topic":' || coalesce(to_json(l.topic)::text, 'null')
        || ',"homework":' || coalesce(to_json(l.homework)::text, 'null') || '}',
        ',' order by l.held_on, l.number, l.id)
    from lesson l where l.journal_id = j.id
), '') || '],"lines":[' || coalesce((
    select string_agg(
        '{"id":"JournalLine:' || n.id || '","number":' || n.number || ',"studentName":' || to_json(n.student_name)
        || ',"markSum":' || n.mark_sum || ',"weightSum":' || n.weight_sum
        || ',"marks":[' || coalesce(m.text, '') || '],"attendance":[' || coalesce(a.text, '') || ']}',
        ',' order by n.number, n.id)
    from journal_line n
    left join lateral (
        select string_agg('{"id":"Mark:' || m.school_year || ':' || m.id || '","value":' || m.value || ',"weight":'
                          || m.weight || ',"heldOn":"' || m.held_on || '"}', ',' order by m.held_on, m.id) as text
        from mark m where m.journal_line_id = n.id and m.school_year = n.school_year
    ) m on true
    left join lateral (
        select string_agg('{"id":"AttendanceRecord:' || a.school_year || ':' || a.id || '","code":"' || a.code
                          || '","heldOn":"' || a.held_on || '"}', ',' order by a.held_on, a.id) as text
        from attendance_record a where a.journal_line_id = n.id and a.school_year = n.school_year
    ) a on true
    where n.journal_id = j.id
), '') || ']}}}'
from journal j
join subject s on s.id = j.subject_id
join grading_period p on p.id = j.grading_period_id
where j.id = $1::uuid
