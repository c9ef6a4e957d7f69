import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { count } from "../../components/bits.tsx";
import { useTitle } from "../../components/page.tsx";
import { Empty, ErrorState, SkeletonCards } from "../../components/states.tsx";
import { ApiError } from "../../lib/api.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import { CutCard } from "./cut-card.tsx";
import { NextSteps } from "./next-steps.tsx";
import { NtpCard } from "./ntp-card.tsx";
import { useNtp } from "./use-ntp.ts";
import { Routers } from "./routers.tsx";
import { firstThree, labQuery, sayWelcomeSeen } from "./welcome-api.ts";
import "../changes/plan.css";
import "./welcome.css";

/** The first minute: a change on three virtual routers, and what happens to a line when the cable is cut. */
export function WelcomePage() {
  useTitle("Welcome");
  const go = useGo();
  const may = useCan();
  const lab = useQuery(labQuery);
  const ntp = useNtp(lab.isSuccess);
  const skip = (): void => {
    sayWelcomeSeen()
      .then(() => go(may("devices:write") ? links.importDevices() : links.devices()))
      .catch(toast.error);
  };
  if (lab.isError) {
    if (lab.error instanceof ApiError && lab.error.status === 404)
      return (
        <Empty
          title="The lab is off"
          actions={
            <Button variant="filled" onClick={skip}>
              Add my devices
            </Button>
          }
        >
          This installation runs without its virtual routers, so there is nothing to try here.
        </Empty>
      );
    return (
      <div className="ns-w">
        <ErrorState error={lab.error} what="The lab could not be read." retry={() => void lab.refetch()} />
      </div>
    );
  }
  if (!lab.data)
    return (
      <div className="ns-w">
        <SkeletonCards cards={3} rows={3} />
      </div>
    );
  const routers = firstThree(lab.data);
  return (
    <div className="ns-w">
      <header className="row top w">
        <div className="head">
          <h1>
            {routers.length === 3 ? "Three lab routers" : count(routers.length, "lab router")} are up. Make your first
            change.
          </h1>
          <p className="lead">
            They are virtual, run in this installation and touch nothing of yours. It is about a minute to a kept
            change.
          </p>
        </div>
        <Button variant="subtle" onClick={skip}>
          Skip, add my devices
        </Button>
      </header>
      <Routers
        routers={routers}
        read={new Set((ntp.change?.targets ?? []).filter((t) => t.state !== "left_out").map((t) => t.device))}
      />
      <NtpCard ntp={ntp} />
      <div className="two">
        <CutCard routers={lab.data} />
        <NextSteps />
      </div>
    </div>
  );
}
