import { Button } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useRef, useState, type DragEvent } from "react";
import { toast } from "../../lib/toast.tsx";
import "../devices/devices.css";

export type GivenFile = { name: string; content: string };

/** A folder that was chosen gives its files' paths: they become names with folders, without the chosen folder itself. */
const nameOf = (file: File): string => file.webkitRelativePath.split("/").slice(1).join("/") || file.name;
const isTemplate = (file: File): boolean => /\.(j2|jinja2?|txt|tpl|cfg|conf)$/i.test(file.name);

/** Takes many text files at once, by dropping or by choosing; or a folder of them. */
export function FilesDrop({
  busy,
  again,
  onFiles,
}: {
  busy: boolean;
  again: boolean;
  onFiles: (files: GivenFile[]) => void;
}) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null): void => {
    const all = [...(list ?? [])];
    const templates = all.length > 1 ? all.filter(isTemplate) : all;
    if (templates.length === 0) {
      if (all.length > 0) toast.bad("None of these files ends in .j2, .jinja or .txt.");
      return;
    }
    Promise.all(templates.map(async (file) => ({ name: nameOf(file), content: await file.text() }))).then(
      onFiles,
      toast.error,
    );
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <section
      className={`ns-drop${over ? " over" : ""}${again ? " small" : ""}`}
      aria-label="Files"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconBraces className={again ? "t3" : "i28 t3"} aria-hidden="true" />
      <div className="sp">
        <p className="b">{again ? "Drop corrected files here" : "Drop .j2 files here, as many as you like"}</p>
        {!again && (
          <p className="t3">
            Each becomes a template of its file's name, without the suffix; of a folder, the paths become names with
            folders. Their order does not matter: they may include each other. A dry run shows every file first.
          </p>
        )}
      </div>
      <span className="row g6 w">
        <Button variant="subtle" disabled={busy} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <Button loading={busy} variant={again ? "default" : "filled"} onClick={() => files.current?.click()}>
          Choose files
        </Button>
      </span>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Template files"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
      <input
        ref={(el) => {
          folder.current = el;
          el?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder of template files"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
    </section>
  );
}
