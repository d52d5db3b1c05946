/** What a command is for, and what may follow it. */
interface CommandLine {
  readonly summary: string;
  /** How each option is written, and what it says. */
  readonly options: Readonly<Record<string, { readonly value?: string; readonly text: string }>>;
  /** A line to copy, without the program's name. */
  readonly example: string;
}

/** Every command; the program understands what stands here, and explains itself by it. */
export const commandTable = {
  serve: {
    summary: "runs the hub: dashboard, API and workers",
    options: {
      demo: { text: "adds a demo organisation whose sources keep booking" },
      "sign-in-link": { text: "prints a one-time sign-in link although an owner has a password" },
    },
    example: "serve --demo",
  },
  "db migrate": {
    summary: "brings the database to this version, and ends; `serve` does so too",
    options: {},
    example: "db migrate",
  },
  "secrets rotate": {
    summary: "encrypts every stored secret with the newest master key, and ends",
    options: {
      anyway: { text: "although a process of the hub runs that does not know the newest key" },
      "lost-key": { text: "although the old key is gone: what only it opens must be set anew" },
    },
    example: "secrets rotate",
  },
  "admin create": {
    summary: "makes somebody an owner, and prints a one-time link to sign in",
    options: {
      email: { value: "ADDRESS", text: "who it is; somebody known keeps the account" },
      name: { value: "NAME", text: "what a new account is called" },
      role: { value: "ROLE", text: "instead of owner" },
    },
    example: 'admin create --email ada@example.com --name "Ada"',
  },
  "organisations create": {
    summary: "opens another organisation, and prints a one-time link for its owner",
    options: {
      name: { value: "NAME", text: "what it is called" },
      slug: { value: "SLUG", text: "the same for addresses: lower case, digits, hyphens" },
      "owner-email": { value: "ADDRESS", text: "who owns it; somebody known keeps the account" },
    },
    example: 'organisations create --name "North" --slug north --owner-email ada@example.com',
  },
  "keys create": {
    summary: "makes an API key, and prints it this once",
    options: {
      name: { value: "NAME", text: "what it is for" },
      scopes: { value: "SCOPES", text: "what it may, separated by commas" },
      expires: { value: "TIME", text: "when it ends: 90d, 12h; never unless given" },
      organisation: { value: "SLUG", text: "whose it is; the default organisation's unless given" },
    },
    example: 'keys create --name "Web shop" --scopes bookings:read,events:read --expires 90d',
  },
} as const satisfies Record<string, CommandLine>;

export type CommandName = keyof typeof commandTable;

export const commandNames = Object.keys(commandTable) as readonly CommandName[];

/** How people start the program: npm keeps it among a clone's own, where no shell looks. */
export const program = "npx slotwire";

const settings = `The settings come from the environment, and from .env in the folder where it is called: give a
command those of the hub, SLOTWIRE_DATA_DIR or DATABASE_URL, PORT and PUBLIC_URL among them.
All of them: docs/settings.md.
`;

/** What `--help` prints. */
export function overview(): string {
  const lines = commandNames.map((name) => line(name, commandTable[name].summary));
  return `Slotwire: the self-hosted booking sync hub

${program} COMMAND [OPTIONS]

${lines.join("")}
${line("COMMAND --help", "explains a command and its options")}${line("--version", "prints the version")}
${settings}`;
}

/** What `COMMAND --help` prints. */
export function explainCommand(name: CommandName): string {
  const { summary, options, example }: CommandLine = commandTable[name];
  const lines = Object.entries(options).map(([option, { value, text }]) =>
    line(`--${option}${value === undefined ? "" : ` ${value}`}`, text),
  );
  return `${program} ${name}: ${summary}

${lines.length === 0 ? "  It takes no options.\n" : lines.join("")}
  ${program} ${example}

${settings}`;
}

const line = (left: string, right: string): string => `  ${left.padEnd(24)} ${right}\n`;
