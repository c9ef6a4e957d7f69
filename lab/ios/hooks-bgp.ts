import type { Hook, HookContext, HookResult } from "../config/dialect.ts";
import { encodeType7 } from "../config/secrets.ts";
import { lineMatching } from "../config/tree.ts";
import { encrypts } from "./secrets.ts";

const routerBgp: Hook = ({ words }, { root }) => {
  const running = lineMatching(root, /^router bgp (\S+)/)?.[1];
  return running !== undefined && running !== words[2] ? { refuse: `BGP is already running; AS is ${running}` } : {};
};

/** The whole neighbor goes with its AS. */
const neighborAs: Hook = ({ words }, { negated }) =>
  negated ? { key: words.slice(0, 2).join(" "), prefix: true } : {};

/** A neighbor needs its AS, or its peer group, before anything else. */
function knowsNeighbor(words: string[], { root, parent, negated }: HookContext): HookResult {
  if (negated) return {};
  const bgp = root.children.find((child) => child.mode === "router-bgp");
  const prefix = `neighbor ${words[1]} `;
  const known = [bgp, parent].some((node) =>
    node?.children.some((c) => c.key.startsWith(prefix) && /^neighbor \S+ (remote-as|peer-group)/.test(c.key)),
  );
  return known ? {} : { refuse: "% Specify remote-as or peer-group commands first" };
}
const neighbor: Hook = ({ words }, context) => knowsNeighbor(words, context);
const neighborPassword: Hook = ({ words, keyLength }, context) => {
  const refused = knowsNeighbor(words, context);
  if (refused.refuse !== undefined || context.negated) return refused;
  const [kind = "0", text = ""] = words.length === keyLength + 1 ? ["0", words[keyLength]] : words.slice(keyLength);
  const stored = kind === "7" ? ["7", text] : encrypts(context.root) ? ["7", encodeType7(text)] : [text];
  return { words: [...words.slice(0, keyLength), ...stored] };
};

/** `… X in` and `… Y out` are two settings: the direction is part of the identity, the name is not. */
const direction: Hook = ({ words, keyLength }) => ({ key: [...words.slice(0, keyLength), words.at(-1)].join(" ") });
const neighborDirection: Hook = (found, context) => ({
  ...knowsNeighbor(found.words, context),
  ...direction(found, context),
});

export const bgpHooks: Record<string, Hook> = {
  "router-bgp": routerBgp,
  "neighbor-as": neighborAs,
  neighbor,
  "neighbor-password": neighborPassword,
  "neighbor-direction": neighborDirection,
  direction,
};
