import { Modal, Switch } from "@mantine/core";
import { Kbd } from "../components/bits.tsx";
import { useAllCommands, type Command } from "../lib/commands.ts";
import { setPref, usePrefs } from "../lib/prefs.ts";
import { keyWords } from "./key-words.ts";

/** Every key that does something on this page. */
export default function KeysHelp({ onClose }: { onClose: () => void }) {
  const commands = useAllCommands();
  const { singleKeys } = usePrefs();
  const groups = new Map<string, Command[]>();
  for (const command of commands)
    if (command.key)
      groups.set(command.group ?? "This page", [...(groups.get(command.group ?? "This page") ?? []), command]);
  return (
    <Modal opened onClose={onClose} title="Keys" size={560}>
      <div className="ns-keys">
        {[...groups].map(([group, own]) => (
          <section key={group}>
            <h3 className="sm t3">{group}</h3>
            <dl>
              {own.map((command) => (
                <div key={command.id} className="row">
                  <dt className="row g4">
                    {keyWords(command.key ?? "").map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd>{command.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        mt="md"
        size="xs"
        label="Single keys (they rest while you type)"
        checked={singleKeys}
        onChange={(event) => setPref({ singleKeys: event.currentTarget.checked })}
      />
    </Modal>
  );
}
