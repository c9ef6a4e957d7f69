import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Kbd, count } from "../../components/bits.tsx";
import { useCommands } from "../../lib/commands.ts";
import { EVERYTHING, type Chosen } from "./health-filter.ts";

type BarProps = {
  chosen: Chosen;
  /** How many the filter finds. */
  total: number;
  busy: boolean;
  onBackUp: () => void;
  onChoose: (chosen: Chosen) => void;
};

/** What is chosen, and what to do with it. */
export function ChooseBar({ chosen, total, busy, onBackUp, onChoose }: BarProps) {
  const many = chosen === EVERYTHING ? total : chosen.size;
  const clear = (): void => onChoose(new Set());
  useCommands(
    many > 0
      ? [
          {
            id: "backup-selected",
            label: `Back up ${count(many, "device")}`,
            key: "b",
            group: "Selection",
            icon: <IconDownload />,
            run: onBackUp,
          },
          {
            id: "selection-clear",
            label: "Clear the selection",
            key: "escape",
            group: "Selection",
            keyOnly: true,
            run: clear,
          },
        ]
      : [],
  );
  if (many === 0) return null;
  return (
    <div className="ns-bk-bar" role="toolbar" aria-label={`Act on ${count(many, "selected device")}`}>
      <b className="nowrap num">{many.toLocaleString("en")} selected</b>
      {many < total && (
        <Button size="xs" variant="subtle" onClick={() => onChoose(EVERYTHING)}>
          All {total.toLocaleString("en")}
        </Button>
      )}
      <Button size="xs" variant="subtle" onClick={clear}>
        Clear{" "}
        <span className="only-wide">
          &nbsp;<Kbd>Esc</Kbd>
        </span>
      </Button>
      <span className="sp" />
      <Button variant="filled" leftSection={<IconDownload />} loading={busy} onClick={onBackUp}>
        Back up {count(many, "device")}
      </Button>
    </div>
  );
}
