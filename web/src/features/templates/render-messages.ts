import type { Hunk } from "../../../../domain/contract/change.ts";
import type { PlatformId } from "../../../../domain/contract/device.ts";
import type {
  SourceMapLine,
  TemplateOptions,
  TemplateReference,
  TemplateVariable,
} from "../../../../domain/contract/template.ts";
import type { Fault } from "./problems.ts";

export type RenderRequest = {
  op: "render";
  source: string;
  options: TemplateOptions;
  /** The sources that it may include, by name. */
  templates: Record<string, string>;
  /** Texts of JSON objects, the later ones before the earlier ones. */
  layers: string[];
};
export type Output = { rendered: string; source_map: SourceMapLine[] };
export type RenderAnswer = {
  op: "render";
  variables: TemplateVariable[];
  references: Omit<TemplateReference, "exists">[];
  /** Null: what is missing is an error, so there is no output; or it cannot be read at all. */
  output: Output | null;
  /** Where only values are missing: the same with nothing in their place. */
  holes: Output | null;
  fault: Fault | null;
};

/** What the lines would do to a device that runs this config. */
export type DiffRequest = { op: "diff"; platform: PlatformId; running: string; rendered: string };
export type DiffAnswer = {
  op: "diff";
  hunks: Hunk[];
  added: number;
  removed: number;
  notes: string[];
  /** Lines that could not be sent as they are, each in a sentence. */
  problems: string[];
};

export type Request = RenderRequest | DiffRequest;
export type Answer = RenderAnswer | DiffAnswer;
export type Numbered<T> = { id: number; body: T };
/** `broken`: a fault of the page itself, not of the template. */
export type Reply = Numbered<Answer | { op: "broken"; why: string }>;
