import { Spotlight, createSpotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { IconBraces, IconListCheck, IconSearch, IconServer2, IconCalendarEvent } from "@tabler/icons-react";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState, type ReactNode } from "react";
import type { ChangeSummary } from "../../../domain/contract/change.ts";
import type { Device } from "../../../domain/contract/device.ts";
import type { Run } from "../../../domain/contract/run.ts";
import type { TemplateSummary } from "../../../domain/contract/template.ts";
import { Kbd, platformWord } from "../components/bits.tsx";
import { api } from "../lib/api.ts";
import { useAllCommands } from "../lib/commands.ts";
import { links } from "../lib/links.ts";
import { can, useMe } from "../lib/session.ts";
import { statusOf } from "../lib/status-of.ts";
import { useGo } from "../lib/url-state.ts";
import { keyWords } from "./key-words.ts";

const [store, spotlight] = createSpotlight();

type Found = { id: string; label: string; note: string; icon: ReactNode; href: string };

/** Things of the network whose name holds the words. */
function useThings(words: string): Found[] {
  const me = useMe();
  const [search] = useDebouncedValue(words.trim(), 150);
  const { data } = useQuery({
    queryKey: ["palette", search],
    enabled: search.length > 1,
    queryFn: async ({ signal }) => {
      const query = { search, limit: 5 };
      const [devices, changes, runs, templates] = await Promise.all([
        can(me, "devices:read") ? api.get<{ devices: Device[] }>("/devices", query, signal) : { devices: [] },
        can(me, "changes:read") ? api.get<{ changes: ChangeSummary[] }>("/changes", query, signal) : { changes: [] },
        can(me, "runs:read") ? api.get<{ runs: Run[] }>("/runs", query, signal) : { runs: [] },
        can(me, "templates:read")
          ? api.get<{ templates: TemplateSummary[] }>("/templates", query, signal)
          : { templates: [] },
      ]);
      return [
        ...devices.devices.map((d) => ({
          id: `d-${d.id}`,
          label: d.name,
          note: [platformWord(d.device_type), d.site, d.is_lab ? "virtual" : null].filter(Boolean).join(" · "),
          icon: <IconServer2 />,
          href: links.device(d.name),
        })),
        ...changes.changes.map((c) => ({
          id: `c-${c.id}`,
          label: c.title,
          note: `change · ${statusOf(c.status).word}`,
          icon: <IconCalendarEvent />,
          href: links.change(c.id),
        })),
        ...runs.runs.map((r) => ({
          id: `r-${r.id}`,
          label: r.title,
          note: `run · ${statusOf(r.status).word}`,
          icon: <IconListCheck />,
          href: links.run(r.id),
        })),
        ...templates.templates.map((t) => ({
          id: `t-${t.id}`,
          label: t.name,
          note: `template · ${t.type}`,
          icon: <IconBraces />,
          href: links.template(t.name),
        })),
      ];
    },
  });
  return search.length > 1 ? (data ?? []) : [];
}

/** Things, pages and verbs in one list. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const go = useGo();
  const [words, setWords] = useState("");
  const commands = useAllCommands().filter((command) => !command.keyOnly);
  const things = useThings(words);
  const listId = useId();
  useEffect(() => spotlight.open(), []);
  // Spotlight marks the first row when the words change; what is found comes later and stands above it.
  const found = things.map((thing) => thing.id).join();
  useEffect(() => {
    if (found === "") return;
    const list = document.getElementById(listId);
    for (const row of list?.querySelectorAll("[data-selected]") ?? []) row.removeAttribute("data-selected");
    list?.querySelector("[data-action]")?.setAttribute("data-selected", "true");
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [found, listId]);

  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const verbs = commands.filter((command) =>
    wanted.every((word) => `${command.label} ${command.group ?? ""}`.toLowerCase().includes(word)),
  );
  return (
    <Spotlight.Root
      store={store}
      query={words}
      onQueryChange={setWords}
      shortcut={null}
      onSpotlightClose={onClose}
      scrollable
      maxHeight={420}
      size={560}
      yOffset="12vh"
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      attributes={{ content: { "aria-label": "Find or do" } }}
    >
      <Spotlight.Search
        placeholder="A device, a run, a page, or what to do"
        leftSection={<IconSearch />}
        aria-label="Find or do"
      />
      <Spotlight.ActionsList id={listId}>
        {things.map((thing) => (
          <Spotlight.Action key={thing.id} onClick={() => go(thing.href)}>
            <PaletteRow icon={thing.icon} label={thing.label} note={thing.note} />
          </Spotlight.Action>
        ))}
        {verbs.map((command) => (
          <Spotlight.Action key={command.id} onClick={command.run}>
            <PaletteRow icon={command.icon} label={command.label} keys={command.key} />
          </Spotlight.Action>
        ))}
        {things.length === 0 && verbs.length === 0 && (
          <Spotlight.Empty>Nothing is called that, and no verb of this page fits.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function PaletteRow({
  icon,
  label,
  note,
  keys,
}: {
  icon?: ReactNode;
  label: string;
  note?: string;
  keys?: string | undefined;
}) {
  return (
    <span className="row ns-pal">
      <span className="ns-pal-icon" aria-hidden="true">
        {icon}
      </span>
      <span className="ell">{label}</span>
      {note && <span className="t3 sm ell">{note}</span>}
      {keys && (
        <span className="row g4 end">
          {keyWords(keys).map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </span>
  );
}
