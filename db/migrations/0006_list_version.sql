-- Moves with every write to what lists of devices are made of. A sequence takes no lock, so that writers do not wait for
-- each other; it moves before the write can be seen, which `db/queries/list-version.ts` allows for.
create sequence list_version;
create function move_list_version() returns trigger language plpgsql as $$
begin
  perform nextval('list_version');
  return null;
end $$;
create trigger move_list_version after insert or update or delete or truncate on devices for each statement execute function move_list_version();
create trigger move_list_version after insert or update or delete or truncate on credentials for each statement execute function move_list_version();
create trigger move_list_version after insert or update or delete or truncate on host_keys for each statement execute function move_list_version();
create trigger move_list_version after insert or update or delete or truncate on device_locks for each statement execute function move_list_version();
create trigger move_list_version after insert or update or delete or truncate on runs for each statement execute function move_list_version();
create trigger move_list_version after insert or update or delete or truncate on changes for each statement execute function move_list_version();
create trigger move_list_version after insert or update or delete or truncate on change_devices for each statement execute function move_list_version();
