import { Button, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconCopy, IconDeviceFloppy } from "@tabler/icons-react";
import { Kbd, Tag, count, platformWord } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { StatusPill } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import type { Draft } from "./draft.ts";
import type { Problem } from "./problems.ts";
import type { StoredTemplate } from "./templates-api.ts";
import { TYPE_WORDS } from "./type-words.ts";

type StateProps = {
  stored: StoredTemplate | null;
  draft: Draft;
  dirty: boolean;
  problems: readonly Problem[];
  /** Null: it may only be read. */
  onDraft: ((patch: Partial<Draft>) => void) | null;
  error: string | undefined;
};

/** How it stands, behind its name. */
export function WorkState({ stored, draft, dirty, problems, onDraft, error }: StateProps) {
  const errors = problems.filter((problem) => problem.level === "error").length;
  return (
    <>
      {stored === null && onDraft && (
        <TextInput
          aria-label="Name"
          placeholder="core/ntp"
          w={220}
          autoFocus
          value={draft.name}
          error={error}
          onChange={(event) => onDraft({ name: event.currentTarget.value })}
        />
      )}
      {stored !== null &&
        (dirty ? (
          <StatusPill status="draft">Draft of v{stored.version + 1}</StatusPill>
        ) : (
          <StatusPill status="ok">Saved, v{stored.version}</StatusPill>
        ))}
      {errors > 0 ? (
        <StatusPill status="error">{count(errors, "problem")}</StatusPill>
      ) : (
        problems.length > 0 && <StatusPill status="warning">{count(problems.length, "value")} missing</StatusPill>
      )}
      <Tag>{TYPE_WORDS[draft.type].label}</Tag>
      {draft.vendor_types.slice(0, 4).map((id) => (
        <Tag key={id}>{platformWord(id)}</Tag>
      ))}
      {stored !== null && (
        <span className="sm t3 only-wide">
          {stored.updated_by}, <When at={stored.updated_at} precise />
        </span>
      )}
    </>
  );
}

type ActionProps = {
  stored: StoredTemplate | null;
  dirty: boolean;
  busy: boolean;
  /** There is something to save, and a name to save it under. */
  ready: boolean;
  comment: string;
  onComment: (text: string) => void;
  onDiscard: () => void;
  onSave: () => void;
};

export function WorkActions({ stored, dirty, busy, ready, comment, onComment, onDiscard, onSave }: ActionProps) {
  return (
    <>
      {dirty && stored !== null && (
        <>
          <TextInput
            aria-label="What changed, for the list of versions"
            placeholder="What changed?"
            w={190}
            maxLength={500}
            value={comment}
            onChange={(event) => onComment(event.currentTarget.value)}
          />
          <Button variant="subtle" leftSection={<IconArrowBackUp />} onClick={onDiscard}>
            Discard
          </Button>
        </>
      )}
      {!dirty && stored !== null && (
        <Button
          component={Go}
          href={links.newTemplate({ copy: stored.name })}
          variant="subtle"
          leftSection={<IconCopy />}
        >
          Copy
        </Button>
      )}
      <Button
        variant="filled"
        leftSection={<IconDeviceFloppy />}
        loading={busy}
        disabled={!ready}
        onClick={onSave}
        rightSection={
          <span className="row g4" aria-hidden="true">
            <Kbd>Ctrl</Kbd>
            <Kbd>S</Kbd>
          </span>
        }
      >
        {stored === null ? "Save" : `Save v${stored.version + 1}`}
      </Button>
    </>
  );
}
