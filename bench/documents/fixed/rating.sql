select '{"data":{"rating":{"entries":[' || coalesce(string_agg(
    '{"id":"RatingEntry:' || id || '","section":' || to_json(section) || ',"ratedName":' || to_json(rated_name)
    || ',"pointsShown":' || coalesce(to_json(points_shown)::text, 'null')
    || ',"percentShown":' || coalesce(to_json(percent_shown)::text, 'null')
    || ',"rank":' || coalesce(rank::text, 'null') || ',"tied":' || tied || '}',
    ',' order by section_position, position), '') || ']}}}'
from rating_entry where rating_id = $1::uuid
