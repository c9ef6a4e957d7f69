import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { TemplateOptions, TemplateVariable } from "../../../../domain/contract/template.ts";
import { Overtaken, TooSlow, createBackground, type Background } from "./background.ts";
import { troubleOf, troubleOfError, type Trouble } from "./problems.ts";
import type { Output, RenderAnswer } from "./render-messages.ts";
import { openThread } from "./thread.ts";
import { renderText, type ToRender } from "./templates-api.ts";
import { useIncludes } from "./use-includes.ts";

export type Live = {
  variables: TemplateVariable[];
  /** What would be sent; null while something is wrong. */
  output: Output | null;
  /** The same with nothing where a value is missing. */
  holes: Output | null;
  trouble: Trouble | null;
  /** By whom: beside the page, or by the API, with what it knows of the device. */
  by: "page" | "api";
  /** What shows is not yet of the newest text. */
  behind: boolean;
};
export type ToShow = { source: string; options: TemplateOptions; variables: string; device: string | null };

const PAUSE_MS = 120;
const API_PAUSE_MS = 400;
const SLOW: Trouble = {
  message: "Rendering took more than 2.5 s and was ended. A loop may be too long.",
  template: null,
  line: null,
  column: null,
  variable: null,
  attribute: null,
  missing: false,
};

/** One thread for as long as the page shows; it opens with the first request. */
export function useBackground(): Background {
  const [background] = useState(() => createBackground(openThread));
  useEffect(() => () => background.close(), [background]);
  return background;
}

type Seen = { answer: RenderAnswer | null; trouble: Trouble | null; of: string };
const NOTHING: Seen = { answer: null, trouble: null, of: "" };

/** Renders as one types. With a device, or a name of an include that is known only then, the API does it. */
export function useRender(background: Background, what: ToShow): Live {
  const { source, options, variables, device } = what;
  const [seen, setSeen] = useState<Seen>(NOTHING);
  const references = seen.answer?.references ?? [];
  const templates = useIncludes(references);
  const byApi = device !== null || references.some((reference) => reference.name === null);
  const signature = JSON.stringify([source, options, variables, templates ?? null]);
  useEffect(() => {
    const layers = [variables];
    const timer = setTimeout(() => {
      background.ask({ op: "render", source, options, templates: templates ?? {}, layers }).then(
        (answer) => {
          if (answer.op !== "render") return;
          setSeen({ answer, trouble: answer.fault && troubleOf(answer.fault), of: signature });
        },
        (error: unknown) => {
          if (error instanceof Overtaken) return;
          const trouble = error instanceof TooSlow ? SLOW : troubleOfError(error);
          setSeen((before) => ({
            answer: before.answer && { ...before.answer, output: null, holes: null },
            trouble,
            of: signature,
          }));
        },
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [background, source, options, variables, templates, signature]);

  const remote = useRemote(byApi ? what : null);
  const own = { variables: seen.answer?.variables ?? [] };
  if (byApi) return { ...own, ...remote, by: "api" };
  return {
    ...own,
    output: seen.answer?.output ?? null,
    holes: seen.answer?.holes ?? null,
    // Before what it includes is here, it would be missed.
    trouble: templates === undefined ? null : seen.trouble,
    by: "page",
    behind: seen.of !== signature || templates === undefined,
  };
}

type Remote = Pick<Live, "output" | "holes" | "trouble" | "behind">;
async function renderThere({ source: content, options, variables, device }: ToShow): Promise<Omit<Remote, "behind">> {
  const wish: ToRender = { content, options, ...(device === null ? {} : { device }) };
  try {
    return { output: await renderText(wish, variables), holes: null, trouble: null };
  } catch (error) {
    const trouble = troubleOfError(error);
    const holes = trouble.missing
      ? await renderText({ ...wish, options: { ...options, undefined: "default" } }, variables).catch(() => null)
      : null;
    return { output: null, holes, trouble };
  }
}

function useRemote(what: ToShow | null): Remote {
  const signature = JSON.stringify(what);
  const [settled] = useDebouncedValue(signature, API_PAUSE_MS);
  const query = useQuery({
    queryKey: ["template-render", settled],
    enabled: what !== null && settled === signature,
    queryFn: () => (what === null ? null : renderThere(what)),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    staleTime: 10_000,
  });
  const behind = settled !== signature || query.isFetching;
  return { output: null, holes: null, trouble: null, ...query.data, behind };
}
