import { Page } from "../../components/page.tsx";

export function NewChangePage() {
  return <Page title="New change" />;
}
