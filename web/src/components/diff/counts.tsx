import "./diff.css";

/** `+39 −15`, for eyes and for screen readers. */
export function Counts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="nowrap">
      <span className="vh">{`${added} added, ${removed} removed`}</span>
      <span aria-hidden="true">
        <span className="ns-plus">+{added}</span> <span className="ns-minus">−{removed}</span>
      </span>
    </span>
  );
}
