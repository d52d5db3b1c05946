import { emailSchema, nameSchema, type Role, roles } from "@slotwire/contract";
import { type AdminRequest, createAdmin } from "../access/create-admin.ts";
import { ensureDefaultOrganisation } from "../access/ensure-default-organisation.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { migrate } from "../db/migrate.ts";
import { openAlone } from "./open-alone.ts";
import type { AdminOptions } from "./parse-command.ts";
import { tellAdmitted } from "./tell-admitted.ts";
import { WrongOption } from "./wrong-option.ts";

/** Where a command writes: `print` what a program reads, `printError` what a person does. */
interface Output {
  print(text: string): void;
  printError(text: string): void;
}

/**
 * Makes somebody an owner of the default organisation, or what `--role` says, and prints a link
 * that signs them in once: alone, so that a script can take it.
 * @throws SlotwireError E_DATA_LOCKED while a hub runs on the embedded database
 * @throws SlotwireError E_CONFIG when an option is not valid; others as `createAdmin`
 */
export async function createAdminByCommand(
  config: Config,
  options: AdminOptions,
  output: Output,
  clock: Clock = systemClock,
): Promise<void> {
  const request = requestOf(options);
  const db = await openAlone(
    config,
    "Invite the person in the dashboard (Members), or stop the hub, run this again, and start it. An owner who is locked out can also start it with `npm start -- --sign-in-link`.",
  );
  try {
    await migrate(db);
    const { orgId } = await ensureDefaultOrganisation({ db }, config.timeZone);
    const { token, ...admitted } = await createAdmin({ db, clock }, { ...request, orgId });
    const what = admitted.isNew ? "is now" : "is known, and now";
    output.printError(
      `${request.email} ${what} ${request.role}.${tellAdmitted(admitted)} The link works once, within one hour:\n`,
    );
    output.print(`${config.publicUrl}/sign-in#token=${token}\n`);
  } finally {
    await db.close();
  }
}

function requestOf({ email, name, role }: AdminOptions): Omit<AdminRequest, "orgId"> {
  const address = emailSchema.safeParse(email);
  if (!address.success) throw new WrongOption("--email: an address like ada@example.com");
  const called = name === null ? null : nameSchema.safeParse(name);
  if (called?.success === false) throw new WrongOption("--name: 1 to 100 characters");
  if (!isRole(role)) throw new WrongOption(`--role: one of ${roles.join(", ")}`);
  return { email: address.data, name: called?.data ?? null, role };
}

function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}
