import { describe, expect, it } from "vitest";
import { roleInForm, type RoleChoice } from "./role-fields.tsx";

function aForm(entries: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(entries)) form.append(name, value);
  return form;
}

const before: RoleChoice = {
  role: "staff",
  provider_email: "anna@salon.example",
  hide_contacts: true,
};

describe("the form of a role", () => {
  it("says what a staff member sees", () => {
    const form = aForm({ role: "staff", provider_email: " karin@salon.example " });
    expect(roleInForm(form, before)).toEqual({
      role: "staff",
      provider_email: "karin@salon.example",
      hide_contacts: false,
    });
  });

  it("takes an empty provider for none", () => {
    const form = aForm({ role: "staff", provider_email: " ", hide_contacts: "on" });
    expect(roleInForm(form, before)).toMatchObject({ provider_email: null, hide_contacts: true });
  });

  it("keeps what was set for staff while the role is another", () => {
    // A member has more than that, and the hub takes nothing else.
    const member = { ...before, name: "Anna", user_id: "1" };
    expect(roleInForm(aForm({ role: "manager" }), member)).toEqual({ ...before, role: "manager" });
  });

  it("takes no role that there is not", () => {
    expect(roleInForm(aForm({ role: "emperor" }), before).role).toBe("staff");
  });
});
