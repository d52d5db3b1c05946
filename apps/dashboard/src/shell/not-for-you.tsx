import { useEffect } from "react";
import { t } from "../messages/messages.ts";
import { LinkButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { useSession } from "../session/use-session.ts";

/** In the place of a screen that the role does not include. */
export function NotForYou() {
  const { role } = useSession();
  useEffect(() => {
    document.title = t.app.title(t.notForYou.title);
  }, []);
  return (
    <div className="mx-auto flex min-h-[60dvh] max-w-md flex-col items-center justify-center gap-2 text-center">
      <span className="mb-3 grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon name="shield" className="size-6" />
      </span>
      <h1 className="text-2xl font-semibold tracking-tight">{t.notForYou.title}</h1>
      <p className="text-muted">{t.notForYou.text(t.roles[role])}</p>
      <p className="mb-4 text-muted">{t.notForYou.help}</p>
      <LinkButton to="/" weight="primary">
        {t.notForYou.home}
      </LinkButton>
    </div>
  );
}
