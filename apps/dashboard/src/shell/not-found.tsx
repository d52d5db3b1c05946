import { useEffect } from "react";
import { t } from "../messages/messages.ts";
import { LinkButton } from "../parts/button.tsx";
import { Wordmark } from "./wordmark.tsx";

/** The page for addresses that lead nowhere. */
export function NotFound() {
  useEffect(() => {
    document.title = t.app.title(t.notFound.title);
  }, []);
  return (
    <main className="mx-auto flex min-h-[80dvh] max-w-md flex-col items-start justify-center gap-3 px-4 py-10">
      <Wordmark />
      <h1 className="mt-3 text-2xl font-semibold tracking-tight">{t.notFound.title}</h1>
      <p className="text-muted">{t.notFound.text}</p>
      <LinkButton to="/" weight="primary">
        {t.notFound.home}
      </LinkButton>
    </main>
  );
}
