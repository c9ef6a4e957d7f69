import { Button } from "@mantine/core";

export const PAGE_SIZE = 50;

/** Under a table of more than one page. */
export function Pager({
  total,
  offset,
  limit = PAGE_SIZE,
  onOffset,
}: {
  total: number;
  offset: number;
  limit?: number;
  onOffset: (offset: number) => void;
}) {
  if (total <= limit) return null;
  return (
    <nav className="ns-pager" aria-label="Pages">
      <span className="sm t3 num">
        {offset + 1}–{Math.min(total, offset + limit)} of {total.toLocaleString("en")}
      </span>
      <span className="row g4 end">
        <Button size="xs" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - limit))}>
          Previous
        </Button>
        <Button size="xs" disabled={offset + limit >= total} onClick={() => onOffset(offset + limit)}>
          Next
        </Button>
      </span>
    </nav>
  );
}
