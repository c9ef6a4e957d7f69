import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Page, type Crumb } from "../../components/page.tsx";
import { ErrorState, Loaded, SkeletonCards } from "../../components/states.tsx";

type Props<T> = {
  title: string;
  crumbs?: Crumb[];
  query: UseQueryResult<T>;
  what: string;
  touched: string;
  children: (data: T) => ReactNode;
};

/** A page about one thing: while it is on its way, and when it cannot be read, it has its heading and its way back. */
export function PageLoaded<T>({ title, crumbs = [], query, what, touched, children }: Props<T>) {
  if (query.data === undefined)
    return (
      <Page title={title} crumbs={crumbs}>
        {query.isError ? (
          <ErrorState error={query.error} what={what} retry={() => void query.refetch()} touched={touched} />
        ) : (
          <SkeletonCards cards={2} rows={5} />
        )}
      </Page>
    );
  return (
    <Loaded query={query} what={what} touched={touched}>
      {children}
    </Loaded>
  );
}
