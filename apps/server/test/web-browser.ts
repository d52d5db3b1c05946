import type { App } from "../src/http/app.types.ts";
import { newAddress } from "./person-fixture.ts";

type Answer = Awaited<ReturnType<App["inject"]>>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A browser on the hub's pages that keeps all of its cookies, by name. */
export interface WebBrowser {
  readonly cookies: Map<string, string>;
  request(method: Method, url: string, body?: object): Promise<Answer>;
}

/** Opens a browser without cookies, at an address that no other has. */
export function openWebBrowser(app: App, remoteAddress = newAddress()): WebBrowser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async request(method, url, body) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await app.inject({
        method,
        url,
        remoteAddress,
        headers: { "sec-fetch-site": "same-origin", ...(cookie === "" ? {} : { cookie }) },
        ...(body === undefined ? {} : { payload: body }),
      });
      for (const { name, value } of answer.cookies) {
        if (value === "") cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    },
  };
}
