import { z } from "zod";
import { Failure } from "../domain/contract/common.ts";
import type { Permission } from "../domain/contract/user.ts";
import { StartError } from "../system/start-error.ts";

const TIMEOUT_MS = 6 * 60_000;

/** It did not answer, or could not now: the same call may be made again in a moment. */
export class Away extends StartError {
  override name = "Away";
}
const AWAY = [429, 502, 503, 504];

/** One call of the REST API at `NETSTACKS_URL` with the token of `NETSTACKS_TOKEN`. What it refuses is told in its own words. */
export async function callApi<T>(
  env: NodeJS.ProcessEnv,
  {
    method,
    path,
    body,
    json = body === undefined ? undefined : JSON.stringify(body),
    headers = {},
    needs,
    data,
  }: {
    method: "GET" | "POST" | "PUT" | "DELETE";
    path: string;
    body?: unknown;
    json?: string;
    headers?: Record<string, string>;
    needs: Permission;
    data: z.ZodType<T>;
  },
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
        ...headers,
        authorization: `Bearer ${token}`,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(json === undefined ? {} : { body: json }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    const why = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    throw new Away(`NetStacks does not answer at ${address} (${why}); NETSTACKS_URL says where it is.`);
  }
  const answer = parseJson(text);
  if (!response.ok) {
    const refused = Failure.safeParse(answer);
    throw new (AWAY.includes(response.status) ? Away : StartError)(
      refused.success
        ? `NetStacks refused (${refused.data.code}): ${refused.data.error}${detailLines(refused.data)}`
        : `NetStacks answered ${response.status} at ${url.href}; is NETSTACKS_URL right?`,
    );
  }
  const parsed = z.object({ data }).safeParse(answer);
  if (!parsed.success) throw new StartError(`what answers at ${address} does not speak this version's API.`);
  return parsed.data.data;
}

/** Where there are several things wrong, each has a line of its own. */
const detailLines = ({ details = [] }: Failure): string =>
  details.length < 2
    ? ""
    : details.map(({ message, line }) => `\n  ${line === undefined ? "" : `line ${line}: `}${message}`).join("");

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
