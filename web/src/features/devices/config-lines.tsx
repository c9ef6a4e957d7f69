import { useVirtualizer } from "@tanstack/react-virtual";
import { useImperativeHandle, useRef, type Ref } from "react";
import { ConfigText } from "../../components/config-text.tsx";
import { usePhone } from "../../lib/use-phone.ts";

export type ConfigLinesHandle = { scrollTo: (line: number) => void };
const ROW = 19;

type ConfigLinesProps = {
  label: string;
  lines: string[];
  hit: number | undefined;
  hits: number[];
  ref?: Ref<ConfigLinesHandle>;
};

/** A windowed listing: ten thousand lines cost as much as fifty. Wide lines scroll here; on the phone they wrap. */
export function ConfigLines({ label, lines, hit, hits, ref }: ConfigLinesProps) {
  const phone = usePhone();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 30,
  });
  useImperativeHandle(ref, () => ({ scrollTo: (line) => rows.scrollToIndex(line, { align: "center" }) }), [rows]);
  const marked = new Set(hits);
  const widest = Math.max(1, ...lines.map((line) => line.length));
  return (
    <div
      className={`ns-code${phone ? " wrap" : ""}`}
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={label}
      data-scroll
    >
      <div
        style={{
          height: rows.getTotalSize(),
          position: "relative",
          ...(phone ? {} : { minWidth: `calc(${widest}ch + 60px)` }),
        }}
      >
        {rows.getVirtualItems().map((row) => {
          const line = lines[row.index] ?? "";
          return (
            <div
              key={row.key}
              data-index={row.index}
              ref={phone ? rows.measureElement : undefined}
              className={`ns-ln${marked.has(row.index) ? " hit" : ""}${row.index === hit ? " now" : ""}`}
              style={{ position: "absolute", top: 0, left: 0, width: "100%", transform: `translateY(${row.start}px)` }}
            >
              <span className="g" aria-hidden="true">
                {row.index + 1}
              </span>
              <span className="x">
                <ConfigText line={line} />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
