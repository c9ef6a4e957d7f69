import { Page } from "../../components/page.tsx";

export function ChangePage() {
  return <Page title="Change" />;
}
