import { Kbd } from "../../components/bits.tsx";
import { StatusIcon } from "../../components/status.tsx";
import type { Problem } from "./problems.ts";

type Props = {
  /** There is no text yet. */
  empty: boolean;
  problems: readonly Problem[];
  onGo: (problem: Problem) => void;
  /** Leads to the field of the variable. */
  onValue: (variable: string) => void;
};

/** All that is wrong with the text, by line. */
export function ProblemsList({ empty, problems, onGo, onValue }: Props) {
  return (
    <section className="ns-tp-problems" aria-label="Problems">
      <div className="ns-tp-bar">
        <h2>Problems</h2>
        <span className="ns-tag num">{problems.length}</span>
        {problems.length > 0 && (
          <span className="row g4 end t3 only-wide">
            next <Kbd>F8</Kbd>
          </span>
        )}
      </div>
      {empty ? (
        <p className="ns-tp-fine">There is no text yet.</p>
      ) : problems.length === 0 ? (
        <p className="ns-tp-fine">
          <StatusIcon kind="ok" icon="tick" /> It reads and renders.
        </p>
      ) : (
        <ul tabIndex={0} aria-label="Problems by line">
          {problems.map((problem) => (
            <li key={`${problem.line} ${problem.message}`}>
              {problem.level === "error" ? (
                <StatusIcon kind="bad" icon="cross" />
              ) : (
                <StatusIcon kind="wait" icon="warn" />
              )}
              <span className="break">
                {problem.line !== null && (
                  <button type="button" className="lk b" onClick={() => onGo(problem)}>
                    Line {problem.line}
                  </button>
                )}{" "}
                {problem.message}
              </span>
              {problem.variable !== null && (
                <button
                  type="button"
                  className="lk nowrap"
                  aria-label={`Set it: ${problem.variable}`}
                  onClick={() => problem.variable !== null && onValue(problem.variable)}
                >
                  Set it
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
