import { IconServer2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { platformWord } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { StatusPill } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { labDevicesQuery, type LabRouter } from "./welcome-api.ts";

/** The three routers with their state, as three cards on one wire. */
export function Routers({
  routers,
  read,
}: {
  routers: readonly LabRouter[];
  /** Those whose config was read for the plan: they answered. */ read: ReadonlySet<string>;
}) {
  const devices = useQuery(labDevicesQuery).data ?? [];
  return (
    <div className="top3">
      {routers.map((router, i) => {
        const device = devices.find((d) => d.name === router.name);
        return (
          <Fragment key={router.name}>
            {i > 0 && <div className="wire" aria-hidden="true" />}
            <div className="ns-card rt">
              <span className="gl" aria-hidden="true">
                <IconServer2 />
              </span>
              <Go href={links.device(router.name)} className="b ell">
                {router.name}
              </Go>
              <StatusPill
                status={
                  device?.state === "unknown" && read.has(router.name) ? "reachable" : (device?.state ?? "unknown")
                }
              />
              <p>
                {platformWord(router.device_type)}
                {device?.facts?.os_version ? ` ${device.facts.os_version}` : ""}, virtual ·{" "}
                <code>
                  {router.host}:{router.port}
                </code>
              </p>
            </div>
          </Fragment>
        );
      })}
    </div>
  );
}
