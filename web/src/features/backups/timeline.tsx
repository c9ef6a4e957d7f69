import type { ConfigBackup } from "../../../../domain/contract/backup.ts";
import { count } from "../../components/bits.tsx";
import { formatWhen, serverNow } from "../../lib/time.ts";
import { ticksOf, type Pair } from "./versions.ts";

/** When the config changed, and which two versions are compared. */
export function Timeline({ versions, pair }: { versions: readonly ConfigBackup[]; pair: Pair }) {
  const ticks = ticksOf(versions, serverNow());
  const at = (id: string): number => ticks.find((tick) => tick.id === id)?.at ?? 0;
  const nth = (id: string): number => versions.length - versions.findIndex((version) => version.id === id);
  const [from, to] = [at(pair.before.id), at(pair.after.id)];
  const since = formatWhen(versions.at(-1)?.created_at ?? "");
  // Markers that would lie on one another stand beside one another.
  const [a, b] = to - from < 4 ? [Math.max(0, Math.min(96, to - 4)), Math.max(4, to)] : [from, to];
  return (
    <div
      className="ns-bk-line"
      role="img"
      aria-label={`${count(versions.length, "version")} since ${since}; A is version ${nth(pair.before.id)}, B is version ${nth(pair.after.id)}`}
    >
      <div className="axis">
        <span className="between" style={{ left: `${from}%`, right: `${100 - to}%` }} />
        {ticks.map((tick) => (
          <i key={tick.id} style={{ left: `${tick.at}%` }} />
        ))}
        <b style={{ left: `${a}%` }}>A</b>
        <b style={{ left: `${b}%` }}>B</b>
      </div>
      <span className="row">
        {since}, {count(versions.length, "version")}
        <span className="end">now</span>
      </span>
    </div>
  );
}
