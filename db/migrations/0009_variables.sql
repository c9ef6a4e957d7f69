-- Variables ----------------------------------------------------------------------------------------------------

create table device_groups (
  id uuid primary key,
  name text not null,
  description text not null default '',
  -- Of two groups of a device, the one with the higher is asked first.
  priority int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index device_groups_name on device_groups (lower(name));

create table device_group_members (
  group_id uuid not null references device_groups on delete cascade,
  device_id uuid not null references devices on delete cascade,
  primary key (group_id, device_id)
);
create index device_group_members_device on device_group_members (device_id);

create table variables (
  id uuid primary key,
  scope text not null check (scope in ('global', 'site', 'tag', 'group', 'device')),
  -- The name of the site or tag: neither has a row of its own.
  label text,
  group_id uuid references device_groups on delete cascade,
  device_id uuid references devices on delete cascade,
  name text not null,
  -- JSON as text: jsonb would forget the order of keys. Of a secret its reference.
  value text not null,
  is_secret boolean not null,
  description text not null default '',
  updated_by text not null,
  updated_at timestamptz not null default now(),
  check ((label is not null) = (scope in ('site', 'tag'))),
  check ((group_id is not null) = (scope = 'group')),
  check ((device_id is not null) = (scope = 'device'))
);
create unique index variables_label on variables (scope, label, name) where label is not null;
create unique index variables_group on variables (group_id, name) where group_id is not null;
create unique index variables_device on variables (device_id, name) where device_id is not null;
create unique index variables_global on variables (name) where scope = 'global';
create index variables_name on variables (name);

-- Device overrides ----------------------------------------------------------------------------------------------

-- What stands in place of the device's own. The row in `devices` has the values that hold, so that nothing that reads a
-- device can miss them; what they hide is kept here, and put back when the override goes.
create table device_overrides (
  device_id uuid primary key references devices on delete cascade,
  host text,
  port int,
  device_type text,
  username text,
  credential_id uuid references credentials,
  -- JSON of the secrets; sealed with 'override:' and the device's id
  sealed bytea,
  has_password boolean not null default false,
  has_enable_password boolean not null default false,
  has_private_key boolean not null default false,
  timeouts jsonb not null default '{}',
  notes text not null default '',
  own_host text not null,
  own_port int not null,
  own_device_type text not null,
  own_username text,
  own_credential_id uuid references credentials,
  own_sealed bytea,
  own_has_password boolean not null,
  own_has_enable_password boolean not null,
  own_has_private_key boolean not null,
  own_timeouts jsonb not null,
  updated_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger move_list_version after insert or update or delete or truncate on device_overrides for each statement execute function move_list_version();

-- Until when a device is disabled; null: until somebody enables it. And who disabled it.
alter table devices add column disabled_until timestamptz;
alter table devices add column disabled_by text;
create index devices_disabled_until on devices (disabled_until) where disabled_until is not null;

-- External APIs ---------------------------------------------------------------------------------------------------

create table api_resources (
  id uuid primary key,
  name text not null,
  base_url text not null,
  auth text not null check (auth in ('none', 'bearer', 'api_key', 'basic', 'custom')),
  -- Of an API key: its name, and whether it stands in a header or in the query. Of basic: the user name.
  key_name text,
  key_in text,
  username text,
  -- Headers that are sent besides, and that are no secrets.
  headers jsonb not null default '{}',
  -- Of custom: the names of the secret headers.
  secret_headers text[] not null default '{}',
  -- JSON of the secrets; sealed with 'api-resource:' and the id
  sealed bytea,
  description text not null default '',
  secrets_set_at timestamptz,
  last_test jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index api_resources_name on api_resources (lower(name));
