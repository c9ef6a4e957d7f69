import { AppError } from "../domain/contract/errors.ts";
import { whatToDo } from "../devices/read.ts";

export type Named = { code: string; message: string; what_to_do: string };

/** A failure of a device as it is stored and shown. What is no AppError is a bug, and surfaces. */
export function nameFailure(error: unknown): Named {
  if (!(error instanceof AppError)) throw error;
  return { code: error.code, message: error.message, what_to_do: whatToDo(error.code) };
}
