import { IconChevronRight } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";
import { Go } from "./go.tsx";
import "./page.css";

export type Crumb = { label: string; href?: string };
type PageProps = {
  /** Names the page in the tab and in the phone's top bar. */
  title: string;
  /** What stands large instead of the title (an id, a sentence). */
  heading?: ReactNode;
  crumbs?: Crumb[];
  /** Pills and tags behind the heading. */
  beside?: ReactNode;
  /** Buttons on the right. */
  actions?: ReactNode;
  /** Below the heading, above the content: facts, tabs. */
  below?: ReactNode;
  /** The content fills the height and scrolls inside itself. */
  fill?: boolean;
  children?: ReactNode;
};

/** One page of the shell: heading, actions, content. */
export function Page({ title, heading, crumbs, beside, actions, below, fill = false, children }: PageProps) {
  useTitle(title);
  return (
    <div className={`ns-page${fill ? " fill" : ""}`}>
      <PageHead heading={heading ?? title} {...(crumbs ? { crumbs } : {})} beside={beside} actions={actions} />
      {below}
      <div className="ns-pg">{children}</div>
    </div>
  );
}

function PageHead({
  heading,
  crumbs,
  beside,
  actions,
}: {
  heading: ReactNode;
  crumbs?: Crumb[];
  beside?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="ns-hd">
      <div className="ns-hd-main">
        {crumbs && (
          <nav className="ns-crumbs i13" aria-label="Breadcrumb">
            {crumbs.map(({ label, href }, i) => (
              <span key={label} className="row g6">
                {i > 0 && <IconChevronRight aria-hidden="true" />}
                {href ? <Go href={href}>{label}</Go> : label}
              </span>
            ))}
          </nav>
        )}
        <div className="row w">
          <h1>{heading}</h1>
          {beside}
        </div>
      </div>
      {actions && <div className="ns-hd-actions">{actions}</div>}
    </header>
  );
}

/** The tab's title, and what the phone's top bar shows. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "NetStacks" ? title : `${title} · NetStacks`;
  }, [title]);
}

/** A surface with an optional head: title, a dim count or note, acts on the right. */
export function Card({
  title,
  note,
  actions,
  children,
  className = "",
  level = 2,
  id,
}: {
  title?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  className?: string;
  level?: 2 | 3;
  id?: string;
}) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section className={`ns-card ${className}`} id={id}>
      {title !== undefined && (
        <div className="ns-ch">
          <Heading>{title}</Heading>
          {note !== undefined && note !== null && <span className="t3">{note}</span>}
          {actions && <span className="row g6 end">{actions}</span>}
        </div>
      )}
      {children}
    </section>
  );
}

export type Fact = { label: string; value: ReactNode; note?: ReactNode };
/** A strip of facts; what is not known is not passed, so it does not show. */
export function Facts({ facts }: { facts: (Fact | null | false | "" | undefined)[] }) {
  return (
    <dl className="ns-card ns-facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>
                {fact.value}
                {fact.note && <span className="t3"> {fact.note}</span>}
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

export type TabItem = { id: string; label: string; count?: number | undefined; href: string };
/** Tabs that are addresses. */
export function Tabs({ items, current, label }: { items: TabItem[]; current: string; label: string }) {
  return (
    <nav className="ns-tabs" aria-label={label}>
      {items.map((item) => (
        <Go key={item.id} href={item.href} replace aria-current={item.id === current ? "page" : undefined}>
          {item.label}
          {item.count !== undefined && <span className="c num">{item.count}</span>}
        </Go>
      ))}
    </nav>
  );
}
