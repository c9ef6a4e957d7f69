const COLUMNS = [54, 162, 270, 378, 486, 594, 702];
/** How many steps of each row are done, and what stands after them. */
const ROWS: [done: number, next: "run" | "doubt" | "wait"][] = [
  [7, "wait"],
  [7, "wait"],
  [7, "wait"],
  [7, "wait"],
  [6, "run"],
  [5, "run"],
  [3, "wait"],
  [3, "doubt"],
  [2, "run"],
  [2, "wait"],
  [1, "wait"],
  [0, "wait"],
];

function Mark({ kind, x, y }: { kind: "done" | "run" | "doubt" | "wait"; x: number; y: number }) {
  const at = `translate(${x} ${y})`;
  if (kind === "done")
    return (
      <g transform={at} stroke="var(--ns-ok-dot)" opacity="0.75">
        <circle r="6" fill="var(--ns-bg)" />
        <path d="m-2.8.3 2 2L2.8-1.900" />
      </g>
    );
  if (kind === "run")
    return (
      <path
        transform={at}
        d="M0-6a6 6 0 1 1-5.700 4.100"
        stroke="var(--ns-run-dot)"
        strokeWidth="1.75"
        fill="var(--ns-bg)"
      />
    );
  if (kind === "doubt")
    return (
      <g transform={at} stroke="var(--ns-doubt-dot)">
        <rect x="-14" y="-14" width="28" height="28" rx="6" fill="var(--ns-doubt-bg)" />
        <path d="M-6 0h3l1.500-3M6 0H3L1.500 3M.8-2.200-.8 2.200" stroke="var(--ns-doubt)" />
      </g>
    );
  return <circle transform={at} r="6" fill="var(--ns-bg)" stroke="var(--ns-idle-dot)" strokeDasharray="2.400 2.300" />;
}

/** Devices by steps: what the run page shows, as a picture. */
export function LoginArt() {
  return (
    <svg
      viewBox="0 0 806 900"
      preserveAspectRatio="xMinYMin slice"
      aria-hidden="true"
      fill="none"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {ROWS.map(([done, next], row) => {
        const y = 76 + row * 46;
        return (
          <g key={y} opacity={row < 9 ? 1 : 1 - (row - 8) * 0.24}>
            <path d={`M44 ${y}H712`} stroke="var(--ns-line)" strokeWidth="1" />
            {COLUMNS.map((x, column) => (
              <Mark key={x} x={x} y={y} kind={column < done ? "done" : column === done ? next : "wait"} />
            ))}
          </g>
        );
      })}
    </svg>
  );
}
