import type { ReactNode } from "react";
import { Logo } from "../../app/logo.tsx";
import { ThemeSwitch } from "../../app/status-bar.tsx";
import { LoginArt } from "./login-art.tsx";
import "./auth.css";

/** Two halves: what the product does, and the form. */
export function AuthFrame({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <div className="ns-lg">
      <section className="ns-art" aria-label="About">
        <LoginArt />
        <p className="q1">Every line is planned, approved, sent, checked, and kept or taken back.</p>
        <p className="q2">And when nobody can know whether a line arrived, it says so, and reads the device back.</p>
      </section>
      <main className="ns-fm">
        <div className="ns-fm-brand">
          <Logo size={24} />
          NetStacks
        </div>
        <div className="ns-fm-in">
          <div>
            <h1>{title}</h1>
            <p className="t3">{lead}</p>
          </div>
          {children}
        </div>
        <div className="ns-fm-foot">
          <span>Use is recorded.</span>
          <ThemeSwitch className="end" />
        </div>
      </main>
    </div>
  );
}
