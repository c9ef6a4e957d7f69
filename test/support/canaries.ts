/** Secrets whose every trace is a leak, and the forms in which one could hide. */
export type Canaries = {
  /** Notes every canary that the text holds, in whatever form. */
  see(where: string, text: string | Buffer): void;
  /** As `see`, for secrets as they are: for what is too large to be searched for every form. */
  seeRaw(where: string, text: Buffer): void;
  hits(): string[];
};

export function watchFor(secrets: Record<string, string>): Canaries {
  const hits = new Set<string>();
  const searched = Object.entries(secrets).map(([name, value]) => ({
    name,
    forms: [...formsOf(value)].map((form) => [form, Buffer.from(form)] as const),
    raw: Buffer.from(value),
  }));
  return {
    see(where, text) {
      for (const { name, forms } of searched)
        for (const [form, bytes] of forms)
          if (typeof text === "string" ? text.includes(form) : text.includes(bytes))
            hits.add(`${name} in ${where} as ${form}`);
    },
    seeRaw(where, text) {
      for (const { name, raw } of searched) if (text.includes(raw)) hits.add(`${name} in ${where}`);
    },
    hits: () => [...hits],
  };
}

function formsOf(text: string): Set<string> {
  const bytes = Buffer.from(text);
  const escaped = JSON.stringify(text).slice(1, -1);
  return new Set([
    text,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    encodeURIComponent(text),
    encodeURIComponent(text).toLowerCase(),
    new URLSearchParams({ "": text }).toString().slice(1),
    ...base64Of(bytes),
  ]);
}

/** As it stands in the base64 of a longer text, wherever in it the secret begins; without what its neighbours decide. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const sure = whole.toString("base64").slice(from, Math.floor((whole.length * 8) / 6));
    return [sure, sure.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
