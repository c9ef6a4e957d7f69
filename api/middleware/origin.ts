import { Forbidden } from "../../domain/contract/errors.ts";
import type { ApiContext } from "../env.ts";

/**
 * A write that a browser signs with its cookie must come from our own pages. Browsers send Origin with every write;
 * scripts of other sites cannot forge it, nor Sec-Fetch-Site.
 */
export function refuseForeignOrigin(c: ApiContext, publicUrl: string): void {
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  if ((site === undefined || site === "same-origin") && origin !== undefined && isOurs(c, origin, publicUrl)) return;
  throw new Forbidden(
    "origin_foreign",
    "this request does not come from the NetStacks pages; programs send a token as Authorization: Bearer instead of the cookie",
  );
}

/** The address people open, or the very host that this request came to: the cookie is bound to that one. */
function isOurs(c: ApiContext, origin: string, publicUrl: string): boolean {
  if (origin === publicUrl) return true;
  return (
    URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && new URL(origin).host === c.req.header("host")
  );
}
