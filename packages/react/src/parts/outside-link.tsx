"use client";

import type { ReactElement } from "react";
import { common } from "../messages/en.ts";
import { useWords } from "../use-words.ts";

/** A link to somewhere else, in a new tab. Nothing for what is no address of the web. */
export function OutsideLink({
  href,
  children,
  of,
}: {
  readonly href: string | null | undefined;
  readonly children: string;
  /** What it belongs to, for who hears the links alone. */
  readonly of: string;
}): ReactElement | null {
  const words = useWords("common", common);
  if (href == null || !/^https?:/i.test(href)) return null;
  return (
    <a
      className="sw-link"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={words.newTab(`${children}: ${of}`)}
    >
      {children} <span aria-hidden="true">↗</span>
    </a>
  );
}
