import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from "node:crypto";
import { promisify } from "node:util";
import { TooMany } from "../domain/contract/errors.ts";

const derive = promisify((parameters: Argon2Parameters, done: (error: Error | null, key: Buffer) => void) =>
  argon2("argon2id", parameters, done),
);

const COST = { memory: 65_536, passes: 2, parallelism: 1 };
/** Each hash takes 64 MiB and a core: more at once would only make all of them slow, and the rest of the API with them. */
const PARALLEL = 2;
const QUEUE = 20;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs `fn` when one of the two places is free; refuses at once when the queue is full. */
export async function inPasswordQueue<T>(fn: () => Promise<T>): Promise<T> {
  if (running >= PARALLEL) {
    if (waiting.length >= QUEUE)
      throw new TooMany(
        "login_busy",
        "too many sign-ins are being checked at this moment; try again in a few seconds",
        { retryAfter: 3 },
      );
    await new Promise<void>((free) => waiting.push(free));
  } else running += 1;
  try {
    return await fn();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** In PHC form, so that the cost can be raised later and old hashes still verify. Call it inside `inPasswordQueue`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await deriveKey(password, salt, COST);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(key)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Without a hash (no such user) it does the same work and says no. Call it inside `inPasswordQueue`. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  // Made for known and unknown names alike, or the first unknown one after a start would take twice as long.
  const nobodys = await nobodysHash();
  const parts = PHC.exec(hash ?? nobodys);
  if (parts === null) throw new Error("a stored password hash has an unknown form");
  const [, memory, passes, parallelism, salt = "", key = ""] = parts;
  const expected = Buffer.from(key, "base64");
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const derived = await deriveKey(password, Buffer.from(salt, "base64"), cost);
  return timingSafeEqual(derived, expected) && hash !== undefined;
}

let nobody: Promise<string> | undefined;
function nobodysHash(): Promise<string> {
  nobody ??= hashPassword(randomBytes(24).toString("base64"));
  return nobody;
}

/** The same password typed on two keyboards may arrive in two Unicode forms. */
function deriveKey(password: string, nonce: Buffer, cost: typeof COST): Promise<Buffer> {
  return derive({ message: password.normalize("NFKC"), nonce, tagLength: 32, ...cost });
}

const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

// No 0/O, 1/l/I: it is read from a terminal and typed into a browser.
const READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Four groups of five: 116 bits, readable aloud. */
export function makePassword(): string {
  const letter = (): string => {
    for (;;) {
      const [byte = 255] = randomBytes(1);
      if (byte < 224) return READABLE[byte % READABLE.length] ?? "";
    }
  };
  return Array.from({ length: 4 }, () => Array.from({ length: 5 }, letter).join("")).join("-");
}
