select '{"data":{"rating":{"entries":[' || coalesce(string_agg(
    '{"id":"RatingEntry:' || e.id || '","section":' || to_json(e.section) || ',"position":' || e.position
    || ',"rank":' || coalesce(e.rank::text, 'null') || ',"tied":' || e.tied || ',"ratedName":' || to_json(e.rated_name)
    || ',"pointsShown":' || coalesce(to_json(e.points_shown)::text, 'null')
    || ',"percentShown":' || coalesce(to_json(e.percent_shown)::text, 'null')
    || ',"known":' || e.known || ',"needed":' || e.needed
    || ',"level":' || coalesce('{"code":' || to_json(l.code) || ',"name":' || to_json(l.name)
                               || ',"colour":' || coalesce(to_json(l.colour)::text, 'null') || '}', 'null')
    || ',"organisation":' || coalesce('{"id":"Organisation:' || o.id || '","name":' || to_json(o.name) || '}', 'null')
    || '}',
    ',' order by e.section_position, e.position), '') || ']}}}'
from rating_entry e
left join methodology_level l on l.id = e.level_id
left join organisation o on o.id = e.organisation_id
where e.rating_id = $1::uuid
