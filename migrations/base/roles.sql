-- Who works in the database. Roles belong to the whole server and several databases may be migrated at once: creating one twice is
-- no error.
do $$
declare wanted text;
begin
  foreach wanted in array array['vhod_app login', 'vhod_provider login', 'vhod_keeper nologin'] loop
    begin
      execute 'create role ' || wanted || ' nosuperuser nocreatedb nocreaterole nobypassrls';
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  -- A trigger that keeps rows true runs as the keeper; who migrates must be able to hand functions over to it.
  if not pg_has_role(current_user, 'vhod_keeper', 'set') then
    execute format('grant vhod_keeper to %I', current_user);
  end if;
exception when unique_violation or sqlstate 'XX000' then null;
end $$;
