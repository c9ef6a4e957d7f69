import { Page } from "../../components/page.tsx";

export function ApprovalPage() {
  return <Page title="Approval" />;
}
