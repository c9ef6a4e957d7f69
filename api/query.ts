import { z } from "zod";
import { Id, Name } from "../domain/contract/common.ts";

/** `-name` is by name, descending. The schema lets only columns of the list through. */
export function sortOf<C extends string>(
  sort: string | undefined,
  columns: readonly C[],
  byDefault: { column: C; descending: boolean },
): { column: C; descending: boolean } {
  const column = columns.find((c) => c === sort?.replace(/^-/, ""));
  return column === undefined ? byDefault : { column, descending: sort?.startsWith("-") ?? false };
}

export const yesOrNo = z.enum(["true", "false"]).transform((text) => text === "true");

/** One or more values, separated by commas: any of them. */
export const anyOf = <T extends z.ZodType<unknown, string>>(value: T) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(value).min(1).max(50));

/** A device by id or by name; both fit what a name may be. */
export const DeviceParam = z.object({ device: Name });
export const IdParam = z.object({ id: Id });
