import { ConfigLine } from "../../components/diff/config-line.tsx";
import { Windowed } from "../../components/diff/windowed.tsx";
import { usePhone } from "../../lib/use-phone.ts";

type ConfigLinesProps = {
  label: string;
  lines: string[];
  /** Lines that hold what is searched for, and the one of them that is looked at. */
  hits: number[];
  current: number | undefined;
};

/** A numbered listing. Wide lines scroll inside it; on the phone they wrap. */
export function ConfigLines({ label, lines, hits, current }: ConfigLinesProps) {
  const phone = usePhone();
  const marked = new Set(hits);
  const widest = lines.reduce((most, line) => Math.max(most, line.length), 1);
  return (
    <Windowed
      label={label}
      className={`ns-cfg-text${phone ? " wrap" : ""}`}
      count={lines.length}
      estimate={19}
      maxHeight="none"
      scrollTo={current ?? null}
      {...(phone ? {} : { minWidth: `calc(${widest}ch + 64px)` })}
    >
      {(index) => (
        <div className={`ns-cl${marked.has(index) ? " hit" : ""}${index === current ? " now" : ""}`}>
          <span className="g" aria-hidden="true">
            {index + 1}
          </span>
          <span className="x">
            <ConfigLine text={lines[index] ?? ""} />
          </span>
        </div>
      )}
    </Windowed>
  );
}
