import { errorTable } from "../errors.ts";
import { html, type Html } from "./html.ts";
import type { App } from "./app.types.ts";
import { documentPolicy } from "./security-headers.ts";

/** As much of an OpenAPI document as the page shows. */
interface Description {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: unknown;
}

type Content = Readonly<Record<string, { readonly schema?: unknown }>>;

const css = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 0.9rem/1.4 ui-monospace, monospace; }
pre { overflow: auto; padding: 0.75rem; border: 1px solid #8884; border-radius: 0.5rem; }
details { border-bottom: 1px solid #8884; padding: 0.5rem 0; }
summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600; }
td, th { text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; }
tr:target { outline: 2px solid; outline-offset: 2px; }
`;

/**
 * Serves the API's description: `/api/v1/openapi.json` for programs, `/api/v1/docs` for people.
 * The page is plain HTML without a script, so that it lives under the strictest policy.
 */
export function serveApiPage(app: App): void {
  app.get("/api/v1/openapi.json", (_request, reply) =>
    reply.type("application/json").send(JSON.stringify(app.swagger())),
  );
  app.get("/api/v1/docs", (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", documentPolicy)
      .send(renderPage(app.swagger() as unknown as Description)),
  );
  app.get("/api/v1/docs.css", (_request, reply) =>
    reply.type("text/css").header("cache-control", "max-age=3600").send(css),
  );
}

function renderPage({ info, paths }: Description): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => tagOf(operation)))].toSorted();
  const sections = tags.map(
    (tag) =>
      html`<h2>${tag}</h2>
        ${operations
          .filter(({ operation }) => tagOf(operation) === tag)
          .map(({ path, method, operation }) => renderOperation(path, method, operation))}`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${info.title} API</title>
        <link rel="stylesheet" href="/api/v1/docs.css" />
      </head>
      <body>
        <h1>${info.title} API</h1>
        <p>${info.description}</p>
        <p>For programs: <a href="/api/v1/openapi.json">openapi.json</a></p>
        ${sections}
        <h2>Errors</h2>
        ${renderErrors()}
      </body>
    </html>`.markup;
}

function tagOf(operation: Operation): string {
  return operation.tags?.[0] ?? "other";
}

function renderOperation(path: string, method: string, operation: Operation): Html {
  const parameters = operation.parameters ?? [];
  return html`<details>
    <summary>
      <code><span class="method">${method.toUpperCase()}</span> ${path}</code>
      ${operation.summary ?? ""}
    </summary>
    <p>${operation.description ?? ""}</p>
    ${parameters.length === 0 ? "" : renderParameters(parameters)}
    ${renderContent("Body", operation.requestBody?.content)}
    ${Object.entries(operation.responses ?? {})
      .filter(([status]) => status !== "default")
      .map(([status, response]) => renderContent(`Answer ${status}`, response.content))}
  </details>`;
}

function renderParameters(parameters: readonly Parameter[]): Html {
  return html`<table>
    ${parameters.map(
      ({ name, in: place, required, schema }) =>
        html`<tr>
          <td><code>${name}</code></td>
          <td>${place}${required === true ? ", required" : ""}</td>
          <td><code>${JSON.stringify(schema ?? {})}</code></td>
        </tr>`,
    )}
  </table>`;
}

function renderContent(title: string, content: Content | undefined): Html {
  const schemas = Object.entries(content ?? {});
  return html`${schemas.map(
    ([type, { schema }]) =>
      html`<p>${title} (<code>${type}</code>)</p>
        <pre>${JSON.stringify(schema ?? {}, null, 2)}</pre>`,
  )}`;
}

function renderErrors(): Html {
  return html`<table>
    <tr>
      <th>Code</th>
      <th>Status</th>
      <th>Meaning</th>
      <th>What to do</th>
    </tr>
    ${Object.entries(errorTable).map(
      ([code, [status, title, remedy]]) =>
        html`<tr id="${code}">
          <td><code>${code}</code></td>
          <td>${String(status)}</td>
          <td>${title}</td>
          <td>${remedy}</td>
        </tr>`,
    )}
  </table>`;
}
