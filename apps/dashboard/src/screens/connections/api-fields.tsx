import type { ConnectionResource, UpdateConnection } from "@slotwire/contract";
import { access } from "../../messages/access.ts";
import { FormField } from "../../parts/form-field.tsx";
import { textIn } from "../../parts/text-in.ts";

type Api = Pick<ConnectionResource, "has_api_key" | "api_url">;

interface ApiFieldsProps {
  value: Api;
  wrong: (field: string) => string | undefined;
}

/** How the hub calls the source: its key, and where it is. */
export function ApiFields({ value, wrong }: ApiFieldsProps) {
  const words = access.connections;
  return (
    <fieldset className="space-y-3">
      <legend className="text-sm font-medium">{words.api}</legend>
      <p className="text-sm text-muted">{words.apiText}</p>
      <FormField
        label={words.apiKey}
        hint={value.has_api_key ? words.apiKeyKept : words.apiKeyHint}
        error={wrong("api_key")}
      >
        {(ids) => (
          <input
            {...ids}
            name="api_key"
            type="password"
            minLength={8}
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
            className="field font-mono text-[0.8125rem]"
          />
        )}
      </FormField>
      {value.has_api_key && (
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" name="api_key_removed" className="size-4 accent-accent" />
          {words.apiKeyRemove}
        </label>
      )}
      <FormField label={words.apiUrl} hint={words.apiUrlHint} error={wrong("api_url")}>
        {(ids) => (
          <input
            {...ids}
            name="api_url"
            type="url"
            maxLength={500}
            defaultValue={value.api_url ?? ""}
            placeholder="https://"
            autoComplete="off"
            spellCheck={false}
            className="field font-mono text-[0.8125rem]"
          />
        )}
      </FormField>
    </fieldset>
  );
}

/** What the fields of `ApiFields` change. */
export function apiInForm(
  form: FormData,
  before: Api,
): Pick<UpdateConnection, "api_key" | "api_url"> {
  // A kind that takes no key has no such fields.
  if (!form.has("api_key")) return {};
  const key = textIn(form, "api_key").trim();
  const url = textIn(form, "api_url").trim() || null;
  return {
    ...(form.has("api_key_removed") ? { api_key: null } : key === "" ? {} : { api_key: key }),
    ...(url === before.api_url ? {} : { api_url: url }),
  };
}
