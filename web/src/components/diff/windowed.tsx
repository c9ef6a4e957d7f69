import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties, type ReactNode, type UIEvent } from "react";

type Props = {
  label: string;
  className: string;
  count: number;
  /** Height of a row before it was measured. */
  estimate: number;
  /** A width no row is wider than, where rows do not wrap: the rows that are not there cannot widen the list. */
  minWidth?: string;
  maxHeight?: number | string;
  style?: CSSProperties;
  /** Brings this row into view when it changes. */
  scrollTo?: number | null;
  onScroll?: (event: UIEvent<HTMLDivElement>) => void;
  children: (index: number) => ReactNode;
};

/** A long list of which only what is seen is rendered; rows may wrap. It takes focus, so that keys scroll it. */
export function Windowed({
  label,
  className,
  count,
  estimate,
  minWidth,
  maxHeight = "min(70vh, 720px)",
  style,
  scrollTo,
  onScroll,
  children,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => estimate,
    overscan: 24,
  });
  useEffect(() => {
    // Only when asked for another row: new rows alone must not move what is being read.
    if (typeof scrollTo === "number" && scrollTo >= 0) virtual.scrollToIndex(scrollTo, { align: "center" });
  }, [scrollTo, virtual]);
  return (
    <div
      ref={box}
      className={className}
      style={{ maxHeight, ...style }}
      tabIndex={0}
      role="region"
      aria-label={label}
      {...(onScroll ? { onScroll } : {})}
    >
      <div
        style={{
          height: virtual.getTotalSize(),
          position: "relative",
          ...(minWidth === undefined ? {} : { minWidth }),
        }}
      >
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${item.start}px)` }}
          >
            {children(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
