import { useEffect } from "react";
import { t } from "../messages/messages.ts";
import { LinkButton } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";

/** The page for addresses that lead nowhere. */
export function NotFound() {
  useEffect(() => {
    document.title = t.app.title(t.notFound.title);
  }, []);
  return (
    <div className="grid min-h-[60dvh] place-items-center">
      <EmptyState icon="question" title={t.notFound.title} text={t.notFound.text}>
        <LinkButton to="/" weight="primary">
          {t.notFound.home}
        </LinkButton>
      </EmptyState>
    </div>
  );
}
