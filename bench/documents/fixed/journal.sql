select '{"data":{"journal":{"className":' || to_json(j.class_name) || ',"subject":{"name":' || to_json(s.name)
    || '},"gradingPeriod":{"name":' || to_json(p.name) || '},"lessons":[' || coalesce((
    select string_agg(
        '{"id":"Lesson:' || l.id || '","heldOn":"' || l.held_on || '","number":' || l.number
        || ',"topic":' || coalesce(to_json(l.topic)::text, 'null')
        || ',"homework":' || coalesce(to_json(l.homework)::text, 'null')
        || ',"status":"' || l.status || '","version":' || l.version
        || ',"slots":[' || coalesce(t.text, '') || ']}',
        ',' order by l.held_on, l.number, l.id)
    from lesson l
    left join lateral (
        select string_agg('{"id":"AssessmentSlot:' || t.id || '","number":' || t.number || ',"code":'
                          || coalesce(to_json(t.code)::text, 'null') || ',"weight":' || t.weight || '}',
                          ',' order by t.number, t.id) as text
        from assessment_slot t where t.lesson_id = l.id
    ) t on true
    where l.journal_id = j.id
), '') || '],"lines":[' || coalesce((
    select string_agg(
        '{"id":"JournalLine:' || n.id || '","number":' || n.number || ',"studentName":' || to_json(n.student_name)
        || ',"markSum":' || n.mark_sum || ',"weightSum":' || n.weight_sum
        || ',"marks":[' || coalesce(m.text, '') || '],"attendance":[' || coalesce(a.text, '') || ']}',
        ',' order by n.number, n.id)
    from journal_line n
    left join lateral (
        select string_agg('{"id":"Mark:' || m.school_year || ':' || m.id || '","value":' || m.value || ',"scale":"'
                          || m.scale || '","weight":' || m.weight || ',"heldOn":"' || m.held_on || '","remark":'
                          || coalesce(to_json(m.remark)::text, 'null') || ',"position":' || m.position
                          || ',"version":' || m.version
                          || ',"lesson":' || coalesce('{"id":"Lesson:' || o.id || '"}', 'null')
                          || ',"slot":' || coalesce('{"id":"AssessmentSlot:' || t.id || '"}', 'null') || '}',
                          ',' order by m.held_on, m.id) as text
        from mark m
        left join lesson o on o.id = m.lesson_id
        left join assessment_slot t on t.id = m.slot_id
        where m.journal_line_id = n.id and m.school_year = n.school_year
    ) m on true
    left join lateral (
        select string_agg('{"id":"AttendanceRecord:' || a.school_year || ':' || a.id || '","code":"' || a.code
                          || '","heldOn":"' || a.held_on || '","version":' || a.version
                          || ',"lesson":' || coalesce('{"id":"Lesson:' || o.id || '"}', 'null') || '}',
                          ',' order by a.held_on, a.id) as text
        from attendance_record a left join lesson o on o.id = a.lesson_id
        where a.journal_line_id = n.id and a.school_year = n.school_year
    ) a on true
    where n.journal_id = j.id
), '') || ']}}}'
from journal j
join subject s on s.id = j.subject_id
join grading_period p on p.id = j.grading_period_id
where j.id = $1::uuid
