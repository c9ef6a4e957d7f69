import type { TemplateType } from "../../../../domain/contract/template.ts";

/** What the three types are for. */
export const TYPE_WORDS: Record<TemplateType, { label: string; what: string }> = {
  deploy: { label: "Deploy", what: "puts something onto a device" },
  delete: { label: "Delete", what: "takes it away again" },
  validation: { label: "Validation", what: "says what has to be there" },
};
