import type { Change, Check, NewChange, OnInterrupted, Replan } from "../../../../domain/contract/change.ts";
import type { PlatformId } from "../../../../domain/contract/device.ts";
import type { ErrorDetail } from "../../../../domain/contract/errors.ts";
import { codePoint } from "../../components/diff/tokens.ts";

export type DraftDevice = { name: string; device_type: PlatformId; os: string | null; is_lab: boolean };
/** Lines that go to some devices of one platform. A platform has one block, unless its devices began with different lines. */
export type Block = { key: string; platform: PlatformId; devices: string[]; text: string };
export const EXPECTATIONS = ["contains", "not_contains", "matches"] as const;
export type Expectation = (typeof EXPECTATIONS)[number];
/** `device` null: the check is made on every device. */
export type DraftCheck = { id: number; device: string | null; command: string; how: Expectation; expect: string };
export type Draft = {
  title: string;
  devices: DraftDevice[];
  blocks: Block[];
  verify: DraftCheck[];
  onInterrupted: OnInterrupted;
  confirmMinutes: number;
};

/** `line` counts from 1; null is about the whole block. */
export type Problem = { block: string; line: number | null; message: string };

export const EMPTY_DRAFT: Draft = {
  title: "",
  devices: [],
  blocks: [],
  verify: [],
  onInterrupted: "ask",
  confirmMinutes: 5,
};
const UNTITLED = "Untitled change";

/** Gives every chosen device a block, the first one of its platform where it is new; blocks without devices go, their lines stay for a while. */
export function chooseDevices(draft: Draft, devices: DraftDevice[]): Draft {
  const names = new Set(devices.map((d) => d.name));
  const blocks = draft.blocks.map((block) => ({ ...block, devices: block.devices.filter((d) => names.has(d)) }));
  for (const device of devices) {
    if (blocks.some((b) => b.devices.includes(device.name))) continue;
    const known = blocks.find((b) => b.platform === device.device_type);
    if (known) known.devices.push(device.name);
    else blocks.push({ key: device.device_type, platform: device.device_type, devices: [device.name], text: "" });
  }
  return { ...draft, devices, blocks: blocks.filter((b) => b.devices.length > 0 || b.text.trim() !== "") };
}

/** The blocks that have a device, in the order in which they were made. */
export const liveBlocks = (draft: Draft): Block[] => draft.blocks.filter((b) => b.devices.length > 0);

const isEmpty = (text: string): boolean => text.trim() === "";

/** What is sent to be planned, and null while there is nothing to plan. Devices whose block is empty get nothing. */
export function bodyOf(draft: Draft): NewChange | null {
  const targets = liveBlocks(draft).flatMap((b) =>
    isEmpty(b.text) ? [] : b.devices.map((device) => ({ device, lines: b.text })),
  );
  if (targets.length === 0) return null;
  return {
    title: draft.title.trim() === "" ? UNTITLED : draft.title.trim(),
    targets,
    verify: draft.verify.filter((c) => !isEmpty(c.command) && !isEmpty(c.expect)).map(checkOf),
    on_interrupted: draft.onInterrupted,
    confirm_minutes: draft.confirmMinutes,
  };
}

const checkOf = (c: DraftCheck): Check => ({
  ...(c.device === null ? {} : { device: c.device }),
  command: c.command.trim(),
  expect: { [c.how]: c.expect.trim() },
});

/** The same for a draft that exists: everything that was said replaces what stands. */
export function editOf(body: NewChange): Replan {
  return {
    title: body.title,
    targets: body.targets,
    ...(body.verify ? { verify: body.verify } : {}),
    ...(body.on_interrupted ? { on_interrupted: body.on_interrupted } : {}),
    ...(body.confirm_minutes === undefined ? {} : { confirm_minutes: body.confirm_minutes }),
  };
}

/** Two drafts with the same signature are planned alike. */
export const signatureOf = (draft: Draft): string => JSON.stringify(bodyOf(draft));

/** Characters that no line may hold, before anybody is asked. */
export function localProblems(draft: Draft): Problem[] {
  return liveBlocks(draft).flatMap((block) =>
    block.text.split("\n").flatMap((line, i): Problem[] => {
      const found = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u.exec(
        line,
      )?.[0];
      if (found === undefined) return [];
      const { label, name } = codePoint(found);
      return [{ block: block.key, line: i + 1, message: `holds ${label} (${name}); remove it` }];
    }),
  );
}

/** Where the API's refusals belong: `targets[2].lines[4]` is line 5 of the block that holds the third target's device. */
export function serverProblems(draft: Draft, details: readonly ErrorDetail[]): Problem[] {
  const targets = bodyOf(draft)?.targets ?? [];
  const seen = new Set<string>();
  return details.flatMap((detail): Problem[] => {
    const found = /^targets\[(\d+)\](?:\.lines(?:\[(\d+)\])?)?/.exec(detail.path);
    const device = found ? targets[Number(found[1])]?.device : undefined;
    const block = device === undefined ? undefined : liveBlocks(draft).find((b) => b.devices.includes(device));
    if (!block) return [];
    const line = detail.line ?? (found?.[2] === undefined ? null : Number(found[2]) + 1);
    const key = `${block.key} ${line} ${detail.message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ block: block.key, line, message: detail.message }];
  });
}

/** A draft that was planned before, as the editor shows it. */
export function draftOf(change: Change): Draft {
  const blocks: Block[] = [];
  for (const target of change.targets) {
    const text = target.lines.join("\n");
    const known = blocks.find((b) => b.platform === target.device_type && b.text === text);
    if (known) known.devices.push(target.device);
    else
      blocks.push({
        key: `${target.device_type}${blocks.some((b) => b.platform === target.device_type) ? `-${target.device}` : ""}`,
        platform: target.device_type,
        devices: [target.device],
        text,
      });
  }
  return {
    title: change.title === UNTITLED ? "" : change.title,
    devices: change.targets.map((t) => ({ name: t.device, device_type: t.device_type, os: null, is_lab: t.is_lab })),
    blocks,
    verify: change.verify.map((c, id) => ({
      id,
      device: c.device ?? null,
      command: c.command,
      ...expectationOf(c.expect),
    })),
    onInterrupted: change.on_interrupted,
    confirmMinutes: Math.max(0, ...change.targets.map((t) => t.confirm_minutes)),
  };
}

/** A text alone means that the output holds it. An API client may give several at once; the editor keeps the first. */
function expectationOf(expect: Check["expect"]): { how: Expectation; expect: string } {
  if (typeof expect === "string") return { how: "contains", expect };
  const how = EXPECTATIONS.find((h) => expect[h] !== undefined) ?? "contains";
  return { how, expect: expect[how] ?? "" };
}

const WORDS: Record<Expectation, string> = { contains: "holds", not_contains: "does not hold", matches: "matches" };
export const expectationWord = (how: Expectation): string => WORDS[how];

/** What a check expects, in words. */
export function expectWords(expect: Check["expect"]): string {
  if (typeof expect === "string") return `holds “${expect}”`;
  return EXPECTATIONS.flatMap((how) => (expect[how] === undefined ? [] : [`${WORDS[how]} “${expect[how]}”`])).join(
    " and ",
  );
}
