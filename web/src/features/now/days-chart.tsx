import type { Stats } from "../../../../domain/contract/platform.ts";
import { Card } from "../../components/page.tsx";

type ChangeDay = Stats["change_days"][number];

const HEIGHT = 66;
const day = (iso: string): string => {
  const date = new Date(`${iso}T12:00:00Z`);
  return `${date.getUTCDate()} ${date.toLocaleString("en-GB", { month: "short", timeZone: "UTC" }).slice(0, 3)}`;
};

/** Finished changes a day, by how they ended. */
export function DaysChart({ days }: { days: ChangeDay[] }) {
  const sum = (pick: (d: ChangeDay) => number): number => days.reduce((total, d) => total + pick(d), 0);
  const [kept, back, failed] = [sum((d) => d.kept), sum((d) => d.rolled_back), sum((d) => d.failed)];
  const all = kept + back + failed;
  const most = Math.max(1, ...days.map((d) => d.kept + d.rolled_back + d.failed));
  const px = (n: number): string => `${n === 0 ? 0 : Math.max(2, (HEIGHT * n) / most)}px`;
  const middle = days[Math.floor(days.length / 2)];
  const first = days[0];
  return (
    <Card title={`Changes, ${days.length} days`} note={all > 0 ? `${kept} kept of ${all}` : null}>
      {all === 0 ? (
        <p className="cb t3">No change has ended in these days. Each will be a bar: kept, rolled back, failed.</p>
      ) : (
        <div className="cb">
          <div
            className="ns-chart"
            role="img"
            aria-label={`Changes a day for ${days.length} days: ${kept} kept, ${back} rolled back, ${failed} failed`}
          >
            {days.map((d) => (
              <div
                key={d.day}
                title={`${day(d.day)}: ${d.kept} kept, ${d.rolled_back} rolled back, ${d.failed} failed`}
              >
                <i className="k-bad" style={{ height: px(d.failed) }} />
                <i className="k-back" style={{ height: px(d.rolled_back) }} />
                <i className="k-ok soft" style={{ height: px(d.kept) }} />
              </div>
            ))}
          </div>
          <div className="row xs t3 num ns-chart-axis">
            <span>{first && day(first.day)}</span>
            <span>{middle && day(middle.day)}</span>
            <span>today</span>
          </div>
          <div className="ns-leg low">
            <span className="k-ok">
              <i className="ns-sw" />
              kept {kept}
            </span>
            <span className="k-back">
              <i className="ns-sw" />
              rolled back {back}
            </span>
            <span className="k-bad">
              <i className="ns-sw" />
              failed {failed}
            </span>
          </div>
        </div>
      )}
    </Card>
  );
}
