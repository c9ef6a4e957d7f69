import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconPlayerSkipForward } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { JournalLine, RunStep } from "../../../../domain/contract/run.ts";
import { Kbd } from "../../components/bits.tsx";
import { countStates } from "../../components/diff/journal.ts";
import { ReasonDialog, ReasonPopover } from "../../components/dialogs.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { useCommands } from "../../lib/commands.ts";
import { useCan } from "../../lib/session.ts";
import { Refusal } from "../changes/ask-panel.tsx";
import { choicesFor, doubtWords, type Choice } from "./run-words.ts";
import { choose } from "./runs-api.ts";

type Props = { runId: string; step: RunStep; device: string; lines: readonly JournalLine[] };

/** A device that waits for a person: what is in doubt, what is known, and the ways on. */
export function ChoicePanel({ runId, step, device, lines }: Props) {
  const may = useCan();
  const [asked, setAsked] = useState<Choice | null>(null);
  const { main, beside, more } = choicesFor(step.type);
  const direction = step.type === "rollback" ? "rollback" : step.type === "keep" ? "keep" : "apply";
  const words = doubtWords(step, countStates(lines, direction));
  const send = useMutation({
    mutationFn: ({ choice, reason }: { choice: Choice; reason: string }) =>
      choose(runId, device, step.type, choice.choice, reason),
  });
  const allowed = may("runs:control");
  const act = (): void => {
    if (allowed && !send.isPending) send.mutate({ choice: main, reason: "" });
  };
  useCommands(allowed ? [{ id: "verify", label: main.label, key: "v", group: "This run", run: act }] : []);
  const confirm = async (reason: string): Promise<void> => {
    if (asked) await send.mutateAsync({ choice: asked, reason });
  };

  return (
    <div className="ns-run-qd">
      <div className="ns-note k-doubt flat" role="alert">
        <StatusIcon kind="doubt" icon="broken" className="lg" />
        <div className="sp break">
          <b className="k-text">{words.head}</b>
          <div className="sm">{words.rest}</div>
          {step.message && step.type !== "keep" && <div className="sm t2">{step.message}.</div>}
        </div>
      </div>
      {send.isError && asked === null && (
        <div className="cb">
          <Refusal error={send.error} head="Not done." />
        </div>
      )}
      {!allowed ? (
        <p className="cb sm t2">Choosing how it goes on needs the role operator or approver.</p>
      ) : send.isSuccess && !send.isPending ? (
        <p className="cb sm t2">Chosen. What the device says shows here as it arrives.</p>
      ) : (
        <div className="opt">
          <Button
            variant="filled"
            loading={send.isPending && asked === null}
            rightSection={<Kbd>V</Kbd>}
            justify="space-between"
            onClick={act}
          >
            {main.label}
          </Button>
          <div className="row g6">
            {beside.map((choice) => (
              <ReasonPopover
                key={choice.choice}
                opened={asked?.choice === choice.choice}
                target={
                  <Button
                    className="sp"
                    leftSection={choice.choice === "rollback" ? <IconArrowBackUp /> : <IconPlayerSkipForward />}
                    onClick={() => setAsked(asked ? null : choice)}
                  >
                    {choice.label}
                  </Button>
                }
                title={`${choice.label}: ${device}`}
                confirm={choice.confirm}
                danger={choice.choice === "skip"}
                onConfirm={confirm}
                onClose={() => setAsked(null)}
              >
                <p className="sm t2">{choice.what}</p>
              </ReasonPopover>
            ))}
            <More choices={more} onChoose={setAsked} />
          </div>
        </div>
      )}
      <ReasonDialog
        opened={asked !== null && more.includes(asked)}
        title={`${asked?.label ?? ""}: ${device}`}
        confirm={asked?.confirm ?? ""}
        danger
        onConfirm={confirm}
        onClose={() => setAsked(null)}
      >
        <p className="sm t2">{asked?.what}</p>
      </ReasonDialog>
    </div>
  );
}

function More({ choices, onChoose }: { choices: Choice[]; onChoose: (choice: Choice) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label="More ways to go on">
          <IconDots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item key={choice.choice} onClick={() => onChoose(choice)}>
            {choice.label}…
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
