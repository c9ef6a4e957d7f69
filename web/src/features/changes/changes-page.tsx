import { Page } from "../../components/page.tsx";

export function ChangesPage() {
  return <Page title="Changes" />;
}
