import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { GroupCard } from "../changes/group-card.tsx";
import { letter } from "../changes/plan-words.ts";
import { groupDomId, type Reading } from "./use-reading.ts";

const MANY = 20;

type Props = { approval: ApprovalDetail; reading: Reading; shut: ReadonlySet<string>; onToggle: (key: string) => void };

/** Every distinct diff with the devices it is for and a box that says it was read. */
export function ApprovalGroups({ approval, reading, shut, onToggle }: Props) {
  const [filter, setFilter] = useState("");
  const [unread, setUnread] = useState(false);
  const wanted = filter.trim().toLowerCase();
  const shown = approval.groups
    .map((group, i) => ({ group, letter: letter(i) }))
    .filter(
      ({ group }) =>
        (wanted === "" || group.devices.some((d) => d.toLowerCase().includes(wanted))) &&
        !(unread && reading.isRead(group.key)),
    );
  const open = approval.status === "pending";
  return (
    <>
      {approval.groups.length > MANY && (
        <div className="row g6 w">
          <TextInput
            aria-label="Filter diffs by device"
            placeholder="Device"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <label className="ns-seen">
            <input type="checkbox" checked={unread} onChange={() => setUnread(!unread)} /> Only unread
          </label>
          <span className="sm t3">
            {shown.length} of {approval.groups.length} diffs
          </span>
        </div>
      )}
      {shown.map(({ group, letter: name }) => {
        const read = reading.isRead(group.key);
        return (
          <GroupCard
            key={group.key}
            id={groupDomId(group.key)}
            group={group}
            letter={name}
            fold="never"
            open={!shut.has(group.key)}
            onToggle={() => onToggle(group.key)}
            end={
              open ? (
                <label className="ns-seen">
                  <input
                    type="checkbox"
                    checked={read}
                    aria-disabled={read}
                    onChange={() => reading.mark(group.key)}
                    aria-label={`Diff ${name} read`}
                  />{" "}
                  Read
                </label>
              ) : undefined
            }
          >
            <span ref={reading.endOf(group.key)} data-end={group.key} className="ns-groupend" aria-hidden="true" />
          </GroupCard>
        );
      })}
    </>
  );
}
