import type {
  SourceMapLine,
  TemplateOptions,
  TemplateReference,
  TemplateVariable,
} from "../domain/contract/template.ts";
import type { PythonError } from "../domain/jinja/index.ts";

/** Why a template cannot be read or rendered; without a template's name it is the one that was given. */
export type Fault = {
  kind: PythonError;
  message: string;
  template: string | null;
  line: number | null;
  column: number | null;
};

/** Reads each source by itself. */
export type InspectJob = { op: "inspect"; items: { source: string; options: TemplateOptions }[] };
export type Inspected =
  | { variables: TemplateVariable[]; references: Omit<TemplateReference, "exists">[] }
  | { fault: Fault };

/** Renders one source once for each item. */
export type RenderJob = {
  op: "render";
  source: string;
  /** What it may include, by the names that it may use for them. */
  templates: Record<string, string>;
  options: TemplateOptions;
  /** Texts of JSON objects, the later ones before the earlier ones. */
  items: string[][];
};
/** The map is empty where an item before it gave the same text. */
export type RenderOutcome = { rendered: string; source_map: SourceMapLine[] } | { fault: Fault };

export type Job = InspectJob | RenderJob;
export type Result = Inspected | RenderOutcome;

/** What the thread says: it has taken a job, each item's result, that it is free again, or that it has a fault of its own. */
export type Reply =
  | { said: "taken" }
  | { said: "result"; result: Result }
  | { said: "done" }
  | { said: "broken"; why: string };
