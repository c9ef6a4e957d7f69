import { expect, test } from "vitest";
import { BACKUP_HEALTH } from "../../../domain/contract/backup.ts";
import {
  EVERYTHING,
  formatChosen,
  healthFilter,
  healthWord,
  isOnly,
  parseChosen,
  toggleHealth,
} from "../../../web/src/features/backups/health-filter.ts";

test("the page's words become the API's, and every health has one", () => {
  expect(healthFilter("health:old,failed core")).toEqual({ search: "core", status: "stale,failed" });
  expect(healthFilter("ams core")).toEqual({ search: "ams core", status: undefined });
  for (const status of BACKUP_HEALTH) expect(healthFilter(`health:${healthWord(status)}`).status).toBe(status);
});

test("a word that is no health reaches the API, which says what is wrong with it", () => {
  expect(healthFilter("health:oldish").status).toBe("oldish");
});

test("a click on a kind shows that kind alone and keeps the words; a second click shows all again", () => {
  const once = toggleHealth("health:fresh,old ams", "failed");
  expect(healthFilter(once)).toEqual({ search: "ams", status: "failed" });
  expect(isOnly(once, "failed")).toBe(true);
  expect(isOnly("health:failed,old", "failed")).toBe(false);
  expect(healthFilter(toggleHealth(once, "failed"))).toEqual({ search: "ams", status: undefined });
});

test("what is chosen survives the address", () => {
  expect(parseChosen(undefined)).toEqual(new Set());
  expect(parseChosen(formatChosen(new Set(["a", "b"])))).toEqual(new Set(["a", "b"]));
  expect(parseChosen(formatChosen(EVERYTHING))).toBe(EVERYTHING);
  expect(formatChosen(new Set())).toBeUndefined();
});
