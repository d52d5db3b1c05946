import { expect, test } from "vitest";
import { listConnectionKinds } from "../inbox/connections/list-connection-kinds.ts";
import { connectors } from "./connectors.ts";

test("a kind is said to list bookings when its API does", () => {
  const kinds = listConnectionKinds({ connectors, config: { demo: true } });
  expect(kinds.length).toBeGreaterThan(5);
  for (const { kind, takes_api_key: takesKey, lists_bookings: lists } of kinds) {
    const { api, settings } = connectors.get(kind) ?? {};
    expect([kind, takesKey]).toEqual([kind, api !== undefined]);
    const opened = api?.open({
      baseUrl: "https://source.example",
      key: "a key of the tests",
      fetch,
      timeZone: "UTC",
      settings: settings?.safeParse({}).data ?? {},
    });
    expect([kind, lists]).toEqual([kind, opened?.listBookings !== undefined]);
  }
});

test("only the demo offers what is simulated", () => {
  const offered = (demo: boolean): string[] =>
    listConnectionKinds({ connectors, config: { demo } }).map(({ kind }) => kind);
  expect(offered(true)).toEqual([...offered(false), "memory"]);
});
