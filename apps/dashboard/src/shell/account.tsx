import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { hub } from "../api/hub.ts";
import { t } from "../messages/messages.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Button } from "../parts/button.tsx";
import { useSession } from "../session/use-session.ts";

/** The organisation's name, or the choice between several. */
export function OrganisationChoice() {
  const session = useSession();
  // Everything shown belongs to one organisation: another one starts with a fresh page.
  const change = useMutation({
    mutationFn: (id: string) => hub.session.switchOrganisation(id),
    onSuccess: () => window.location.assign("/"),
  });
  if (session.organisations.length < 2) {
    return <p className="truncate text-sm font-medium">{session.organisation.name}</p>;
  }
  return (
    <select
      aria-label={t.app.organisation}
      className="field min-h-9 truncate text-sm font-medium"
      value={session.organisation.id}
      disabled={change.isPending}
      onChange={(event) => change.mutate(event.target.value)}
    >
      {session.organisations.map((organisation) => (
        <option key={organisation.id} value={organisation.id}>
          {organisation.name}
        </option>
      ))}
    </select>
  );
}

/** Ends the session. */
export function SignOutButton() {
  const signOut = useMutation({
    mutationFn: () => hub.session.signOut(),
    onSettled: () => window.location.assign("/sign-in"),
  });
  return (
    <Button
      weight="ghost"
      icon="leave"
      disabled={signOut.isPending}
      onClick={() => signOut.mutate()}
    >
      {t.app.signOut}
    </Button>
  );
}

/** Who is signed in, and as what; leads to the account. `isSmall` shows only the initials. */
export function AccountLink({ isSmall = false }: { isSmall?: boolean }) {
  const { user, role } = useSession();
  if (isSmall) {
    return (
      <Link to="/account" title={user.name} className="rounded-full p-1">
        <Avatar name={user.name} />
        <span className="sr-only">{t.nav.account}</span>
      </Link>
    );
  }
  return (
    <Link
      to="/account"
      className="-mx-2.5 flex items-center gap-2.5 rounded-lg p-2.5 hover:bg-sunken"
      activeProps={{ className: "bg-accent-soft" }}
    >
      <Avatar name={user.name} />
      <span className="min-w-0 text-sm leading-tight">
        <span className="block truncate font-medium">{user.name}</span>
        <span className="text-xs text-muted">{t.roles[role]}</span>
      </span>
    </Link>
  );
}
