import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type SnippetLanguage,
  verifySnippets,
} from "../apps/dashboard/src/screens/destinations/verify-snippets.ts";

/** How a language runs its snippet: the file, the lines around it, and the command. */
interface Runtime {
  readonly file: string;
  readonly more: string;
  readonly command: readonly [string, ...string[]];
  readonly probe: string;
}

const runtimes: Readonly<Record<SnippetLanguage, Runtime>> = {
  TypeScript: {
    file: "verify.mts",
    more: `\nverify(process.env.BODY, JSON.parse(process.env.HEADERS));`,
    command: [process.execPath],
    probe: "--version",
  },
  Python: {
    file: "verify.py",
    more: `\nverify(os.environ["BODY"].encode(), json.loads(os.environ["HEADERS"]))\n`,
    command: ["python3"],
    probe: "--version",
  },
  PHP: {
    file: "verify.php",
    more: `\nverify(getenv("BODY"), json_decode(getenv("HEADERS"), true));\n`,
    command: ["php"],
    probe: "--version",
  },
  Go: {
    file: "verify_test.go",
    more: `
func TestVerify(t *testing.T) {
	var given map[string]string
	json.Unmarshal([]byte(os.Getenv("HEADERS")), &given)
	headers := http.Header{}
	for name, value := range given {
		headers.Set(name, value)
	}
	if err := Verify([]byte(os.Getenv("BODY")), headers); err != nil {
		t.Fatal(err)
	}
}
`,
    command: ["go", "test"],
    probe: "version",
  },
};

/** Whether a language's runtime is on this machine. */
export function canRun(language: SnippetLanguage): boolean {
  const { command, probe } = runtimes[language];
  try {
    execFileSync(command[0], [probe], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A request as a receiver got it. */
export interface Received {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether a language's snippet takes a request for ours. */
export async function snippetAccepts(
  language: SnippetLanguage,
  secret: string,
  { body, headers }: Received,
): Promise<boolean> {
  const { file, more, command } = runtimes[language];
  // Below this folder, so that Node finds the package that its snippet asks for.
  const folder = await mkdtemp(join(import.meta.dirname, ".snippet-"));
  const path = join(folder, file);
  const [program, ...rest] = command;
  try {
    await writeFile(path, programOf(language) + more);
    const env = { SLOTWIRE_WEBHOOK_SECRET: secret, BODY: body, HEADERS: JSON.stringify(headers) };
    await promisify(execFile)(program, [...rest, path], { env: { ...process.env, ...env } });
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Go wants what the test needs at the top. */
function programOf(language: SnippetLanguage): string {
  const snippet = verifySnippets[language];
  if (language !== "Go") return snippet;
  return snippet.replace('"encoding/base64"', '"encoding/base64"\n\t"encoding/json"\n\t"testing"');
}
