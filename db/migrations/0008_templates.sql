-- A template is a name with versions. A deleted one keeps its row and its versions, and gives its name free.
create table templates (
  id uuid primary key,
  name text not null,
  type text not null check (type in ('deploy', 'delete', 'validation')),
  delete_template_id uuid references templates,
  validation_template_id uuid references templates,
  vendor_types text[] not null default '{}',
  description text not null default '',
  -- The newest of its versions.
  version int not null check (version > 0),
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index templates_name on templates (lower(name)) where deleted_at is null;
create index templates_delete_template on templates (delete_template_id) where delete_template_id is not null;
create index templates_validation_template on templates (validation_template_id) where validation_template_id is not null;

-- Never edited. The numbers of a template's versions leave no gap.
create table template_versions (
  template_id uuid not null references templates,
  version int not null check (version > 0),
  content text not null,
  options jsonb not null,
  -- JSON as text: jsonb would forget the order of keys, and the driver that 1.0 is not 1.
  tests text not null,
  test_count int not null,
  comment text not null default '',
  changed text[] not null,
  author text not null,
  created_at timestamptz not null default now(),
  primary key (template_id, version)
);
create trigger template_versions_append_only before update or delete or truncate on template_versions
  for each statement execute function refuse_change();

-- Which others the newest version names in include, extends and import; a null name is known only when it is rendered.
create table template_references (
  template_id uuid not null references templates,
  name text,
  how text not null check (how in ('include', 'extends', 'import')),
  line int not null
);
create index template_references_template on template_references (template_id);
create index template_references_name on template_references (name);
