import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatDateTime } from "../../time/format-time.ts";

const words = outbound.destination;

/** Makes links to a destination's log for people who are no members, and ends them. */
export function PortalLinks({ id }: { id: string }) {
  const zone = useZone();
  const [hours, setHours] = useState("168");
  const make = useMutation({
    mutationFn: () => hub.destinations.portalLink(id, { expires_in_hours: Number(hours) }),
  });
  const revoke = useMutation({
    mutationFn: () => hub.destinations.revokePortalLinks(id),
    onSuccess: () => make.reset(),
  });
  const error = make.error ?? revoke.error;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-36">
          <FormField label={words.portalHours}>
            {(ids) => (
              <select
                {...ids}
                className="field"
                value={hours}
                onChange={({ target }) => setHours(target.value)}
              >
                {Object.entries(words.portalSpans).map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </FormField>
        </div>
        <Button
          className="h-10"
          icon="link"
          disabled={make.isPending}
          onClick={() => make.mutate()}
        >
          {words.portalMake}
        </Button>
        <ConfirmButton
          icon="cross"
          weight="ghost"
          label={words.portalRevoke}
          question={words.portalRevokeQuestion}
          disabled={revoke.isPending}
          onConfirm={() => revoke.mutate()}
        />
      </div>
      {make.data && (
        <div>
          <CopyField label={words.portalUrl} value={make.data.url} />
          <p className="mt-1 text-xs text-muted">
            {words.portalUntil(formatDateTime(make.data.expires_at, zone))}
          </p>
        </div>
      )}
      {revoke.isSuccess && make.data === undefined && (
        <output className="block text-sm text-ok">{words.portalRevoked}</output>
      )}
      {error && <ProblemPanel error={error} />}
    </div>
  );
}
