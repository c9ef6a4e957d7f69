import { Button } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useRef, useState, type DragEvent } from "react";
import { toast } from "../../lib/toast.tsx";

const EXAMPLE =
  "name,host,port,device_type,site,tags,username,description,credential,enabled\nams-core-01,10.255.0.11,22,juniper_junos,ams,core pair,,Core of Amsterdam,tacacs-rw,true\n";

/** Takes one text file, by dropping or by choosing. */
export function DropZone({
  busy,
  again,
  onText,
}: {
  busy: boolean;
  again: boolean;
  onText: (file: string, text: string) => void;
}) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (!file) return;
    file.text().then((text) => onText(file.name, text), toast.error);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <section
      className={`ns-drop${over ? " over" : ""}${again ? " small" : ""}`}
      aria-label="File"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileSpreadsheet className={again ? "t3" : "i28 t3"} aria-hidden="true" />
      <div className="sp">
        <p className="b">{again ? "Drop a corrected file here" : "Drop a CSV here"}</p>
        {!again && (
          <p className="t3">
            The first line names the columns: <code>name, host, device_type</code> are needed;{" "}
            <code>port, site, tags, username, description, credential, enabled</code> may follow. Tags are separated by
            semicolons. What exists by that name is changed. A dry run shows every row first.
          </p>
        )}
      </div>
      <span className="row g6 w">
        {!again && (
          <Button
            variant="subtle"
            component="a"
            href={`data:text/csv;charset=utf-8,${encodeURIComponent(EXAMPLE)}`}
            download="devices-example.csv"
          >
            Example
          </Button>
        )}
        <Button loading={busy} variant={again ? "default" : "filled"} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
      </span>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv,text/plain"
        hidden
        aria-label="CSV file"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
    </section>
  );
}
