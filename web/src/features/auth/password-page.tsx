import { Page } from "../../components/page.tsx";

export function PasswordPage() {
  return <Page title="Password" />;
}
