import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ApiContext } from "./env.ts";

const pack = promisify(gzip);

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  json: "application/json",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
  txt: "text/plain; charset=utf-8",
};
const PACKABLE = /^(text\/|application\/|image\/svg)/;

export type StaticFile = {
  type: string;
  bytes: Buffer<ArrayBuffer>;
  etag: string;
  packed?: Promise<Buffer<ArrayBuffer>>;
};

export function readStatic(path: string): StaticFile {
  const bytes = readFileSync(path);
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return { type, bytes, etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 24)}"` };
}

/**
 * Serves the built web app out of memory. What can be asked for is the list of files made here, so no path leads out
 * of the folder; every other page is index.html, whose router knows it.
 */
export function webFiles(folder: string): (c: ApiContext) => Promise<Response> {
  const files = new Map<string, StaticFile>();
  for (const entry of listed(folder)) files.set(`/${entry}`, readStatic(join(folder, entry)));
  const index = files.get("/index.html");
  return async (c) => {
    const file = files.get(c.req.path);
    if (file !== undefined && file !== index) {
      // The build puts a hash into every name below assets/.
      return serveStatic(
        c,
        file,
        c.req.path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      );
    }
    const isFileName = c.req.path.slice(c.req.path.lastIndexOf("/")).includes(".") && c.req.path !== "/index.html";
    if (index === undefined) return c.text("The web app is not built. Run `npm run build`, then start again.\n", 503);
    return isFileName && !c.req.header("accept")?.includes("text/html")
      ? c.text("There is no such file.\n", 404)
      : serveStatic(c, index, "no-cache");
  };
}

export async function serveStatic(c: ApiContext, file: StaticFile, cacheControl: string): Promise<Response> {
  c.header("Cache-Control", cacheControl);
  c.header("ETag", file.etag);
  c.header("Vary", "Accept-Encoding");
  if (c.req.header("if-none-match") === file.etag) return c.body(null, 304);
  c.header("Content-Type", file.type);
  if (!PACKABLE.test(file.type) || !/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) return c.body(file.bytes);
  file.packed ??= pack(file.bytes);
  c.header("Content-Encoding", "gzip");
  return c.body(await file.packed);
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length)
          .replace(/^[\\/]+/, "")
          .replaceAll("\\", "/"),
      );
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
