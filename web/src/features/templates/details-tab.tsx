import { Button, MultiSelect, Select, Switch, TextInput, Textarea } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PLATFORM_IDS } from "../../../../domain/contract/device.ts";
import type { TemplateType } from "../../../../domain/contract/template.ts";
import { platformWord } from "../../components/bits.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { links } from "../../lib/links.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import type { Draft } from "./draft.ts";
import { deleteTemplate, templatesQuery, type StoredTemplate } from "./templates-api.ts";
import { TYPE_WORDS } from "./type-words.ts";

type Props = {
  base: StoredTemplate | null;
  draft: Draft;
  onDraft: (patch: Partial<Draft>) => void;
  readOnly: boolean;
  errors: Record<string, string>;
  /** Lets the page be left. */
  onDeleted: () => void;
};

/** What it is called, what it is for, and how it is read. */
export function DetailsTab({ base, draft, onDraft, readOnly, errors, onDeleted }: Props) {
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const go = useGo();
  const { options } = draft;
  const option = (name: "trim_blocks" | "lstrip_blocks" | "keep_trailing_newline", label: string, what: string) => (
    <Switch
      size="xs"
      label={label}
      description={what}
      disabled={readOnly}
      checked={options[name]}
      onChange={(event) => onDraft({ options: { ...options, [name]: event.currentTarget.checked } })}
    />
  );
  return (
    <div className="ns-tp-details">
      <Card title="What it is">
        <div className="cb stack">
          <TextInput
            label="Name"
            description="Folders are part of it: core/ntp. A suffix .j2 is dropped. Templates that include it are changed along."
            readOnly={readOnly}
            value={draft.name}
            error={errors["name"]}
            onChange={(event) => onDraft({ name: event.currentTarget.value })}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            maxRows={8}
            readOnly={readOnly}
            value={draft.description}
            error={errors["description"]}
            onChange={(event) => onDraft({ description: event.currentTarget.value })}
          />
          <MultiSelect
            label="Device types"
            description="None: for any."
            searchable
            disabled={readOnly}
            data={PLATFORM_IDS.map((id) => ({ value: id, label: platformWord(id) }))}
            value={draft.vendor_types}
            error={errors["vendor_types"]}
            onChange={(next) => onDraft({ vendor_types: PLATFORM_IDS.filter((id) => next.includes(id)) })}
          />
        </div>
      </Card>
      <Card title="Family">
        <div className="cb stack">
          <Select
            label="Type"
            allowDeselect={false}
            disabled={readOnly}
            data={Object.entries(TYPE_WORDS).map(([value, { label, what }]) => ({ value, label: `${label}: ${what}` }))}
            value={draft.type}
            error={errors["type"]}
            onChange={(next) => {
              if (next !== "deploy" && next !== "delete" && next !== "validation") return;
              onDraft({
                type: next,
                ...(next === "deploy" ? {} : { delete_template: null, validation_template: null }),
              });
            }}
          />
          {draft.type === "deploy" && (
            <>
              <Member
                label="Taken away by"
                type="delete"
                value={draft.delete_template}
                readOnly={readOnly}
                error={errors["delete_template"]}
                onChange={(delete_template) => onDraft({ delete_template })}
              />
              <Member
                label="Checked by"
                type="validation"
                value={draft.validation_template}
                readOnly={readOnly}
                error={errors["validation_template"]}
                onChange={(validation_template) => onDraft({ validation_template })}
              />
            </>
          )}
        </div>
      </Card>
      <Card title="How it is read" note="as Jinja's Environment takes it">
        <div className="cb stack">
          {option("trim_blocks", "trim_blocks", "The line end after a block tag is dropped.")}
          {option("lstrip_blocks", "lstrip_blocks", "Spaces before a block tag at the start of a line are dropped.")}
          {option("keep_trailing_newline", "keep_trailing_newline", "The last line end of the text stays.")}
          <Switch
            size="xs"
            label="undefined variables are errors"
            description="Off: they print nothing, as in Jinja by default."
            disabled={readOnly}
            checked={options.undefined === "strict"}
            onChange={(event) =>
              onDraft({ options: { ...options, undefined: event.currentTarget.checked ? "strict" : "default" } })
            }
          />
        </div>
      </Card>
      {base && !readOnly && (
        <Card title="Delete">
          <div className="cb row w">
            <span className="t3 sp">What is deployed stays on the devices. Its versions stay on record.</span>
            <Button className="bad" leftSection={<IconTrash />} onClick={() => setDeleting(true)}>
              Delete the template
            </Button>
          </div>
        </Card>
      )}
      {base && (
        <ConfirmDialog
          opened={deleting}
          title={`Delete ${base.name}?`}
          danger
          typeName={base.name}
          confirm="Delete"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteTemplate(base.id);
            onDeleted();
            await client.invalidateQueries({ queryKey: ["templates", "list"] });
            toast.ok(`${base.name} is deleted.`);
            go(links.templates());
          }}
        >
          <p>
            {base.version === 1 ? "Its version is" : `Its ${base.version} versions are`} no longer shown. It is refused
            while something uses it.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

type MemberProps = {
  label: string;
  type: Exclude<TemplateType, "deploy">;
  value: string | null;
  readOnly: boolean;
  error: string | undefined;
  onChange: (name: string | null) => void;
};
function Member({ label, type, value, readOnly, error, onChange }: MemberProps) {
  const found = useQuery(templatesQuery({ type, sort: "name", limit: 500 })).data?.templates;
  const names = (found ?? []).map((template) => template.name);
  return (
    <Select
      label={label}
      placeholder="none"
      searchable
      clearable
      disabled={readOnly}
      nothingFoundMessage={`No template of type ${type}`}
      data={[...new Set([...(value === null ? [] : [value]), ...names])]}
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}
