import { useRouter } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { parseSearch } from "../lib/url-state.ts";

type GoProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string; replace?: boolean };

/** A link inside the app: an ordinary anchor whose plain click does not load the page again. */
export function Go({ href, replace = false, onClick, ...rest }: GoProps) {
  const router = useRouter();
  const preload = (): void => {
    const [to = "/", query = ""] = href.split("?");
    void router.preloadRoute({ to, search: parseSearch(query) }).catch(() => undefined);
  };
  const click = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    if (replace) router.history.replace(href);
    else router.history.push(href);
  };
  return <a {...rest} href={href} onClick={click} onPointerEnter={preload} />;
}

/** A link in running text: in the accent, underlined. */
export function TextLink({ className = "", ...rest }: GoProps) {
  return <Go {...rest} className={`lk u ${className}`} />;
}
