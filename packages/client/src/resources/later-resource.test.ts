import { expect, test } from "vitest";
import { createClient } from "../create-client.ts";
import { laterResource } from "./later-resource.ts";

interface Counter {
  readonly add: (by: number) => Promise<number>;
}

test("loads with the first call, and again when that failed", async () => {
  let isAway = true;
  let loads = 0;
  let sum = 0;
  const counter = laterResource<Counter>(() => {
    loads += 1;
    if (isAway) return Promise.reject(new TypeError("Failed to fetch"));
    return Promise.resolve({ add: (by) => Promise.resolve((sum += by)) });
  });
  const { add } = counter;
  expect(loads).toBe(0);
  await expect(add(1)).rejects.toThrow("Failed to fetch");
  isAway = false;
  expect(await add(2)).toBe(2);
  expect(await counter.add(3)).toBe(5);
  expect(loads).toBe(3);
});

test("loads nothing for what is there at once", async () => {
  const first = { add: (by: number) => Promise.resolve(by) };
  const counter = laterResource<Counter>(() => Promise.reject(new Error("It was loaded.")), first);
  expect(await counter.add(2)).toBe(2);
});

test("is an object like any other to the language, and its methods stay the same", async () => {
  const client = createClient();
  const awaited: unknown = await Promise.resolve(client.members);
  expect(awaited).toBe(client.members);
  expect(JSON.parse(JSON.stringify(client))).toMatchObject({ members: {} });
  expect(Object.prototype.toString.call(client.members)).toBe("[object Object]");
  const { members } = client;
  expect(Reflect.get(members, "list")).toBe(Reflect.get(members, "list"));
});

test("rejects the call of a method that there is not", async () => {
  const counter = laterResource<Counter & { readonly subtract: () => Promise<void> }>(() =>
    Promise.resolve({ add: (by: number) => Promise.resolve(by) } as never),
  );
  await expect(counter.subtract()).rejects.toThrow(TypeError);
});
