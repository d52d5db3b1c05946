import type { Role } from "@slotwire/contract";
import { useState } from "react";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { ChoiceRow } from "../../parts/choice-row.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { RadioCards } from "../../parts/radio-cards.tsx";
import { useMay } from "../../session/use-may.ts";

// From the catalogue, whose completeness the compiler checks: the contract's list would bring its
// validator along.
const allRoles = Object.keys(t.roles) as Role[];

/** What an invitation or a member has: a role, and what a staff member sees. */
export interface RoleChoice {
  readonly role: Role;
  readonly provider_email: string | null;
  readonly hide_contacts: boolean;
}

interface RoleFieldsProps {
  value: RoleChoice;
  /** What the hub says is wrong with the provider's e-mail. */
  providerError?: string | undefined;
  onRole?: (role: Role) => void;
}

/** The choice of a role, each with what it means, and of what a staff member sees. */
export function RoleFields({ value, providerError, onRole }: RoleFieldsProps) {
  const may = useMay();
  const [role, setRole] = useState(value.role);
  const { owner, ...others } = t.roles;
  const offered = may("owners:manage") ? { owner, ...others } : others;
  return (
    <>
      <RadioCards<Role>
        legend={access.members.role}
        name="role"
        value={role}
        words={offered}
        texts={access.roleText}
        onChange={(chosen) => {
          setRole(chosen);
          onRole?.(chosen);
        }}
      />
      {role === "staff" && (
        <div className="space-y-4 rounded-lg border border-line p-4">
          <FormField
            label={access.members.provider}
            hint={access.members.providerHint}
            error={providerError}
          >
            {(ids) => (
              <input
                {...ids}
                name="provider_email"
                type="email"
                maxLength={254}
                defaultValue={value.provider_email ?? ""}
                autoComplete="off"
                className="field"
              />
            )}
          </FormField>
          <ChoiceRow
            type="checkbox"
            name="hide_contacts"
            defaultChecked={value.hide_contacts}
            title={access.members.hideContacts}
            text={access.members.hideContactsHint}
          />
        </div>
      )}
    </>
  );
}

/** What the filled fields say. What is only asked of staff stays as it was for other roles. */
export function roleInForm(form: FormData, before: RoleChoice): RoleChoice {
  const role = allRoles.find((one) => one === form.get("role")) ?? before.role;
  const { provider_email, hide_contacts } = before;
  if (role !== "staff") return { role, provider_email, hide_contacts };
  const provider = form.get("provider_email");
  const email = typeof provider === "string" ? provider.trim() : "";
  return {
    role,
    provider_email: email === "" ? null : email,
    hide_contacts: form.get("hide_contacts") !== null,
  };
}
