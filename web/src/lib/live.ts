import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { QueryClient } from "@tanstack/react-query";
import type { Hint, HintTopic } from "../../../domain/contract/platform.ts";
import { url } from "./api.ts";
import { openStream, type SseMessage, type Stream, type StreamState } from "./sse.ts";
import { setServerTime } from "./time.ts";

// The one stream of hints, shared by every page.
let state: StreamState = { status: "connecting" };
let stream: Stream | null = null;
const listeners = new Set<() => void>();

/** What else a hint of a topic makes old. */
const ALSO: Partial<Record<HintTopic, readonly string[]>> = {
  runs: ["stats", "devices"],
  approvals: ["stats"],
  devices: ["stats", "variables"],
  changes: ["stats"],
};

/** Opens the stream of hints once per sign-in; queries under a hinted topic are fetched again, several hints at once. */
export function startLive(client: QueryClient, onSignedOut: () => void): () => void {
  const topics = new Set<string>();
  let flush: ReturnType<typeof setTimeout> | undefined;
  const refetch = (): void => {
    flush = undefined;
    const now = [...topics];
    topics.clear();
    for (const topic of now) void client.invalidateQueries({ queryKey: [topic] });
  };
  const mark = (topic: string): void => {
    topics.add(topic);
    flush ??= setTimeout(refetch, 250);
  };
  stream = openStream({
    url: url("/events"),
    onSignedOut,
    onState: (next) => {
      state = next;
      for (const listener of listeners) listener();
    },
    onReconnect: () => void client.invalidateQueries(),
    onMessage: (message) => {
      if (message.event === "ping") return readPing(message.data);
      const hint = parse<Hint>(message.data);
      if (!hint) return;
      mark(hint.topic);
      for (const other of ALSO[hint.topic] ?? []) mark(other);
    },
  });
  return () => {
    clearTimeout(flush);
    stream?.close();
    stream = null;
    state = { status: "connecting" };
  };
}

export const useLive = (): StreamState =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
export const reconnectLive = (): void => stream?.reconnect();

/** The JSON of an event, or null for one that is not JSON. The API writes events from the same types. */
export function parse<T>(data: string): T | null {
  try {
    return JSON.parse(data) as T;
  } catch {
    return null; // an event that this version of the page does not know
  }
}

function readPing(data: string): void {
  const ping = parse<{ server_time?: string }>(data);
  if (ping?.server_time) setServerTime(ping.server_time);
}

/**
 * A page's own stream, for as long as the page shows: `useStream(url("/runs/…/events"), handle)`. `null` opens none.
 * Pings set the server's clock and are not handed on.
 */
export function useStream(
  address: string | null,
  onMessage: (message: SseMessage) => void,
  onReconnect?: () => void,
): StreamState & { reconnect: () => void } {
  const [current, setCurrent] = useState<StreamState>({ status: "connecting" });
  const handler = useRef({ onMessage, onReconnect });
  useEffect(() => {
    handler.current = { onMessage, onReconnect };
  });
  const opened = useRef<Stream | null>(null);
  useEffect(() => {
    if (address === null) return;
    opened.current = openStream({
      url: address,
      onState: setCurrent,
      onReconnect: () => handler.current.onReconnect?.(),
      onMessage: (message) => (message.event === "ping" ? readPing(message.data) : handler.current.onMessage(message)),
    });
    return () => opened.current?.close();
  }, [address]);
  return { ...current, reconnect: () => opened.current?.reconnect() };
}
