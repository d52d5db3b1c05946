import type { ApiKeyResource, CreateApiKey, CreatedApiKey } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { RangesField } from "./ranges-field.tsx";
import { RadioCards } from "../../parts/radio-cards.tsx";
import { proven } from "../../session/proof.ts";
import { keyInForm } from "./key-in-form.ts";
import { keysQuery } from "./queries.ts";
import { ScopeFields } from "./scope-fields.tsx";

interface CreateKeyDialogProps {
  onClose: () => void;
  onMade: (key: CreatedApiKey) => void;
}

const fields = [
  "name",
  "scopes",
  "expires_at",
  "allowed_ranges",
  "allowed_origins",
  "requests_per_minute",
] as const;

/** The form of a new key. */
export function CreateKeyDialog({ onClose, onMade }: CreateKeyDialogProps) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<ApiKeyResource["kind"]>("secret");
  const make = useMutation({
    mutationFn: (key: CreateApiKey) => proven(() => hub.apiKeys.create(key)),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: keysQuery.queryKey });
      onMade(made);
    },
  });
  const wrong = (field: (typeof fields)[number]) => fieldError(make.error, field);
  const isInField = fields.some((field) => wrong(field) !== undefined);
  return (
    <Dialog title={access.keys.add} onClose={onClose} isWide>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(keyInForm(new FormData(event.currentTarget), Date.now()));
        }}
      >
        <FormField label={access.keys.name} hint={access.keys.nameHint} error={wrong("name")}>
          {(ids) => (
            <input
              {...ids}
              name="name"
              required
              maxLength={100}
              autoComplete="off"
              placeholder={access.keys.namePlaceholder}
              className="field"
            />
          )}
        </FormField>
        <RadioCards
          legend={access.keys.kind}
          name="kind"
          value={kind}
          words={access.keys.kinds}
          texts={access.keys.kindTexts}
          onChange={setKind}
        />
        {kind === "secret" ? (
          <ScopeFields error={wrong("scopes")} />
        ) : (
          <FormField
            label={access.keys.origins}
            hint={access.keys.originsHint}
            error={wrong("allowed_origins")}
          >
            {(ids) => (
              <textarea
                {...ids}
                name="allowed_origins"
                rows={2}
                required
                spellCheck={false}
                className="field font-mono text-[0.8125rem]"
              />
            )}
          </FormField>
        )}
        <FormField label={access.keys.expiry} error={wrong("expires_at")}>
          {(ids) => (
            <select {...ids} name="expiry" defaultValue="365" className="field">
              {Object.entries(access.keys.expiries).map(([days, words]) => (
                <option key={days} value={days}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </FormField>
        <Limits wrong={wrong} />
        {make.error && !isInField && <ProblemPanel error={make.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={make.isPending}>
            {make.isPending ? access.keys.creating : access.keys.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What few need to set. */
function Limits({ wrong }: { wrong: (field: (typeof fields)[number]) => string | undefined }) {
  const rangesError = wrong("allowed_ranges");
  const limitError = wrong("requests_per_minute");
  return (
    <details open={(rangesError ?? limitError) !== undefined || undefined}>
      <summary className="text-sm font-medium text-accent">{access.form.advanced}</summary>
      <div className="mt-3 grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_10rem]">
        <RangesField error={rangesError} />
        <FormField label={access.keys.limit} error={limitError}>
          {(ids) => (
            <input
              {...ids}
              name="requests_per_minute"
              type="number"
              required
              min={1}
              max={100_000}
              defaultValue={600}
              className="field"
            />
          )}
        </FormField>
      </div>
    </details>
  );
}
