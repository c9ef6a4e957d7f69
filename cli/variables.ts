import { z } from "zod";
import { EffectiveVariable } from "../domain/contract/variables.ts";
import { ORDER } from "../domain/variables/order.ts";
import { StartError } from "../system/start-error.ts";
import { callApi } from "./call-api.ts";
import { tableOf } from "./show.ts";

/** `netstacks variables <device> [--json]`: what holds for a device, where each value is from, and what it hides. */
export async function variables(args: readonly string[]): Promise<void> {
  const [device, ...more] = args.filter((arg) => arg !== "--json");
  if (device === undefined || device.startsWith("-") || more.length > 0)
    throw new StartError("netstacks variables needs a device: netstacks variables <device> [--json].");
  const answer = await callApi(process.env, {
    method: "GET",
    path: `/api/devices/${encodeURIComponent(device)}/variables`,
    needs: "variables:read",
    data: z.object({ variables: z.array(EffectiveVariable) }),
  });
  process.stdout.write(
    args.includes("--json")
      ? `${JSON.stringify(answer.variables, null, 2)}\n`
      : tableOf(
          answer.variables.map(({ name, value, origin, hides }) => ({
            variable: name,
            value: textOf(value),
            from: placeOf(origin),
            hides: hides.map((hidden) => `${placeOf(hidden.origin)} ${textOf(hidden.value)}`).join(", "),
          })),
        ),
  );
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const placeOf = ({ kind, name }: EffectiveVariable["origin"]): string =>
  kind === "global" ? ORDER[kind].label : `${ORDER[kind].label} ${name}`;
