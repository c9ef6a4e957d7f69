-- Records are never edited once written, except where a row is a state machine (one conditional UPDATE a step).
-- Projections (run_steps, and the status columns of runs) can be dropped and rebuilt from run_events.

create table settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

-- People ------------------------------------------------------------------------------------------------------

create table users (
  id uuid primary key,
  username text not null,
  display_name text not null default '',
  password_hash text not null,
  roles text[] not null,
  auth_source text not null default 'local',
  disabled boolean not null default false,
  must_change_password boolean not null default false,
  seen_welcome boolean not null default false,
  last_login_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null default now()
);
create unique index users_username on users (lower(username));

create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  token_hash bytea not null unique,
  refresh_hash bytea,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz not null default now(),
  revoked_at timestamptz,
  ip text,
  user_agent text
);
create index sessions_user on sessions (user_id);

create table api_tokens (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  name text not null,
  token_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user on api_tokens (user_id);

-- Failed sign-ins, per account and per address: how many, and until when the next try waits.
create table login_failures (
  key text primary key,
  failures int not null,
  blocked_until timestamptz not null,
  updated_at timestamptz not null default now()
);

-- The vault ---------------------------------------------------------------------------------------------------

-- AES-256-GCM; the id is the associated data. Holds secrets cut out of configuration lines.
create table secrets (
  id uuid primary key,
  purpose text not null,
  sealed bytea not null,
  created_at timestamptz not null default now()
);

create table credentials (
  id uuid primary key,
  name text not null,
  username text not null,
  -- JSON of password, enable_password, private_key, passphrase; sealed with the row's id
  sealed bytea not null,
  has_password boolean not null,
  has_enable_password boolean not null,
  has_private_key boolean not null,
  description text not null default '',
  is_default boolean not null default false,
  secrets_set_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index credentials_name on credentials (lower(name));
create unique index credentials_default on credentials (is_default) where is_default;

-- A credential that a device refused; two within ten minutes pause it for the whole fleet.
create table credential_refusals (
  id bigint generated always as identity primary key,
  -- 'credential:<id>' or 'device:<id>' for a secret of one device
  credential text not null,
  device_id uuid,
  at timestamptz not null default now(),
  cleared_at timestamptz
);
create index credential_refusals_credential on credential_refusals (credential, at);

-- Devices -----------------------------------------------------------------------------------------------------

create table devices (
  id uuid primary key,
  name text not null,
  host text not null,
  port int not null default 22,
  device_type text not null,
  site text,
  tags text[] not null default '{}',
  description text not null default '',
  username text,
  sealed bytea,
  has_password boolean not null default false,
  has_enable_password boolean not null default false,
  has_private_key boolean not null default false,
  credential_id uuid references credentials,
  jump_device_id uuid references devices,
  weak_algorithms text[] not null default '{}',
  timeouts jsonb not null default '{}',
  enabled boolean not null default true,
  disabled_reason text,
  is_lab boolean not null default false,
  state text not null default 'unknown',
  state_since timestamptz,
  last_error jsonb,
  latency_ms real,
  facts jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index devices_name on devices (lower(name));
create index devices_site on devices (site);
create index devices_credential on devices (credential_id);

-- One accepted key per device; older ones stay as history.
create table host_keys (
  id uuid primary key,
  device_id uuid not null references devices on delete cascade,
  algorithm text not null,
  fingerprint text not null,
  -- 'accepted' now, 'offered' by the device and not accepted, 'replaced' earlier
  status text not null,
  enrolment_id uuid,
  accepted_by text,
  accepted_at timestamptz,
  seen_at timestamptz not null default now()
);
create unique index host_keys_accepted on host_keys (device_id) where status = 'accepted';
create unique index host_keys_offered on host_keys (device_id) where status = 'offered';

-- One decision of one person over one or many host keys.
create table enrolments (
  id uuid primary key,
  accepted_by text not null,
  reason text,
  devices int not null,
  hmac bytea not null,
  at timestamptz not null default now()
);

-- Changes -----------------------------------------------------------------------------------------------------

create table changes (
  id uuid primary key,
  run_id uuid not null unique,
  title text not null,
  description text not null default '',
  reason text,
  status text not null,
  -- {targets: [{device_id, device, lines}], verify, on_interrupted, window, confirm_minutes}; secrets as references
  content jsonb not null,
  content_version int not null default 1,
  edited_by text[] not null default '{}',
  origin jsonb not null,
  request_approval boolean not null default false,
  -- planning rounds asked for, by edits and "plan again"; the run plans until round = wanted
  plan_round int not null default 0,
  plan_wanted int not null default 1,
  requested_by uuid not null references users,
  plan_id uuid,
  approval_id uuid,
  drift jsonb not null default '[]',
  error jsonb,
  undone_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index changes_status on changes (status, created_at desc);
create index changes_created on changes (created_at desc);

create table change_devices (
  change_id uuid not null references changes on delete cascade,
  device_id uuid not null references devices,
  primary key (change_id, device_id)
);
create index change_devices_device on change_devices (device_id, change_id);

-- Plans are immutable. `body` is what was hashed plus what is shown; secrets as references.
create table plans (
  id uuid primary key,
  change_id uuid not null references changes on delete cascade,
  version int not null,
  content_version int not null,
  hash text,
  body jsonb not null,
  risk text not null,
  devices text[] not null,
  added int not null,
  removed int not null,
  diffs int not null,
  created_at timestamptz not null default now(),
  unique (change_id, version)
);
alter table changes add foreign key (plan_id) references plans deferrable initially deferred;

-- What planning found on one device in one round; put together into a plan when the last one is in.
create table plan_parts (
  change_id uuid not null references changes on delete cascade,
  round int not null,
  device_id uuid not null,
  body jsonb not null,
  primary key (change_id, round, device_id)
);

create table approvals (
  id uuid primary key,
  kind text not null,
  status text not null default 'pending',
  run_id uuid not null,
  change_id uuid not null references changes on delete cascade,
  plan_id uuid not null references plans,
  change_hash text not null,
  title text not null,
  reason text,
  risk_level text not null,
  required int not null default 1,
  -- who may not decide: the requester and everyone who edited the content
  requested_by uuid not null references users,
  excluded uuid[] not null,
  lab_only boolean not null default false,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- seconds that a yes holds
  valid_for int not null,
  valid_until timestamptz,
  decided_at timestamptz,
  nudged_at timestamptz,
  -- set once, by the run that carries the change out: an approval acts once
  consumed_at timestamptz,
  -- over the id, hash, status and decisions: a row written past the service does not verify
  hmac bytea not null
);
create index approvals_status on approvals (status, expires_at);
create unique index approvals_one_open on approvals (change_id) where status = 'pending';

create table approval_decisions (
  approval_id uuid not null references approvals on delete cascade,
  user_id uuid not null references users,
  username text not null,
  decision text not null,
  reason text,
  via text not null,
  at timestamptz not null default now(),
  primary key (approval_id, user_id, decision)
);

create table approval_reads (
  approval_id uuid not null references approvals on delete cascade,
  user_id uuid not null references users on delete cascade,
  group_key text not null,
  at timestamptz not null default now(),
  primary key (approval_id, user_id, group_key)
);

-- Runs --------------------------------------------------------------------------------------------------------

create table runs (
  id uuid primary key,
  kind text not null,
  title text not null,
  change_id uuid,
  started_by text not null,
  created_at timestamptz not null default now(),
  -- when the workflow was seen to exist; null: the sweeper starts it
  workflow_started_at timestamptz,
  -- when it was last told to look at its rows
  nudged_at timestamptz,
  nudge_wanted_at timestamptz,
  pause_requested boolean not null default false,
  cancel_requested boolean not null default false,
  last_seq bigint not null default 0,
  -- projection
  status text not null default 'pending',
  message text,
  started_at timestamptz,
  completed_at timestamptz,
  error jsonb
);
create index runs_status on runs (status, created_at desc);
create index runs_created on runs (created_at desc);

create table idempotency_keys (
  user_id uuid not null references users on delete cascade,
  key text not null,
  route text not null,
  body_hash bytea not null,
  status int,
  resource_id uuid,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);

create table run_events (
  run_id uuid not null references runs on delete cascade,
  seq bigint not null,
  at timestamptz not null default now(),
  kind text not null,
  step text,
  device text,
  attempt int not null default 1,
  actor text,
  status text,
  message text,
  error jsonb,
  -- what makes the event one event, however often its writer is retried
  key text not null,
  primary key (run_id, seq),
  unique (run_id, key)
);

-- Projection: one row a step, and one a device and step.
create table run_steps (
  run_id uuid not null references runs on delete cascade,
  step text not null,
  device text not null default '',
  attempt int not null,
  status text not null,
  message text,
  error jsonb,
  started_at timestamptz,
  completed_at timestamptz,
  primary key (run_id, step, device)
);

-- Sending -----------------------------------------------------------------------------------------------------

-- A run reserves a device (run_id) from the last check of the hash until kept or rolled back. A write session of
-- that run holds it by epoch and deadline.
create table device_locks (
  device_id uuid primary key references devices on delete cascade,
  run_id uuid,
  reason text,
  reserved_at timestamptz,
  epoch bigint not null default 0,
  holder text,
  expires_at timestamptz
);

create table device_lock_queue (
  device_id uuid not null references devices on delete cascade,
  run_id uuid not null,
  since timestamptz not null default clock_timestamp(),
  primary key (device_id, run_id)
);

-- Committed before the bytes leave. `line` is masked; the hmac is over the line as sent.
create table journal (
  change_id uuid not null,
  device_id uuid not null,
  direction text not null,
  seq int not null,
  attempt int not null,
  run_id uuid not null,
  window_no int not null,
  epoch bigint not null,
  holder text not null,
  line text not null,
  line_hmac bytea not null,
  -- 'sent' until the device's answer is known: 'taken', 'refused'; after a read-back 'present', 'absent'
  state text not null default 'sent',
  answer text,
  sent_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz,
  primary key (change_id, device_id, direction, seq, attempt)
);
create index journal_run on journal (run_id);

-- What an attempt before was found to have done: attempt + 1 needs one of these.
create table read_backs (
  change_id uuid not null,
  device_id uuid not null,
  direction text not null,
  attempt int not null,
  epoch bigint not null,
  config_ref text,
  result jsonb not null,
  at timestamptz not null default now(),
  primary key (change_id, device_id, direction, attempt)
);

-- zstd, then AES-256-GCM; the reference is an HMAC of the content.
create table blobs (
  ref text primary key,
  sealed bytea not null,
  size int not null,
  created_at timestamptz not null default now()
);

-- What a session of a run said, masked, in pieces.
create table transcripts (
  run_id uuid not null references runs on delete cascade,
  device_id uuid not null,
  step text not null,
  attempt int not null,
  at timestamptz not null default now(),
  blob_ref text not null references blobs,
  primary key (run_id, device_id, step, attempt)
);

-- State of a change on one device that later steps need: base and after configs.
create table change_configs (
  change_id uuid not null references changes on delete cascade,
  device_id uuid not null,
  what text not null,
  blob_ref text not null references blobs,
  at timestamptz not null default now(),
  primary key (change_id, device_id, what)
);

-- Audit -------------------------------------------------------------------------------------------------------

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  subject text,
  detail jsonb not null default '{}',
  ip text,
  request_id text,
  hmac bytea not null
);
create index audit_at on audit (at desc);

-- One chain over committed rows, written by one sealer: which rows, and the hmac over them and the seal before.
create table audit_seals (
  n bigint primary key,
  first_id bigint not null,
  last_id bigint not null,
  rows int not null,
  hmac bytea not null,
  at timestamptz not null default now()
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
create trigger run_events_no_update before update on run_events
  for each statement execute function refuse_change();
create trigger approval_decisions_append_only before update or delete on approval_decisions
  for each statement execute function refuse_change();
create trigger plans_immutable before update on plans
  for each statement execute function refuse_change();

-- Workers that are alive, for health and the status bar.
create table workers (
  id text primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
