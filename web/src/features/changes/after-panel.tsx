import { ActionIcon, Button, NumberInput, Select, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { OnInterrupted } from "../../../../domain/contract/change.ts";
import { OnInterrupted as OnInterruptedSchema } from "../../../../domain/contract/change.ts";
import { Card } from "../../components/page.tsx";
import { EXPECTATIONS, expectationWord, type Draft, type DraftCheck } from "./draft.ts";

const INTERRUPTED: { value: OnInterrupted; label: string }[] = [
  { value: "ask", label: "Ask a person" },
  { value: "verify", label: "Read back, send what is missing" },
  { value: "retry", label: "Send the line again" },
  { value: "rollback", label: "Roll back" },
  { value: "fail", label: "Leave it, and fail" },
];

type Props = { draft: Draft; onChange: (patch: Partial<Draft>) => void; refused: (path: string) => string | undefined };

/** What happens after the lines were sent: checks, a broken session, the device's own timer. */
export function AfterPanel({ draft, onChange, refused }: Props) {
  const set = (id: number, patch: Partial<DraftCheck>): void =>
    onChange({ verify: draft.verify.map((c) => (c.id === id ? { ...c, ...patch } : c)) });
  const add = (): void =>
    onChange({
      verify: [
        ...draft.verify,
        {
          id: 1 + Math.max(-1, ...draft.verify.map((c) => c.id)),
          device: null,
          command: "",
          how: "contains",
          expect: "",
        },
      ],
    });
  return (
    <Card
      title="Checks"
      note="after it was sent"
      actions={
        <Button size="xs" leftSection={<IconPlus />} onClick={add}>
          Add
        </Button>
      }
    >
      {draft.verify.length === 0 && (
        <p className="ns-dl-note">
          The config itself is always compared with the plan. Add a show command and what its output must hold.
        </p>
      )}
      {draft.verify.map((check, i) => (
        <div key={check.id} className="ns-checkrow">
          <TextInput
            aria-label={`Command of check ${i + 1}`}
            classNames={{ root: "cmd", input: "mono" }}
            placeholder="show ntp associations"
            value={check.command}
            error={refused(`verify[${i}].command`)}
            onChange={(event) => set(check.id, { command: event.currentTarget.value })}
          />
          <ActionIcon
            size={28}
            className="i14"
            aria-label={`Remove check ${i + 1}`}
            onClick={() => onChange({ verify: draft.verify.filter((c) => c.id !== check.id) })}
          >
            <IconX />
          </ActionIcon>
          <Select
            aria-label={`How check ${i + 1} compares`}
            data={EXPECTATIONS.map((value) => ({ value, label: expectationWord(value) }))}
            allowDeselect={false}
            value={check.how}
            onChange={(value) => set(check.id, { how: EXPECTATIONS.find((h) => h === value) ?? "contains" })}
          />
          <TextInput
            aria-label={`What check ${i + 1} expects`}
            classNames={{ input: "mono" }}
            placeholder="192.0.2.123"
            value={check.expect}
            error={refused(`verify[${i}].expect`)}
            onChange={(event) => set(check.id, { expect: event.currentTarget.value })}
          />
          {check.device !== null && <span className="xs t3">on {check.device}</span>}
        </div>
      ))}
      <div className="ns-rd2">
        <div>
          <label className="k" htmlFor="on-interrupted">
            If it breaks off
          </label>
          <Select
            id="on-interrupted"
            className="sp"
            size="xs"
            data={INTERRUPTED}
            allowDeselect={false}
            value={draft.onInterrupted}
            onChange={(value) => onChange({ onInterrupted: OnInterruptedSchema.parse(value) })}
          />
        </div>
        <div>
          <label className="k" htmlFor="confirm-minutes">
            Confirm timer
          </label>
          <NumberInput
            id="confirm-minutes"
            size="xs"
            w={84}
            min={0}
            max={60}
            allowDecimal={false}
            clampBehavior="strict"
            value={draft.confirmMinutes}
            error={refused("confirm_minutes")}
            onChange={(value) => typeof value === "number" && onChange({ confirmMinutes: value })}
          />
          <span className="t3">
            {draft.confirmMinutes === 0 ? "off" : "minutes, then devices that can go back by themselves"}
          </span>
        </div>
      </div>
    </Card>
  );
}
