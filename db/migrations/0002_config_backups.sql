-- Config backups: one row a version of a device's configuration. A device that is deleted leaves its versions behind.
create table config_backups (
  id uuid primary key,
  device_id uuid references devices on delete set null,
  device_name text not null,
  device_type text not null,
  -- over the configuration without its volatile lines, keyed: a plain hash could be guessed from
  config_hash text not null,
  config_format text not null default 'native',
  size int not null,
  lines int not null,
  -- as the configuration names the device
  hostname text,
  shrunk boolean not null default false,
  -- the whole text, and the text with its secrets masked: nothing that shows a backup opens the first
  blob_ref text not null references blobs,
  shown_ref text not null references blobs,
  run_id uuid not null,
  snapshot_id uuid,
  created_at timestamptz not null,
  last_seen_at timestamptz not null
);
create index config_backups_device on config_backups (device_id, created_at desc, id desc);
create index config_backups_created on config_backups (created_at desc, id desc);
create index config_backups_run on config_backups (run_id);
create index config_backups_blob on config_backups (blob_ref);
create index config_backups_shown on config_backups (shown_ref);

-- What became of each device of a backup run. The rows are there from the start, so the run's extent is fixed; `outcome` is
-- set once: 'stored', 'unchanged', 'failed' or 'skipped'. One activity reads the devices of one part.
create table backup_results (
  run_id uuid not null references runs on delete cascade,
  device_id uuid not null,
  device_name text not null,
  part int not null,
  outcome text,
  backup_id uuid,
  error jsonb,
  at timestamptz,
  primary key (run_id, device_id)
);
create index backup_results_open on backup_results (device_id, run_id) where outcome is null;
create index backup_results_failed on backup_results (device_id, at desc) where outcome = 'failed';

-- "Changed since its backup" looks for changes that ended lately.
create index changes_updated on changes (updated_at);
-- A blob is dropped only when nothing refers to it any more.
create index transcripts_blob on transcripts (blob_ref);
create index change_configs_blob on change_configs (blob_ref);
