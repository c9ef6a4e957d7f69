import { Button } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { CopyIcon } from "../../components/bits.tsx";
import { Page } from "../../components/page.tsx";
import { links } from "../../lib/links.ts";
import { useGo, useParam } from "../../lib/url-state.ts";
import { PageLoaded } from "../changes/page-loaded.tsx";
import { shortHash } from "../changes/plan-words.ts";
import { approvalQuery, approvalsQuery } from "./approvals-api.ts";
import { ApprovalContent, ApprovalFacts, ApprovalPill } from "./approval-content.tsx";
import { byDeadline } from "./approval-words.ts";

export function ApprovalPage() {
  const id = useParam("id");
  const query = useQuery(approvalQuery(id));
  return (
    <PageLoaded
      title="Approval"
      crumbs={[{ label: "Approvals", href: links.approvals() }]}
      query={query}
      what="The approval could not be read."
      touched="Nothing reached a device. An approval only reads its plan."
    >
      {(approval) => (
        <Page
          title={approval.title}
          crumbs={[
            { label: "Approvals", href: links.approvals() },
            { label: `Change ${shortHash(approval.change_hash)}` },
          ]}
          beside={<ApprovalPill approval={approval} />}
          actions={<Around approval={approval} />}
          below={<ApprovalFacts approval={approval} />}
        >
          <ApprovalContent key={approval.id} approval={approval} />
        </Page>
      )}
    </PageLoaded>
  );
}

/** One of how many that wait for me, and the next one. */
function Around({ approval }: { approval: ApprovalDetail }) {
  const go = useGo();
  const list = useQuery(approvalsQuery({ status: "pending", limit: 200 })).data?.approvals ?? [];
  const mine = list.filter((a) => a.can_decide).sort(byDeadline);
  const at = mine.findIndex((a) => a.id === approval.id);
  const next = mine[(at + 1) % Math.max(1, mine.length)];
  return (
    <span className="row g6 only-d">
      {next && next.id !== approval.id && (
        <>
          <span className="sm t3 num">{at === -1 ? `${mine.length} for you` : `${at + 1} of ${mine.length}`}</span>
          <Button px={8} aria-label="Next approval" onClick={() => go(links.approval(next.id))}>
            <IconChevronRight size={16} aria-hidden />
          </Button>
        </>
      )}
      <CopyIcon text={location.href} label="link" />
    </span>
  );
}
