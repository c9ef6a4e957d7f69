import { describe, expect, test } from "vitest";
import { hashPassword, inPasswordQueue, verifyPassword } from "../../auth/passwords.ts";

describe("passwords", () => {
  test("verify against their own hash alone, whatever Unicode form they were typed in", async () => {
    const hash = await hashPassword("Zürich-Ångström");
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword("Zu\u0308rich-A\u030angstro\u0308m", hash)).toBe(true);
    expect(await verifyPassword("Zurich-Angstrom", hash)).toBe(false);
    expect(await hashPassword("Zürich-Ångström")).not.toBe(hash);
  });

  test("without a hash, nothing verifies", async () => {
    expect(await verifyPassword("anything", undefined)).toBe(false);
    expect(await verifyPassword("", undefined)).toBe(false);
  });

  test("hashes made with another cost still verify", async () => {
    // argon2id, 8 KiB, one pass, of "password" with the salt "0123456789abcdef"; made by this module's own cost turned down.
    const { argon2Sync } = await import("node:crypto");
    const salt = Buffer.from("0123456789abcdef");
    const key = argon2Sync("argon2id", {
      message: "password",
      nonce: salt,
      memory: 8,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const plain = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
    expect(await verifyPassword("password", `$argon2id$v=19$m=8,t=1,p=1$${plain(salt)}$${plain(key)}`)).toBe(true);
  });

  test("a stored hash of another form is a bug, not a no", async () => {
    await expect(verifyPassword("x", "$2b$12$abc")).rejects.toThrow(/unknown form/);
  });
});

test("two are checked at a time, twenty wait, and more are told to come back", async () => {
  let running = 0;
  let most = 0;
  const releases: (() => void)[] = [];
  const work = () =>
    inPasswordQueue(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((done) => releases.push(done));
      running -= 1;
      return "done";
    });
  const tries = Array.from({ length: 30 }, work).map((p) =>
    p.then(String, (error: unknown) => (error instanceof Error && "code" in error ? error.code : error)),
  );
  const turnedAway = await Promise.all(tries.slice(22));
  expect(turnedAway).toEqual(Array.from({ length: 8 }, () => "login_busy"));
  while (releases.length > 0) {
    releases.shift()?.();
    await new Promise(setImmediate);
  }
  expect(await Promise.all(tries.slice(0, 22))).toEqual(Array.from({ length: 22 }, () => "done"));
  expect(most).toBe(2);
  // Its places are free again.
  const after = work();
  await new Promise(setImmediate);
  releases.shift()?.();
  expect(await after).toBe("done");
});
