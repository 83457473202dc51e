-- Text is put together with `||`: quicker than PostgreSQL's JSON functions. Every column here is declared not null,
-- or is asked whether it is.
select '{"data":{"me":{"person":' || (
    select '{"id":"Person:' || p.id || '","lastName":' || to_json(p.last_name) || ',"firstName":' || to_json(p.first_name)
        || ',"middleName":' || coalesce(to_json(p.middle_name)::text, 'null') || '}'
    from person p where p.id = $1::uuid
) || ',"assignments":[' || coalesce((
    select string_agg(
        '{"id":"Assignment:' || a.id || '","role":"' || a.role || '","reach":"' || a.reach
        || '","validFrom":"' || a.valid_from || '","organisation":'
        || case when o.id is null then 'null'
           else '{"id":"Organisation:' || o.id || '","name":' || to_json(o.name) || '}' end
        || ',"subjectGroup":'
        || case when g.id is null then 'null'
           else '{"id":"SubjectGroup:' || g.id || '","name":' || to_json(g.name) || '}' end
        || '}', ',' order by a.valid_from, a.id)
    from assignment a
    left join organisation o on o.id = a.organisation_id
    left join subject_group g on g.id = a.subject_group_id
    where a.person_id = $1::uuid and a.live_from <= now() and (a.live_until is null or a.live_until > now())
), '') || ']}}}'
