import { access } from "../../messages/access.ts";
import { PageHeader } from "../../parts/page-header.tsx";
import { SignOutButton } from "../../shell/account.tsx";
import { Devices } from "./devices.tsx";
import { PasswordForm } from "./password-form.tsx";
import { ProfileForm } from "./profile-form.tsx";
import { SecondFactor } from "./second-factor.tsx";

/** One's own account: who one is, and how one signs in. */
export function AccountScreen() {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title={access.account.title}>
        <span className="lg:hidden">
          <SignOutButton />
        </span>
      </PageHeader>
      <div className="space-y-8">
        <ProfileForm />
        <PasswordForm />
        <SecondFactor />
        <Devices />
      </div>
    </div>
  );
}
