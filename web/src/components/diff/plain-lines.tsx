import { ConfigLine } from "./config-line.tsx";
import { WINDOWED } from "./rows.ts";
import { Windowed } from "./windowed.tsx";
import "./diff.css";

/** Lines as they would be sent, without numbers: the way back, or what goes to the device. */
export function PlainLines({ lines, label }: { lines: readonly string[]; label: string }) {
  if (lines.length > WINDOWED)
    return (
      <Windowed label={label} className="ns-rollback" count={lines.length} estimate={19}>
        {(index) => (
          <div>
            <ConfigLine text={lines[index] ?? ""} />
          </div>
        )}
      </Windowed>
    );
  return (
    <div className="ns-rollback" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, i) => (
        <div key={i}>
          <ConfigLine text={line} />
        </div>
      ))}
    </div>
  );
}
