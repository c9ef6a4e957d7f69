import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ENDED, Run } from "../domain/contract/run.ts";
import { DeployStarted, Stack, StackDeploy, StackSummary, StackValidation } from "../domain/contract/stack.ts";
import { StartError } from "../system/start-error.ts";
import { Away, callApi } from "./call-api.ts";
import { readArgs, type Given } from "./stack-args.ts";
import { deployText, outcomeText, validationText } from "./stack-text.ts";

const EXIT = { done: 0, other: 2, waits: 3, changes: 4 } as const;
const LOOK_EVERY_MS = 1000;
const PAGE = 500;
/** `netstacks stack …`: for people at a terminal, and for pipelines, which read its exit code. */
export async function stack([verb = "", ...args]: readonly string[]): Promise<void> {
  const given = readArgs(verb, args);
  const verbs: Record<string, () => Promise<void>> = {
    list: () => list(given),
    show: () => show(given),
    plan: () => plan(given),
    deploy: () => deploy(given),
    wait: async () => tell(await untilEnded(await readDeploy(given.name, given), given), given),
    validate: () => validate(given),
    delete: () => remove(given),
  };
  await verbs[verb]?.();
}

const json = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

async function list({ values }: Given): Promise<void> {
  const all: StackSummary[] = [];
  for (let total = 1; all.length < total;) {
    const page = await callApi(process.env, {
      method: "GET",
      path: `/api/stacks?limit=${PAGE}&offset=${all.length}`,
      needs: "changes:read",
      data: z.object({ stacks: z.array(StackSummary), total: z.number() }),
    });
    all.push(...page.stacks);
    total = page.stacks.length === 0 ? 0 : page.total;
  }
  if (values.json) return json(all);
  for (const s of all)
    process.stdout.write(
      `${s.name}\tversion ${s.version}\t${s.state}${s.has_pending_changes ? ", changes pending" : ""}\t${s.services} services\t${s.devices.length} devices\n`,
    );
}

async function show({ values, name }: Given): Promise<void> {
  const { stack: found } = await callApi(process.env, {
    method: "GET",
    path: at(name),
    needs: "changes:read",
    data: z.object({ stack: Stack }),
  });
  if (values.json) return json(found);
  process.stdout.write(`${found.name}  version ${found.version}  ${found.state}\n`);
  for (const s of found.services)
    process.stdout.write(
      `  ${s.name}: ${s.template} on ${s.devices.join(", ") || "(devices of each deploy)"}${s.depends_on.length > 0 ? `, after ${s.depends_on.join(", ")}` : ""}\n`,
    );
}

const at = (name: string, rest = ""): string => `/api/stacks/${encodeURIComponent(name)}${rest}`;

async function plan(given: Given): Promise<void> {
  const { values } = given;
  const started = await start(given, "/plan", await planBody(given), "changes:write");
  let { deploy: planned } = started;
  while (planned.status === "planning" && Date.now() < given.until) {
    await sleep(LOOK_EVERY_MS);
    planned = await readDeploy(planned.id, given);
  }
  if (values.json) json(planned);
  else process.stdout.write(deployText(planned));
  if (planned.status === "planning") process.exitCode = EXIT.waits;
  else if (planned.status !== "planned" && planned.status !== "unchanged") process.exitCode = EXIT.other;
  else if (values["exit-code"] === true && planned.status === "planned") process.exitCode = EXIT.changes;
}

async function deploy(given: Given): Promise<void> {
  const { values } = given;
  const body = {
    ...(await planBody(given)),
    ...(values.plan === undefined ? {} : { plan_id: values.plan }),
    ...(values.hash === undefined ? {} : { hash: values.hash }),
    ...(values.reason === undefined ? {} : { reason: values.reason }),
    ...(values["dry-run"] === true ? { dry_run: true } : {}),
    ...(values["no-approval"] === true ? { require_approval: false } : {}),
  };
  const { deploy: asked } = await start(given, "/deploy", body, "changes:apply");
  tell(values.wait === true ? await untilEnded(asked, given) : asked, given);
}

async function planBody({ values }: Given): Promise<{ variables?: Record<string, unknown>; devices?: string[] }> {
  const variables: Record<string, unknown> =
    values.variables === undefined ? {} : await readVariables(values.variables);
  for (const pair of values.set ?? []) {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || text === undefined) throw new StartError(`--set needs <name>=<value>, not ${pair}.`);
    variables[name] = valueOf(text);
  }
  return {
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(values.device === undefined ? {} : { devices: values.device }),
  };
}

/** JSON where it is JSON (`3`, `true`, `["a"]`), else the text itself. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

async function readVariables(file: string): Promise<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? "it holds no object" : error instanceof Error ? error.message : String(error);
    throw new StartError(`${file} cannot be used: ${why}`);
  }
}

/** With one key for all tries: an answer that was lost on its way is asked for again, and nothing is begun twice. */
async function start(
  given: Given,
  what: "/plan" | "/deploy",
  body: unknown,
  needs: "changes:write" | "changes:apply",
): Promise<z.infer<typeof DeployStarted>> {
  const key = given.values.key ?? `cli-${randomUUID()}`;
  return patiently(given, () =>
    callApi(process.env, {
      method: "POST",
      path: at(given.name, what),
      body,
      headers: { "idempotency-key": key },
      needs,
      data: DeployStarted,
    }),
  );
}

/** Repeats a call until NetStacks is there, or the time is over. */
async function patiently<T>({ until }: Given, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Away) || Date.now() + LOOK_EVERY_MS > until) throw error;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

async function readDeploy(id: string, given: Given): Promise<StackDeploy> {
  const answer = await patiently(given, () =>
    callApi(process.env, {
      method: "GET",
      path: `/api/stack-deploys/${encodeURIComponent(id)}`,
      needs: "changes:read",
      data: z.object({ deploy: StackDeploy }),
    }),
  );
  return answer.deploy;
}

async function untilEnded(asked: StackDeploy, given: Given): Promise<StackDeploy> {
  let now = asked;
  let said = "";
  for (;;) {
    if (given.values.json !== true && now.message !== null && now.message !== said) {
      said = now.message;
      process.stderr.write(`${said}\n`);
    }
    if (ENDED.includes(now.run_status) || Date.now() > given.until) return now;
    await sleep(LOOK_EVERY_MS);
    now = await readDeploy(asked.id, given);
  }
}

function tell(found: StackDeploy, { values }: Given): void {
  if (values.json) json(found);
  else process.stdout.write(outcomeText(found));
  const good =
    found.status === "deployed" || found.status === "unchanged" || (found.status === "planned" && found.dry_run);
  process.exitCode = !ENDED.includes(found.run_status) ? EXIT.waits : good ? EXIT.done : EXIT.other;
}

async function validate({ values, name }: Given): Promise<void> {
  const { validation } = await callApi(process.env, {
    method: "POST",
    path: at(name, "/validate"),
    needs: "changes:read",
    data: z.object({ validation: StackValidation }),
  });
  if (values.json) json(validation);
  else process.stdout.write(validationText(validation));
  if (!validation.valid) process.exitCode = EXIT.other;
}

const Removed = z.object({
  deleted: z.boolean(),
  orphans: z.array(z.object({ service: z.string(), device: z.string(), lines: z.array(z.string()) })),
  deploy: StackDeploy.nullable(),
  run: Run.nullable(),
});

async function remove(given: Given): Promise<void> {
  const { values, name } = given;
  const query = [
    ...(values["keep-config"] === true ? ["keep_config=true"] : []),
    ...(values["no-approval"] === true ? ["require_approval=false"] : []),
  ];
  const removed = await callApi(process.env, {
    method: "DELETE",
    path: `${at(name)}${query.length > 0 ? `?${query.join("&")}` : ""}`,
    needs: "changes:apply",
    data: Removed,
  });
  if (removed.deploy)
    return tell(values.wait === true ? await untilEnded(removed.deploy, given) : removed.deploy, given);
  if (values.json) return json(removed);
  process.stdout.write(`${name} is deleted\n`);
  for (const { service, device, lines } of removed.orphans)
    process.stdout.write(`left on ${device} by ${service}: ${lines.length} lines\n`);
}
