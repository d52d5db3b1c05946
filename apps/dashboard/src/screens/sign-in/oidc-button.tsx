import { access } from "../../messages/access.ts";

/** Leads to the sign-in provider, and back to an address of the dashboard. */
export function OidcButton({ label, returnTo }: { label: string; returnTo: string }) {
  return (
    <>
      <p className="flex items-center gap-3 text-sm text-muted">
        <span className="h-px flex-1 bg-line" aria-hidden="true" />
        {access.signIn.or}
        <span className="h-px flex-1 bg-line" aria-hidden="true" />
      </p>
      <a
        href={`/api/v1/oidc/start?return_to=${encodeURIComponent(returnTo)}`}
        className="flex min-h-11 items-center justify-center rounded-lg border border-line-strong px-3 text-center text-sm font-medium hover:bg-raised"
      >
        {access.signIn.oidc(label)}
      </a>
    </>
  );
}
