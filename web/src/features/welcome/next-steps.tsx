import { IconFileImport, IconLock, IconUsers } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Permission } from "../../../../domain/contract/user.ts";
import { TextLink } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";

const STEPS: { icon: ReactNode; name: string; what: string; href: string; word: string; needs: Permission }[] = [
  {
    icon: <IconLock aria-hidden />,
    name: "Set one credential",
    what: "Write-only, sealed, and opened only while it is used.",
    href: links.settings("credentials"),
    word: "Set",
    needs: "credentials:write",
  },
  {
    icon: <IconFileImport aria-hidden />,
    name: "Bring devices",
    what: "A CSV file or one address. Only read at first.",
    href: links.importDevices(),
    word: "Add",
    needs: "devices:write",
  },
  {
    icon: <IconUsers aria-hidden />,
    name: "Let people in",
    what: "On your own devices somebody else approves: give one person the role approver.",
    href: links.settings("users"),
    word: "Invite",
    needs: "users:admin",
  },
];

export function NextSteps() {
  const may = useCan();
  return (
    <Card title="Then, with your own network">
      {STEPS.filter((s) => may(s.needs)).map((s) => (
        <div key={s.name} className="nx">
          {s.icon}
          <div>
            <b>{s.name}</b>
            <p>{s.what}</p>
          </div>
          <TextLink href={s.href} aria-label={`${s.word}: ${s.name}`}>
            {s.word}
          </TextLink>
        </div>
      ))}
    </Card>
  );
}
