import type { ApiKeyResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { Chip } from "../../parts/chip.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { proven } from "../../session/proof.ts";
import { useMay } from "../../session/use-may.ts";
import { useNow } from "../../time/use-now.ts";
import { KeysMadeBy } from "./keys-made-by.tsx";
import { keysQuery } from "./queries.ts";

/** One key: what it may do, and whether it is used. */
export function KeyRow({ apiKey }: { apiKey: ApiKeyResource }) {
  const isEnvironment = apiKey.origin === "environment";
  const may = useMay();
  return (
    <li className="px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-semibold">
            <span className="min-w-0 wrap-anywhere">{apiKey.name}</span>
            {!isEnvironment && (
              <code className="rounded bg-sunken px-1.5 py-0.5 text-xs font-normal text-muted">
                {apiKey.prefix}…
              </code>
            )}
            {apiKey.kind === "publishable" && (
              <Chip look={{ tone: "info", icon: "eye" }}>{access.keys.kinds.publishable}</Chip>
            )}
          </h2>
          {isEnvironment && (
            <p className="mt-0.5 text-sm text-muted">{access.keys.environment(apiKey.prefix)}</p>
          )}
          <Scopes apiKey={apiKey} />
          <Limits apiKey={apiKey} />
        </div>
        <div className="flex min-w-0 flex-wrap items-center gap-x-6 gap-y-2 text-sm text-muted">
          {!isEnvironment && <Use apiKey={apiKey} />}
          {!isEnvironment && may("keys:manage") && <Revoke apiKey={apiKey} />}
        </div>
      </div>
    </li>
  );
}

function Scopes({ apiKey }: { apiKey: ApiKeyResource }) {
  const isFull = apiKey.scopes.includes("admin");
  const words = isFull ? [access.keys.fullAccess] : apiKey.scopes;
  return (
    <ul className="mt-2 flex flex-wrap gap-1.5">
      {words.map((scope) => (
        <li
          key={scope}
          className={`rounded px-1.5 py-0.5 text-xs ${isFull ? "bg-warn-soft text-warn" : "bg-quiet-soft font-mono text-quiet"}`}
        >
          {scope}
        </li>
      ))}
    </ul>
  );
}

function Limits({ apiKey }: { apiKey: ApiKeyResource }) {
  const words = [
    apiKey.requests_per_minute === null ? null : access.keys.perMinute(apiKey.requests_per_minute),
    apiKey.allowed_ranges === null ? null : access.keys.ranges(apiKey.allowed_ranges.length),
    apiKey.allowed_origins?.join(", ") ?? null,
    apiKey.created_by === null ? null : access.keys.madeBy(apiKey.created_by),
    apiKey.created_by_key === null ? null : access.keys.madeWith(apiKey.created_by_key.name),
  ].filter((text) => text !== null);
  if (words.length === 0) return null;
  return <p className="mt-1.5 text-sm wrap-anywhere text-muted">{words.join(" · ")}</p>;
}

function Use({ apiKey }: { apiKey: ApiKeyResource }) {
  const now = useNow();
  const { expires_at: expires, last_used_at: used, last_used_address: address } = apiKey;
  return (
    <p className="leading-snug sm:w-40">
      <span className="block">
        {used === null ? (
          access.keys.unused
        ) : (
          <>
            {access.keys.used} <TimeAgo at={used} />
            {address !== null && ` ${access.keys.from(address)}`}
          </>
        )}
      </span>
      <span className="block">
        {expires === null && access.keys.never}
        {expires !== null && Date.parse(expires) <= now && (
          <Chip look={{ tone: "bad", icon: "clock" }}>{access.keys.expired}</Chip>
        )}
        {expires !== null && Date.parse(expires) > now && (
          <>
            {access.keys.expires} <TimeAgo at={expires} />
          </>
        )}
      </span>
    </p>
  );
}

function Revoke({ apiKey }: { apiKey: ApiKeyResource }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => proven(() => hub.apiKeys.revoke(apiKey.id)),
    onSettled: () => queries.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
  return (
    <>
      <ConfirmButton
        icon="cross"
        label={access.keys.revoke}
        fullLabel={access.keys.revokeOf(apiKey.name)}
        question={access.keys.revokeConfirm(apiKey.name)}
        disabled={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      >
        <KeysMadeBy keyId={apiKey.id} />
      </ConfirmButton>
      {revoke.error && <ProblemPanel error={revoke.error} />}
    </>
  );
}
