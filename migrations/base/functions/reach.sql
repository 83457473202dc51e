-- What the viewer reaches: set once per transaction by the application, cut out as arrays, asked by every policy.
--
-- The setting is our own text: compact JSON of permissions, kinds of reach and UUIDs, nothing of which needs escaping. Cut out, it costs a
-- tenth of parsing it. Any other form has no such piece, and then nothing is reached. Plain expressions: the planner puts them into the
-- policy itself, and no function is called.

-- What the verified viewer reaches, per permission and kind of reach, set once per transaction by the application.
-- `rows` keeps the planner from expecting a thousand: a person reaches a handful.
create function vhod.reached(permission text, kind text) returns setof uuid
language sql stable parallel safe rows 5
as $$
  select element::uuid
  from jsonb_array_elements_text(nullif(current_setting('vhod.reach', true), '')::jsonb -> permission -> kind) as element
$$;

create function vhod.persons(permission text) returns setof uuid language sql stable parallel safe rows 5 as $$
  select vhod.reached(permission, 'SELF') union all select vhod.reached(permission, 'CHILDREN')
  union all select vhod.reached(permission, 'PERSONS')
$$;

create function vhod.class_groups(permission text) returns setof uuid language sql stable parallel safe rows 5 as $$
  select vhod.reached(permission, 'CLASS_GROUPS')
$$;

create function vhod.subject_groups(permission text) returns setof uuid language sql stable parallel safe rows 5 as $$
  select vhod.reached(permission, 'SUBJECT_GROUPS')
$$;

-- A tree is looked up only when there is one to look up.
create function vhod.organisations(permission text) returns setof uuid
language plpgsql stable parallel safe rows 50 as $$
declare roots uuid[] := array(select vhod.reached(permission, 'ORGANISATION_TREE'));
begin
  return query select vhod.reached(permission, 'ORGANISATION');
  if cardinality(roots) > 0 then
    return query select unit.id from public.organisation unit where unit.ancestor_ids && roots;
  end if;
end $$;

create function vhod.restricted() returns setof uuid
language sql stable parallel safe rows 5
as $$
  select element::uuid
  from jsonb_array_elements_text(nullif(current_setting('vhod.restricted', true), '')::jsonb) as element
$$;

create function vhod.person() returns uuid
language sql stable parallel safe
return nullif(current_setting('vhod.person', true), '')::uuid;

-- The setting is our own text: compact JSON of permissions, kinds of reach and UUIDs, nothing of which needs escaping.
-- Cut out, it costs a tenth of parsing it. Any other form has no such piece, and then nothing is reached.
create function vhod.reached_ids(permission text, kind text) returns uuid[] language sql stable parallel safe
return cast('{' || split_part(split_part(split_part(split_part(
    current_setting('vhod.reach', true), '"' || permission || '":{', 2), '}', 1), '"' || kind || '":[', 2), ']', 1)
  || '}' as uuid[]);

create function vhod.person_ids(permission text) returns uuid[] language sql stable parallel safe
return vhod.reached_ids(permission, 'SELF') || vhod.reached_ids(permission, 'CHILDREN')
  || vhod.reached_ids(permission, 'PERSONS')
  || case when vhod.person() is null then vhod.consented(vhod.reached_ids(permission, 'CONSENT')) else '{}' end;

create function vhod.class_group_ids(permission text) returns uuid[] language sql stable parallel safe return vhod.reached_ids(permission, 'CLASS_GROUPS');

create function vhod.subject_group_ids(permission text) returns uuid[] language sql stable parallel safe return vhod.reached_ids(permission, 'SUBJECT_GROUPS');

create function vhod.organisation_ids(permission text) returns uuid[] language sql stable parallel safe return vhod.reached_ids(permission, 'ORGANISATION');

create function vhod.organisation_trees(permission text) returns uuid[] language sql stable parallel safe return vhod.reached_ids(permission, 'ORGANISATION_TREE');

create function vhod.organisations_below(permission text) returns setof uuid language sql stable parallel safe rows 50
begin atomic
  select unit.id from public.organisation unit where unit.ancestor_ids && vhod.organisation_trees(permission);
end;

create function vhod.restricted_ids() returns uuid[] language sql stable parallel safe
return cast('{' || btrim(current_setting('vhod.restricted', true), '[]') || '}' as uuid[]);
