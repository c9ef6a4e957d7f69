import { z } from "zod";
import { Failure } from "../domain/contract/common.ts";
import type { Permission } from "../domain/contract/user.ts";
import { StartError } from "../system/start-error.ts";

const TIMEOUT_MS = 6 * 60_000;

/** One call of the REST API at `NETSTACKS_URL` with the token of `NETSTACKS_TOKEN`. What it refuses is told in its own words. */
export async function callApi<T>(
  env: NodeJS.ProcessEnv,
  {
    method,
    path,
    body,
    needs,
    data,
  }: { method: "GET" | "POST"; path: string; body?: unknown; needs: Permission; data: z.ZodType<T> },
): Promise<T> {
  const address = env["NETSTACKS_URL"] ?? "http://127.0.0.1:8080";
  const token = env["NETSTACKS_TOKEN"];
  if (token === undefined || token === "")
    throw new StartError(
      `NETSTACKS_TOKEN is not set: make a token in the web app (Settings, Tokens) with the permission ${needs}, and put it there.`,
    );
  const url = parseUrl(address, path);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    const why = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    throw new StartError(`NetStacks does not answer at ${address} (${why}); NETSTACKS_URL says where it is.`);
  }
  const answer = parseJson(text);
  if (!response.ok) {
    const refused = Failure.safeParse(answer);
    throw new StartError(
      refused.success
        ? `NetStacks refused (${refused.data.code}): ${refused.data.error}`
        : `NetStacks answered ${response.status} at ${url.href}; is NETSTACKS_URL right?`,
    );
  }
  const parsed = z.object({ data }).safeParse(answer);
  if (!parsed.success) throw new StartError(`what answers at ${address} does not speak this version's API.`);
  return parsed.data.data;
}

function parseUrl(address: string, path: string): URL {
  if (!URL.canParse(address)) throw new StartError(`NETSTACKS_URL is ${JSON.stringify(address)}, which is no address.`);
  return new URL(path, address);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
