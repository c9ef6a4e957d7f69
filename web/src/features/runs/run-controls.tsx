import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconPlayerPause, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Change } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { Kbd, count } from "../../components/bits.tsx";
import { ReasonDialog } from "../../components/dialogs.tsx";
import { useCommands, type Command } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import { undoChange } from "../changes/changes-api.ts";
import { interruptedSteps } from "./matrix.ts";
import { hasEnded } from "./run-words.ts";
import { cancelRun, choose, pauseRun, resumeRun } from "./runs-api.ts";

type Dialog = "cancel" | "back" | "undo" | null;
export type Controls = {
  canPause: boolean;
  canResume: boolean;
  canCancel: boolean;
  canRollBack: boolean;
  canUndo: boolean;
  busy: boolean;
  pause: () => void;
  resume: () => void;
  dialog: Dialog;
  open: (dialog: Dialog) => void;
};

/** What can be done with a run as it stands. Nothing shows before the server has said so. */
export function useControls(run: Run, change: Change | undefined): Controls {
  const may = useCan();
  const [dialog, open] = useState<Dialog>(null);
  const onError = (error: unknown): void => toast.error(error);
  const pause = useMutation({ mutationFn: () => pauseRun(run.id), onError });
  const resume = useMutation({ mutationFn: () => resumeRun(run.id), onError });
  const going = !hasEnded(run) && may("runs:control") && !run.cancel_requested;
  const controls = {
    canPause: going && !run.pause_requested,
    canResume: going && run.pause_requested,
    canCancel: going,
    canRollBack: going && interruptedSteps(run).some((s) => s.type === "apply" || s.type === "keep"),
    canUndo:
      run.status === "success" &&
      change?.status === "applied" &&
      change.undone_by === null &&
      may("changes:write") &&
      change.targets.some((t) => t.state === "planned"),
    busy: pause.isPending || resume.isPending,
    pause: () => pause.mutate(),
    resume: () => resume.mutate(),
    dialog,
    open,
  };
  const commands: Command[] = [
    ...(controls.canPause
      ? [{ id: "pause", label: "Pause this run", key: "p", group: "This run", run: controls.pause }]
      : []),
    ...(controls.canResume
      ? [{ id: "resume", label: "Resume this run", key: "p", group: "This run", run: controls.resume }]
      : []),
    ...(controls.canCancel
      ? [{ id: "cancel", label: "Cancel this run…", group: "This run", run: () => open("cancel") }]
      : []),
    ...(controls.canUndo
      ? [{ id: "undo", label: "Undo this change…", group: "This run", run: () => open("undo") }]
      : []),
  ];
  useCommands(commands);
  return controls;
}

function PauseButton({ controls }: { controls: Controls }) {
  if (controls.canResume)
    return (
      <Button
        leftSection={<IconPlayerPlay />}
        rightSection={<Key>P</Key>}
        loading={controls.busy}
        onClick={controls.resume}
      >
        Resume
      </Button>
    );
  if (!controls.canPause) return null;
  return (
    <Button
      leftSection={<IconPlayerPause />}
      rightSection={<Key>P</Key>}
      loading={controls.busy}
      onClick={controls.pause}
    >
      Pause
    </Button>
  );
}
const Key = ({ children }: { children: string }) => (
  <span className="only-d">
    <Kbd>{children}</Kbd>
  </span>
);

export function ControlButtons({ controls }: { controls: Controls }) {
  return (
    <span className="row g6 only-d">
      <PauseButton controls={controls} />
      {controls.canRollBack && (
        <Button leftSection={<IconArrowBackUp />} onClick={() => controls.open("back")}>
          Roll back…
        </Button>
      )}
      {controls.canUndo && (
        <Button leftSection={<IconArrowBackUp />} onClick={() => controls.open("undo")}>
          Undo this change…
        </Button>
      )}
      {controls.canCancel && (
        <Button className="bad" leftSection={<IconPlayerStop />} onClick={() => controls.open("cancel")}>
          Cancel…
        </Button>
      )}
    </span>
  );
}

/** The same at the thumb. */
export function ControlBar({ controls }: { controls: Controls }) {
  if (!controls.canCancel && !controls.canUndo) return null;
  return (
    <div className="ns-sheet ns-run-bar">
      <div className="acts">
        <PauseButton controls={controls} />
        {controls.canUndo && (
          <Button leftSection={<IconArrowBackUp />} onClick={() => controls.open("undo")}>
            Undo this change…
          </Button>
        )}
        {controls.canCancel && (
          <Menu position="top-end">
            <Menu.Target>
              <ActionIcon variant="default" size={46} aria-label="More actions" style={{ flex: "none" }}>
                <IconDots />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {controls.canRollBack && <Menu.Item onClick={() => controls.open("back")}>Roll back…</Menu.Item>}
              <Menu.Item onClick={() => controls.open("cancel")}>Cancel…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
    </div>
  );
}

export function ControlDialogs({ run, controls }: { run: Run; controls: Controls }) {
  const go = useGo();
  const close = (): void => controls.open(null);
  const waiting = interruptedSteps(run).filter((s) => s.type === "apply" || s.type === "keep");
  const taken = run.steps.filter((s) => s.type === "apply" && s.device !== null && s.status === "success").length;
  return (
    <>
      <ReasonDialog
        opened={controls.dialog === "cancel"}
        title="Cancel this run?"
        confirm={run.kind === "backup" ? "Read no further device" : "Stop before the next line"}
        danger
        onConfirm={async (reason) => cancelRun(run.id, reason)}
        onClose={close}
      >
        <p className="t2">
          {run.kind === "backup"
            ? "No further device is read, and those being read are hung up on. What was stored stays; nothing was changed on any device."
            : taken === 0
              ? "It stops before the next line on every device. What was taken so far stays as it is; the lines of each device say which."
              : `It stops before the next line. ${count(taken, "device")} took all lines already, and nothing is taken back by this.`}
        </p>
      </ReasonDialog>
      <ReasonDialog
        opened={controls.dialog === "back"}
        title={`Roll back ${count(waiting.length, "device")}?`}
        confirm="Roll back"
        danger
        onConfirm={async (reason) => {
          for (const step of waiting)
            if (step.device !== null) await choose(run.id, step.device, step.type, "rollback", reason);
        }}
        onClose={close}
      >
        <p className="t2">
          {waiting.map((s) => s.device).join(", ")}: read, then the rollback lines that are still needed are sent. The
          change is one, so every other device that took something of it goes back too.
        </p>
      </ReasonDialog>
      <ReasonDialog
        opened={controls.dialog === "undo"}
        title="Undo this change?"
        confirm="Plan the way back"
        onConfirm={async (reason) => {
          if (run.change_id !== null) go(links.change((await undoChange(run.change_id, reason)).change.id));
        }}
        onClose={close}
      >
        <p className="t2">
          This makes a new change from the rollback lines. It is planned against what is on the devices now, and gets
          its own approval. Nothing is sent yet.
        </p>
      </ReasonDialog>
    </>
  );
}
