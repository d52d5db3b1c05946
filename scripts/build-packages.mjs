/**
 * `npm run build:packages`: makes of packages/contract, client and react what other people's projects
 * install: JavaScript, declarations, a manifest that names them, and a tarball each. The repository
 * itself runs the sources and needs none of it. docs/decisions/0009-published-packages.md
 *
 *     npm run build:packages                        into dist/packages
 *     npm run build:packages -- --out FOLDER
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { installPackages } from "./install.mjs";
import { Advice, fail, machinePath, node, root, run, say } from "./toolbox.mjs";

const names = ["contract", "client", "react"];
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const license = join(root, "LICENSE");

async function buildPackages(out) {
  // Only where nothing is: it would replace the modules of whatever runs here meanwhile.
  if (!existsSync(tsc)) await installPackages();
  const folders = await Promise.all(names.map((name) => buildPackage(name, join(out, name))));
  await pack(folders, out);
  say(`Packed ${names.join(", ")} into ${out}`);
}

/** @returns the folder, ready to be packed */
async function buildPackage(name, folder) {
  const source = join(root, "packages", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "dist"), { recursive: true });
  const config = join(source, "tsconfig.build.json");
  await mustRun(node, [tsc, "--pretty", "false", "-p", config, "--outDir", join(folder, "dist")]);
  const manifest = readJson(join(source, "package.json"));
  for (const style of Object.values(manifest.exports).filter((file) => file.endsWith(".css"))) {
    copyFileSync(join(source, style), join(folder, builtPath(style)));
    writeFileSync(join(folder, typesOfStyle(style)), "export {};\n");
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(publish(manifest), null, 2)}\n`);
  writeFileSync(
    join(folder, "README.md"),
    standalone(readFileSync(join(source, "README.md"), "utf8")),
  );
  copyFileSync(license, join(folder, "LICENSE"));
  return folder;
}

/** The manifest of the sources as the manifest of what was built. */
function publish(source) {
  const { private: _private, devDependencies: _devDependencies, ...manifest } = source;
  const { version, engines } = readJson(join(root, "package.json"));
  if (manifest.version !== version) {
    throw new Advice(`${manifest.name} is ${manifest.version}, and the repository ${version}.`);
  }
  return {
    ...manifest,
    engines,
    files: ["dist"],
    exports: mapValues(manifest.exports, builtExport),
    dependencies: mapValues(manifest.dependencies ?? {}, publishedRange),
  };
}

/**
 * `default` and not `import`: a CommonJS project can `require` it as well, from Node 20.19 on. Style sheets
 * have types too: without, TypeScript does not let them be imported where no bundler has declared them.
 */
function builtExport(source) {
  const built = builtPath(source);
  return built.endsWith(".css")
    ? { types: typesOfStyle(source), default: built }
    : { types: built, default: built.replace(/\.d\.ts$/, ".js") };
}

const typesOfStyle = (source) => `${builtPath(source)}.d.ts`;

const builtPath = (source) => source.replace(/^\.\/src\//, "./dist/").replace(/\.tsx?$/, ".d.ts");

/**
 * Our packages belong together by their exact version. Of others' any compatible release will do, so
 * that a project which uses the same one has it once.
 */
function publishedRange(version, name) {
  return name.startsWith("@slotwire/") ? version : `^${version}`;
}

/** Links out of the package lead nowhere where it is installed: their files are named instead. */
function standalone(readme) {
  return readme.replaceAll(/\[([^\]]+)\]\(((?:\.\.\/)+)([^)]+)\)/g, (_, text, __, path) =>
    text === path ? `\`${path}\`` : `${text} (\`${path}\`)`,
  );
}

/** Puts a tarball of each folder beside them, in place of those of an earlier version. */
async function pack(folders, out) {
  const earlier = readdirSync(out).filter((file) => /^slotwire-.+\.tgz$/.test(file));
  for (const file of earlier) rmSync(join(out, file));
  await mustRun("npm", ["pack", ...folders, "--ignore-scripts"], {
    cwd: out,
    // As in an installation: the machine's own npm runs on the machine's own Node.
    env: { ...process.env, PATH: machinePath(), npm_config_update_notifier: "false" },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
}

async function mustRun(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Advice(`The packages could not be built:\n\n${output.trim()}`);
  return output;
}

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

function mapValues(object, change) {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(value, key)]),
  );
}

const { values } = parseArgs({ options: { out: { type: "string" } } });
await buildPackages(resolve(values.out ?? join(root, "dist", "packages"))).catch(fail);
