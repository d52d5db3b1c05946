import { useMutation } from "@tanstack/react-query";
import { hub } from "../api/hub.ts";
import { t } from "../messages/messages.ts";
import { Button, IconButton } from "../parts/button.tsx";
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

/** Ends the session; `isSmall` leaves the words to those who need them. */
export function SignOutButton({ isSmall = false }: { isSmall?: boolean }) {
  const signOut = useMutation({
    mutationFn: () => hub.session.signOut(),
    onSettled: () => window.location.assign("/sign-in"),
  });
  if (isSmall) {
    return <IconButton icon="leave" label={t.app.signOut} onClick={() => signOut.mutate()} />;
  }
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

/** Who is signed in, and as what. */
export function SignedInAs() {
  const session = useSession();
  return (
    <p className="min-w-0 text-sm leading-tight">
      <span className="block truncate font-medium">{session.user.name}</span>
      <span className="text-xs text-muted">{t.roles[session.role]}</span>
    </p>
  );
}
