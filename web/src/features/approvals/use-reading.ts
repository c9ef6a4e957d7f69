import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { keys } from "../../lib/keys.ts";
import { toast } from "../../lib/toast.tsx";
import { letter } from "../changes/plan-words.ts";
import { markRead } from "./approvals-api.ts";
import { walk, type Walk } from "./approval-words.ts";

export type Reading = Walk & {
  isRead: (key: string) => boolean;
  mark: (key: string) => void;
  /** What the main button says while something is unread. */
  label: string;
  /** Which diff that is about, from 1. */
  at: number;
  /** Walks on: shows what was not shown yet, and marks what was. */
  step: () => void;
  /** Watches the end of a group, to know when it was on the screen. */
  endOf: (key: string) => (el: HTMLElement | null) => void;
};

export const groupDomId = (key: string): string => `group-${key}`;

/**
 * Nobody approves what they were not shown: the button scrolls to the first unread group, down its length, and only marks
 * one as read whose end has been on the screen. A person may also tick the box of a group.
 */
export function useReading(approval: ApprovalDetail, show: (key: string) => void): Reading {
  const client = useQueryClient();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const read = new Set([...approval.read_groups, ...ticked]);
  const { groups } = approval;
  const state = walk(groups, read, 0);

  const save = useMutation({
    mutationFn: (key: string) => markRead(approval.id, [key]),
    onSuccess: (detail) => client.setQueryData(keys.approvals.one(approval.id), detail),
    onError: (error, key) => {
      setTicked((all) => new Set([...all].filter((k) => k !== key)));
      toast.error(error);
    },
  });
  const mark = (key: string): void => {
    if (read.has(key)) return;
    setTicked((all) => new Set([...all, key]));
    save.mutate(key);
  };

  const observer = useRef<IntersectionObserver | null>(null);
  const ends = useRef(new Map<string, HTMLElement>());
  useEffect(() => {
    const found = new IntersectionObserver((entries) => {
      const now = entries
        .filter((e) => e.isIntersecting)
        .map((e) => (e.target instanceof HTMLElement ? (e.target.dataset["end"] ?? "") : ""));
      if (now.length > 0) setSeen((all) => (now.every((key) => all.has(key)) ? all : new Set([...all, ...now])));
    });
    observer.current = found;
    for (const el of ends.current.values()) found.observe(el);
    return () => found.disconnect();
  }, []);
  const endOf = (key: string) => (el: HTMLElement | null) => {
    const known = ends.current.get(key);
    if (known === el) return;
    if (known) observer.current?.unobserve(known);
    if (el === null) return void ends.current.delete(key);
    ends.current.set(key, el);
    observer.current?.observe(el);
  };

  const current = state.next === null ? null : (groups[state.next] ?? null);
  const shown = current !== null && seen.has(current.key);
  const after = current === null ? null : walk(groups, new Set([...read, current.key]), state.next ?? 0).next;
  const step = (): void => {
    if (current === null) return;
    if (!shown) {
      readOn(current.key, show);
      return;
    }
    mark(current.key);
    const next = after === null ? undefined : groups[after];
    if (next) readOn(next.key, show);
  };
  const target = shown && after !== null ? after : (state.next ?? 0);
  const last = shown && after === null;
  const label = last ? `Mark diff ${letter(target)} as read` : `Next: diff ${letter(target)}`;
  return { ...state, isRead: (key) => read.has(key), mark, label, at: target + 1, step, endOf };
}

/** Brings a group to the top, or, where it is there and longer than the screen, the next part of it. */
function readOn(key: string, show: (key: string) => void): void {
  show(key);
  requestAnimationFrame(() => {
    const el = document.getElementById(groupDomId(key));
    const pane = el?.closest<HTMLElement>("[data-pane]") ?? document.getElementById("main");
    if (!el || !pane) return;
    const smooth = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const box = el.getBoundingClientRect();
    const view = pane.getBoundingClientRect();
    const within = box.top <= view.top + 60 && box.bottom > view.bottom;
    // Not scrollIntoView: it would move the frame around the pane as well.
    pane.scrollBy({ top: within ? view.height * 0.7 : box.top - view.top - 8, behavior: smooth });
    el.querySelector<HTMLElement>("input[type=checkbox]")?.focus({ preventScroll: true });
  });
}
