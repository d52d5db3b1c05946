import { emailSchema, nameSchema } from "@slotwire/contract";
import { createOrganisation, type OrganisationRequest } from "../access/create-organisation.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { migrate } from "../db/migrate.ts";
import { openAlone } from "./open-alone.ts";
import type { OrganisationOptions } from "./parse-command.ts";
import { tellAdmitted } from "./tell-admitted.ts";
import { WrongOption } from "./wrong-option.ts";

/** Where a command writes: `print` what a program reads, `printError` what a person does. */
interface Output {
  print(text: string): void;
  printError(text: string): void;
}

/**
 * Opens another organisation, in the time zone of the settings, and prints a link that signs its
 * owner in once: alone, so that a script can take it.
 * @throws SlotwireError E_DATA_LOCKED while a hub runs on the embedded database
 * @throws SlotwireError E_CONFIG when an option is not valid; others as `createOrganisation`
 */
export async function createOrganisationByCommand(
  config: Config,
  options: OrganisationOptions,
  output: Output,
  clock: Clock = systemClock,
): Promise<void> {
  const request = requestOf(options, config.timeZone);
  const db = await openAlone(config, "Stop the hub, run this again, and start it.");
  try {
    await migrate(db);
    const { token, ...admitted } = await createOrganisation({ db, clock }, request);
    const whose = admitted.isNew ? "a new account" : "an account that was there";
    output.printError(
      `${request.name} is open, and ${request.ownerEmail}, ${whose}, owns it.${tellAdmitted(admitted)} The link works once, within one hour:\n`,
    );
    output.print(`${config.publicUrl}/sign-in#token=${token}\n`);
  } finally {
    await db.close();
  }
}

function requestOf(
  { slug, name, ownerEmail }: OrganisationOptions,
  timeZone: string,
): OrganisationRequest {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)) {
    throw new WrongOption("--slug: up to 63 lower case letters, digits and hyphens, like north-2");
  }
  const called = nameSchema.safeParse(name);
  if (!called.success) throw new WrongOption("--name: 1 to 100 characters");
  const address = emailSchema.safeParse(ownerEmail);
  if (!address.success) throw new WrongOption("--owner-email: an address like ada@example.com");
  return { slug, name: called.data, timeZone, ownerEmail: address.data };
}
