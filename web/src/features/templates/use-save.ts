import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../lib/api.ts";
import { toast } from "../../lib/toast.tsx";
import { bodyOf, changedIn, EMPTY, type Draft } from "./draft.ts";
import { changeTemplate, createTemplate, templateQuery, type StoredTemplate } from "./templates-api.ts";

export type Refusal =
  /** Somebody else saved meanwhile. */
  { kind: "newer" } | { kind: "tests"; failures: string[] } | { kind: "other"; error: unknown };

export type How = { version?: number; allowFailing?: boolean };
export type Save = {
  busy: boolean;
  refusal: Refusal | null;
  forget: () => void;
  /** True: it is stored, and the page shows what the server answered. */
  save: (how?: How) => Promise<boolean>;
};

type Work = {
  base: StoredTemplate | null;
  before: Draft;
  draft: Draft;
  comment: string;
  onSaved: (stored: StoredTemplate) => void;
};

/** Sends what changed; the page believes it only once the server has said so. */
export function useSave({ base, before, draft, comment, onSaved }: Work): Save {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const save = async ({ version, allowFailing = false }: How = {}): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setRefusal(null);
    try {
      const more = { comment, version: base === null ? null : (version ?? base.version), allowFailing };
      const { template } =
        base === null
          ? await createTemplate(
              bodyOf(draft, [...new Set<keyof Draft>(["name", "content", ...changedIn(EMPTY, draft)])], more),
            )
          : await changeTemplate(base.id, bodyOf(draft, changedIn(before, draft), more));
      const stored = await client.fetchQuery({ ...templateQuery(template.name), staleTime: 0 });
      void client.invalidateQueries({ queryKey: ["templates"] });
      toast.ok(`${template.name} is saved as version ${template.version}.`);
      onSaved(stored);
      return true;
    } catch (error) {
      setRefusal(refusalOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, forget: () => setRefusal(null), save };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ApiError && error.code === "version_conflict") return { kind: "newer" };
  if (error instanceof ApiError && error.code === "template_tests_failed")
    return { kind: "tests", failures: error.details.map((detail) => detail.message) };
  return { kind: "other", error };
}
