-- Stacks: services, each a template on devices, with an order between them. What is sent is sent by changes, one a service.

create table stacks (
  id uuid primary key,
  name text not null,
  version int not null default 1,
  -- asked to be deleted: the row goes when nothing of it is on a device any more
  deleting boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now()
);
create unique index stacks_name on stacks (lower(name));

-- One row a save. `definition` is {name, description, services, shared_variables, on_failure}: json, since jsonb would forget the
-- order of keys, in which templates walk them.
create table stack_versions (
  stack_id uuid not null references stacks on delete cascade,
  version int not null,
  definition json not null,
  author_id uuid not null references users,
  author text not null,
  created_at timestamptz not null default now(),
  primary key (stack_id, version)
);
create trigger stack_versions_immutable before update on stack_versions
  for each statement execute function refuse_change();

-- A form for stacks: which variables are asked for, for all devices or for each one, and where their values may come from.
create table stack_templates (
  id uuid primary key,
  name text not null,
  definition json not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now()
);
create unique index stack_templates_name on stack_templates (lower(name));

-- One plan of a stack, and what became of it. `body` is what was hashed, whole, so that it can be hashed again before the
-- first byte of each service.
create table stack_deploys (
  id uuid primary key,
  run_id uuid not null unique,
  stack_id uuid references stacks on delete set null,
  stack_name text not null,
  stack_version int not null,
  action text not null,
  status text not null,
  on_failure text not null,
  request_approval boolean not null,
  self_approve boolean not null default false,
  dry_run boolean not null default false,
  reason text,
  requested_by uuid not null references users,
  -- who may not decide besides the requester: the author of the version
  edited_by uuid[] not null default '{}',
  -- as they were given, and as they came out for each service and device, with their origin; secrets as references
  given json not null default '{}',
  variables json not null default '{}',
  fetched json not null default '[]',
  body jsonb,
  hash text,
  approval_id uuid,
  error jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index stack_deploys_stack on stack_deploys (stack_id, created_at desc);
-- One deploy of a stack at a time: a second one would be planned on what the first is changing.
create unique index stack_deploys_active on stack_deploys (stack_id) where status in ('pending_approval', 'approved', 'deploying');

create table stack_deploy_services (
  deploy_id uuid not null references stack_deploys on delete cascade,
  -- the order in which they would be sent one by one
  position int not null,
  service text not null,
  -- 'deploy', or 'remove' on devices where the service is not wanted any more
  action text not null,
  template text not null,
  template_version int,
  -- positions: those it cannot do without, and those it comes after, because they share a device
  needs int[] not null,
  after int[] not null,
  change_id uuid not null unique references changes on delete cascade,
  released_at timestamptz,
  -- kept on its devices, while it is not yet known whether the stack as a whole stays
  held_at timestamptz,
  -- 'stay' or 'undo'
  verdict text,
  -- ended without being sent, and why
  skipped text,
  primary key (deploy_id, position)
);

-- What planning a service on one device found beside its plan: the lines among it that take away what the service owned
-- before, and those that would take the whole service off again.
create table stack_parts (
  change_id uuid not null references changes on delete cascade,
  device_id uuid not null,
  removes jsonb not null,
  reverse jsonb not null,
  primary key (change_id, device_id)
);

-- What a service of a stack has put on a device and kept there.
create table stack_owned (
  id uuid not null unique default gen_random_uuid(),
  stack_id uuid not null references stacks on delete cascade,
  service text not null,
  device_id uuid not null references devices on delete cascade,
  device text not null,
  position int not null,
  stack_version int not null,
  change_id uuid not null,
  template text not null,
  template_version int,
  lines jsonb not null,
  reverse jsonb not null,
  -- rendered from the delete template with the variables of this deploy; null where the template has none
  delete_lines jsonb,
  at timestamptz not null default now(),
  primary key (stack_id, service, device_id)
);
create index stack_owned_device on stack_owned (device_id);

-- The one approval of a deploy covers the changes of all its services; `change_id` and `plan_id` are those of the first.
alter table approvals add column deploy_id uuid references stack_deploys on delete cascade;
