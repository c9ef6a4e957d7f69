import { useState } from "react";
import { count, platformWord } from "../../components/bits.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { useCommands } from "../../lib/commands.ts";
import type { Block, Problem } from "./draft.ts";
import { LineEditor } from "./line-editor.tsx";

type Props = { blocks: Block[]; problems: readonly Problem[]; onChange: (key: string, text: string) => void };

const labelOf = (block: Block, blocks: readonly Block[]): string => {
  const alone = blocks.filter((b) => b.platform === block.platform).length === 1;
  const [first = ""] = block.devices;
  return alone ? platformWord(block.platform) : `${platformWord(block.platform)}, ${first}`;
};
const linesIn = (text: string): number => text.split("\n").filter((line) => line.trim() !== "").length;

/** What is sent: one text a platform, problems on their line. */
export function WhatPanel({ blocks, problems, onChange }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [jump, setJump] = useState<{ line: number; nonce: number } | null>(null);
  const block = blocks.find((b) => b.key === chosen) ?? blocks[0];
  const mine = problems.filter((p) => p.block === block?.key);

  const open = (problem: Problem): void => {
    setChosen(problem.block);
    setJump({ line: problem.line ?? 1, nonce: (jump?.nonce ?? 0) + 1 });
  };
  const nextProblem = (): void => {
    const at = jump === null ? -1 : problems.findIndex((p) => p.block === block?.key && (p.line ?? 1) === jump.line);
    const next = problems[(at + 1) % problems.length];
    if (next) open(next);
  };
  useCommands(
    problems.length > 0
      ? [{ id: "next-problem", label: "Next problem", key: "f8", group: "This change", run: nextProblem }]
      : [],
  );

  return (
    <section className="ns-what" aria-label="What">
      <div className="ns-sub2">
        <h2>What</h2>
        {blocks.length > 0 && (
          <span className="ns-seg end" role="group" aria-label="Lines for">
            {blocks.map((b) => {
              const wrong = problems.some((p) => p.block === b.key);
              const empty = b.text.trim() === "";
              return (
                <button
                  key={b.key}
                  type="button"
                  aria-pressed={b.key === block?.key}
                  onClick={() => setChosen(b.key)}
                  title={b.devices.join(", ")}
                >
                  <StatusIcon
                    kind={wrong ? "bad" : empty ? "idle" : "ok"}
                    icon={wrong ? "cross" : empty ? "ring" : "tick"}
                  />
                  {labelOf(b, blocks)} {b.devices.length}
                </button>
              );
            })}
          </span>
        )}
      </div>
      {block ? (
        <LineEditor
          key={block.key}
          value={block.text}
          onChange={(text) => onChange(block.key, text)}
          problems={mine}
          label={`Lines for ${labelOf(block, blocks)}`}
          jump={jump}
        />
      ) : (
        <p className="cb t3">Choose devices first; each platform gets its own lines.</p>
      )}
      <div className="ns-eft">
        {block && (
          <span className="row g6">
            {linesIn(block.text) === 0
              ? `${count(block.devices.length, "device")} without lines`
              : `${count(linesIn(block.text), "line")} for ${count(block.devices.length, "device")}`}
          </span>
        )}
        {problems.slice(0, 3).map((p) => (
          <button key={`${p.block}${p.line}${p.message}`} type="button" className="ns-problem" onClick={() => open(p)}>
            <StatusIcon kind="bad" icon="cross" />
            {p.line === null ? "" : `line ${p.line}: `}
            {p.message}
          </button>
        ))}
        {problems.length > 3 && <span>{problems.length - 3} more problems</span>}
      </div>
    </section>
  );
}
