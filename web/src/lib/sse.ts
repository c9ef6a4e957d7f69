export type SseMessage = { id: string | null; event: string; data: string };

/** Splits a byte stream's text into messages; keeps what is not complete yet. */
export function sseParser(onMessage: (message: SseMessage) => void): (chunk: string) => void {
  let rest = "";
  let id: string | null = null;
  let event = "message";
  let data: string[] = [];
  const line = (text: string): void => {
    if (text === "") {
      if (data.length > 0) onMessage({ id, event, data: data.join("\n") });
      event = "message";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  };
  return (chunk) => {
    rest += chunk;
    // A lone \r at the end may be half of \r\n: wait for the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const each of lines) line(each);
  };
}

export type StreamState =
  | { status: "connecting" }
  | { status: "live"; lastAt: number }
  | { status: "reconnecting"; lastAt: number | null }
  | { status: "not_live"; lastAt: number | null; nextTryAt: number | null };

export type StreamOptions = {
  url: string;
  onMessage: (message: SseMessage) => void;
  onState: (state: StreamState) => void;
  /** After every connect but the first: something may have been missed that the stream does not resend. */
  onReconnect?: () => void;
  onSignedOut?: () => void;
  lastEventId?: string;
};
export type Stream = { close: () => void; reconnect: () => void };

// The server says something every 5 s. Quiet a little longer: reconnecting; 15 s: not live.
const QUIET_MS = 6500;
const RETRY_MS = 9000;
const NOT_LIVE_MS = 15_000;

/**
 * A stream that is resumed by Last-Event-ID until it is closed. Over fetch and not EventSource, which gives up on any
 * answer but 200, hides the status, and says nothing about a line that went quiet.
 */
export function openStream(options: StreamOptions): Stream {
  const started = Date.now();
  let lastAt: number | null = null;
  let lastEventId = options.lastEventId ?? null;
  let connects = 0;
  let failures = 0;
  let nextTryAt: number | null = null;
  let triedAt = started;
  let request: AbortController | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let shown = "";

  const report = (): void => {
    if (closed) return;
    const quiet = Date.now() - (lastAt ?? started);
    let state: StreamState;
    if (quiet >= NOT_LIVE_MS) state = { status: "not_live", lastAt, nextTryAt };
    else if (quiet >= QUIET_MS || (failures > 0 && lastAt !== null)) state = { status: "reconnecting", lastAt };
    else if (lastAt === null) state = { status: "connecting" };
    else state = { status: "live", lastAt };
    const text = JSON.stringify(state);
    if (text !== shown) {
      shown = text;
      options.onState(state);
    }
    // Each try has its time: after a long silence, a server that answers slowly is not given up at once.
    if (Date.now() - Math.max(lastAt ?? started, triedAt) >= RETRY_MS && nextTryAt === null) request?.abort();
  };
  const watch = setInterval(report, 1000);

  const connect = async (): Promise<void> => {
    if (closed) return;
    nextTryAt = null;
    triedAt = Date.now();
    request = new AbortController();
    try {
      const headers: Record<string, string> = { accept: "text/event-stream" };
      if (lastEventId !== null) headers["last-event-id"] = lastEventId;
      const response = await fetch(options.url, {
        headers,
        credentials: "same-origin",
        signal: request.signal,
        cache: "no-store",
      });
      if (response.status === 401) {
        options.onSignedOut?.();
        close();
        return;
      }
      if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
      connects += 1;
      failures = 0;
      if (connects > 1) options.onReconnect?.();
      const feed = sseParser((message) => {
        if (message.id !== null) lastEventId = message.id;
        options.onMessage(message);
      });
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        lastAt = Date.now();
        report();
        feed(decoder.decode(next.value, { stream: true }));
      }
      throw new Error("the stream ended");
    } catch {
      // Whatever broke it, the answer is the same: say so, and try again, from the last event that arrived.
      if (closed) return;
      failures += 1;
      const wait = Math.min(8000, 500 * 2 ** Math.min(failures - 1, 4)) * (0.8 + Math.random() * 0.4);
      nextTryAt = Date.now() + wait;
      report();
      retry = setTimeout(() => void connect(), wait);
    }
  };
  const close = (): void => {
    closed = true;
    clearInterval(watch);
    clearTimeout(retry);
    request?.abort();
  };
  void connect();
  return {
    close,
    reconnect: () => {
      if (closed || nextTryAt === null) return;
      clearTimeout(retry);
      void connect();
    },
  };
}
