import { ApiError } from "./api.ts";

/** The sentence of an error; anything unforeseen is said to be a fault of the page. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof Error) return `This page failed: ${error.message}`;
  return "This page failed for an unknown reason.";
}

/** A message of the API as a sentence that stands among others. A name at its beginning stays as it is. */
export const sentence = (text: string): string =>
  (/^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text) + (/[.!?]$/.test(text) ? "" : ".");

/** Messages by form field, from the paths of the API's details (`host`, `tags[1]` → `tags`). */
export function fieldErrors(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (!(error instanceof ApiError)) return found;
  for (const { path, message } of error.details) {
    const field = /^[A-Za-z0-9_]+/.exec(path)?.[0];
    if (field !== undefined) found[field] ??= message;
  }
  return found;
}
