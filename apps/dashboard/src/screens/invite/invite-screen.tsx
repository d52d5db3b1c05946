import { ApiError } from "@slotwire/client";
import type { InvitationPreview } from "@slotwire/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { isSignedOut } from "../../api/problem-of.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useAddressToken } from "../sign-in/address-token.ts";
import { EntryCard } from "../sign-in/entry-card.tsx";
import { JoinForm } from "./join-form.tsx";

const previewQuery = (token: string | null) =>
  queryOptions({
    queryKey: ["sign-in", "invitation", token],
    queryFn: async () => ({
      preview: await hub.invitations.preview(token ?? ""),
      user: await whoIsSignedIn(),
    }),
    enabled: token !== null,
    staleTime: "static",
    retry: false,
  });

async function whoIsSignedIn(): Promise<{ name: string; email: string | null } | null> {
  try {
    return (await hub.session.get()).user;
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

/** What whoever was invited sees first: to what, as what, and how to join. */
export function InviteScreen() {
  const token = useAddressToken();
  const { data, error, refetch } = useQuery(previewQuery(token));
  if (token === null) {
    return <Gone title={access.invite.noTokenTitle} text={access.invite.noTokenText} />;
  }
  if (error instanceof ApiError && (error.code === "E_INVITATION" || error.status === 422)) {
    return <Gone title={access.invite.goneTitle} text={access.invite.goneText} />;
  }
  if (data === undefined) {
    return (
      <EntryCard title={access.invite.loading}>
        {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      </EntryCard>
    );
  }
  const { preview, user } = data;
  return (
    <EntryCard title={access.invite.title(preview.organisation)}>
      <Offer preview={preview} />
      <JoinForm key={token} token={token} preview={preview} user={user} />
    </EntryCard>
  );
}

function Offer({ preview }: { preview: InvitationPreview }) {
  return (
    <dl className="space-y-3 rounded-lg bg-accent-soft p-4">
      <div>
        <dt className="eyebrow">{access.invite.invitedAs}</dt>
        <dd>
          <span className="font-semibold">{t.roles[preview.role]}</span>
          <span className="block text-sm">{access.roleText[preview.role]}</span>
        </dd>
      </div>
      <div>
        <dt className="eyebrow">{access.invite.forEmail}</dt>
        <dd className="wrap-anywhere">{preview.email}</dd>
      </div>
    </dl>
  );
}

function Gone({ title, text }: { title: string; text: string }) {
  return (
    <EntryCard title={title} text={text}>
      <Button onClick={() => window.location.assign("/sign-in")}>{access.invite.toSignIn}</Button>
    </EntryCard>
  );
}
