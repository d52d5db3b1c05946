import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { signInOptionsQuery } from "../api/queries.ts";
import { t } from "../messages/messages.ts";
import { Icon } from "../parts/icon.tsx";
import { useSession } from "../session/use-session.ts";

/** Reminds whoever came by a link that the link works no second time. */
export function NoPassword() {
  const { has_password: hasPassword } = useSession();
  const options = useQuery({ ...signInOptionsQuery, enabled: !hasPassword });
  // Where people sign in at a provider, an account without a password is as it should be.
  const isMissing = !hasPassword && options.data !== undefined;
  if (!isMissing || (options.data.oidc !== null && !options.data.setup)) return null;
  return (
    <aside
      aria-label={t.noPassword.label}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-raised px-4 py-2 text-sm sm:px-8"
    >
      <Icon name="key" className="size-4 text-accent" />
      <span className="min-w-0">{t.noPassword.text}</span>
      <Link to="/welcome" className="font-medium text-accent underline underline-offset-2">
        {t.noPassword.action}
      </Link>
    </aside>
  );
}
