import { useId, useState } from "react";
import { access } from "../../messages/access.ts";
import { RadioCards } from "../../parts/radio-cards.tsx";
import { useSession } from "../../session/use-session.ts";

/** What a key may do: everything, or some scopes, each with what it opens. */
export function ScopeFields({ error }: { error: string | undefined }) {
  const [choice, setChoice] = useState<"some" | "everything">("some");
  const noteId = useId();
  return (
    <div className="space-y-3">
      <RadioCards
        legend={access.keys.may}
        name="access"
        value={choice}
        words={{ some: access.keys.some, everything: access.keys.everything }}
        onChange={setChoice}
      />
      {choice === "some" && <ScopeGroups describedBy={error === undefined ? undefined : noteId} />}
      {error !== undefined && (
        <p id={noteId} role="alert" className="text-xs text-bad">
          {access.keys.scopesWrong}
        </p>
      )}
    </div>
  );
}

function ScopeGroups({ describedBy }: { describedBy: string | undefined }) {
  const { key_scopes: mayGive } = useSession();
  const groups = access.keys.groups
    .map(({ title, scopes }) => ({
      title,
      scopes: scopes.filter((scope) => mayGive.includes(scope)),
    }))
    .filter(({ scopes }) => scopes.length > 0);
  return (
    <div className="grid gap-x-6 gap-y-4 rounded-lg border border-line p-4 sm:grid-cols-2">
      {groups.map(({ title, scopes }) => (
        <fieldset key={title} aria-describedby={describedBy} className="min-w-0">
          <legend className="eyebrow mb-1">{title}</legend>
          {scopes.map((scope) => (
            <label key={scope} className="flex gap-2.5 py-1">
              <input type="checkbox" name="scopes" value={scope} className="check mt-0.5" />
              <span className="min-w-0 text-sm leading-snug">
                {access.keys.scopes[scope]}
                <code className="block text-xs text-muted">{scope}</code>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
