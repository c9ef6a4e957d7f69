import { Button } from "@mantine/core";
import { IconLock, IconRefresh, IconSearch } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import { ApiError } from "../lib/api.ts";
import { errorText } from "../lib/errors.ts";
import type { StateIcon, StateKind } from "../lib/status-of.ts";
import { CopyText } from "./bits.tsx";
import { StatusIcon } from "./status.tsx";
import { When } from "./times.tsx";
import "./states.css";

/** What this place is for, one button, one example. */
export function Empty({
  icon,
  title,
  children,
  actions,
}: {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="ns-empty">
      {icon === undefined ? <StatusIcon kind="ok" icon="tick" className="xl" /> : icon}
      <h2>{title}</h2>
      {children && <div className="t3 ns-empty-text">{children}</div>}
      {actions && <div className="row g6 w ns-empty-acts">{actions}</div>}
    </div>
  );
}

/** A sentence on a tint: `head` in the state's colour, then what it means. */
export function Note({
  kind,
  icon,
  head,
  children,
  actions,
  alert = false,
}: {
  kind: StateKind;
  icon: StateIcon;
  head?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  alert?: boolean;
}) {
  return (
    <div className={`ns-note k-${kind}`} role={alert ? "alert" : undefined}>
      <StatusIcon kind={kind} icon={icon} className="lg" />
      <div className="sp break">
        {head && <b className="k-text">{head} </b>}
        {children}
      </div>
      {actions && <span className="row g6">{actions}</span>}
    </div>
  );
}

type ErrorProps = {
  error: unknown;
  /** What failed: "The devices could not be read." */
  what: string;
  retry?: (() => void) | undefined;
  /** Whether anything reached a device, when that is known. */
  touched?: ReactNode;
};

/** What failed, why, what to do, whether anything reached a device, and the id to quote. 403 and 404 have their own words. */
export function ErrorState({ error, what, retry, touched }: ErrorProps) {
  if (error instanceof ApiError && error.status === 403) {
    return (
      <Empty icon={<IconLock className="i28 t3" aria-hidden="true" />} title="This is not yours to read">
        {error.message}
      </Empty>
    );
  }
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Empty icon={<IconSearch className="i28 t3" aria-hidden="true" />} title="There is no such thing">
        {error.message}
      </Empty>
    );
  }
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <section className="ns-card ns-error" role="alert">
      <div className="ns-note k-bad flat">
        <StatusIcon kind="bad" icon="cross" className="lg" />
        <div className="sp break">
          <b className="k-text">{what}</b> {errorText(error)}
        </div>
      </div>
      <div className="ns-error-body">
        {touched && (
          <p className="row g6">
            <StatusIcon kind="ok" icon="tick" />
            <span>{touched}</span>
          </p>
        )}
        <div className="row g6 w">
          {retry && (
            <Button variant="filled" leftSection={<IconRefresh />} onClick={retry}>
              Try again
            </Button>
          )}
          {requestId && (
            <span className="row g6 end sm t3">
              request <CopyText text={requestId} label="request id" />
            </span>
          )}
        </div>
      </div>
    </section>
  );
}

/** Shows its children only after 150 ms: what is fast never flickers. */
function Delayed({ children, ms = 150 }: { children: ReactNode; ms?: number }) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return due ? children : null;
}

const Bone = ({ width }: { width: string }) => <span className="ns-bone" style={{ width }} />;
const WIDTHS = ["62%", "48%", "70%", "40%", "55%", "66%", "44%"];

/** The shape of a list or table that is on its way. */
export function SkeletonRows({ rows = 8, columns = 4 }: { rows?: number; columns?: number }) {
  return (
    <Delayed>
      <div className="ns-card ns-skel" role="status" aria-label="Loading">
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="ns-skel-row">
            {Array.from({ length: columns }, (_, column) => (
              <Bone key={column} width={WIDTHS[(row * 3 + column * 2) % WIDTHS.length] ?? "50%"} />
            ))}
          </div>
        ))}
      </div>
    </Delayed>
  );
}

/** The shape of a page of cards that is on its way. */
export function SkeletonCards({ cards = 2, rows = 4 }: { cards?: number; rows?: number }) {
  return (
    <div className="ns-pg-cards">
      {Array.from({ length: cards }, (_, i) => (
        <SkeletonRows key={i} rows={rows} columns={2} />
      ))}
    </div>
  );
}

type LoadedProps<T> = {
  query: UseQueryResult<T>;
  what: string;
  skeleton?: ReactNode;
  touched?: ReactNode;
  children: (data: T) => ReactNode;
};
/** The four states of a read: on its way, failed, old because the last try failed, here. */
export function Loaded<T>({ query, what, skeleton, touched, children }: LoadedProps<T>) {
  if (query.data === undefined) {
    if (query.isError)
      return <ErrorState error={query.error} what={what} retry={() => void query.refetch()} touched={touched} />;
    return skeleton ?? <SkeletonRows />;
  }
  return (
    <>
      {query.isError && (
        <Note
          kind="wait"
          icon="warn"
          head={
            <>
              As of <When at={new Date(query.dataUpdatedAt).toISOString()} />.
            </>
          }
          actions={
            <Button size="xs" onClick={() => void query.refetch()}>
              Try again
            </Button>
          }
        >
          {what} {errorText(query.error)}
        </Note>
      )}
      {children(query.data)}
    </>
  );
}
