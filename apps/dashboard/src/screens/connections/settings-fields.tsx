import type { ConnectionKind, ConnectionResource } from "@slotwire/contract";
import { access } from "../../messages/access.ts";
import { FormField } from "../../parts/form-field.tsx";
import { textIn } from "../../parts/text-in.ts";

/** A setting that a plain field can hold. */
interface Setting {
  readonly name: string;
  readonly type: "boolean" | "string";
  /** What may be chosen; null for any text. */
  readonly choices: readonly string[] | null;
  readonly hint: string | undefined;
  readonly usual: unknown;
}

interface SettingsFieldsProps {
  kind: ConnectionKind;
  value: ConnectionResource["settings"];
  wrong: (field: string) => string | undefined;
}

/** What can be adjusted of a kind of source: its texts, choices and switches. */
export function SettingsFields({ kind, value, wrong }: SettingsFieldsProps) {
  const settings = settingsOf(kind);
  if (settings.length === 0) return null;
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1 text-sm font-medium">
        {access.connections.settingsOf(kind.label)}
      </legend>
      {settings.map((setting) => (
        <SettingField
          key={setting.name}
          setting={setting}
          value={value[setting.name] ?? setting.usual}
          error={wrong(setting.name)}
        />
      ))}
    </fieldset>
  );
}

interface SettingFieldProps {
  setting: Setting;
  value: unknown;
  error: string | undefined;
}

function SettingField({ setting, value, error }: SettingFieldProps) {
  const { name, type, choices, hint } = setting;
  const words: Readonly<Record<string, string>> = access.connections.settings;
  const label = words[name] ?? name;
  if (type === "boolean") {
    return (
      <label className="flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          name={fieldOf(name)}
          defaultChecked={value === true}
          className="mt-0.5 size-4 accent-accent"
        />
        <span>
          {label}
          {hint !== undefined && <span className="block text-xs text-muted">{hint}</span>}
        </span>
      </label>
    );
  }
  const text = typeof value === "string" ? value : "";
  return (
    <FormField label={label} hint={hint} error={error}>
      {(ids) =>
        choices === null ? (
          <input
            {...ids}
            name={fieldOf(name)}
            defaultValue={text}
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
            className="field"
          />
        ) : (
          <select {...ids} name={fieldOf(name)} defaultValue={text} className="field">
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {words[`${name}.${choice}`] ?? choice}
              </option>
            ))}
          </select>
        )
      }
    </FormField>
  );
}

/** What the fields of `SettingsFields` say; nothing for a kind without settings. */
export function settingsInForm(
  form: FormData,
  kind: ConnectionKind | undefined,
): { settings?: Record<string, unknown> } {
  const settings = kind === undefined ? [] : settingsOf(kind);
  if (settings.length === 0) return {};
  const entries = settings.map(({ name, type }) => [
    name,
    type === "boolean" ? form.has(fieldOf(name)) : textIn(form, fieldOf(name)).trim(),
  ]);
  return { settings: Object.fromEntries(entries) as Record<string, unknown> };
}

const fieldOf = (name: string): string => `setting_${name}`;

/** The settings that plain fields can hold, from their JSON Schema. */
function settingsOf({ settings_schema: schema }: ConnectionKind): Setting[] {
  const { properties } = schema ?? {};
  if (!isRecord(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isRecord(property)) return [];
    const { type, enum: choices, description, default: usual } = property;
    if (type !== "boolean" && type !== "string") return [];
    const hint = typeof description === "string" ? description : undefined;
    return [
      { name, type, hint, usual, choices: Array.isArray(choices) ? choices.map(String) : null },
    ];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
