import { describe, expect, it } from "vitest";
import { createAddressPolicy } from "../network/address-policy.ts";
import { checkAddress } from "./check-address.ts";
import type { ResolveHost } from "../network/resolve-host.ts";

const policy = createAddressPolicy([]);
const names: Readonly<Record<string, readonly string[]>> = {
  "public.example": ["93.184.215.14"],
  "mixed.example": ["93.184.215.14", "10.0.0.5"],
  localhost: ["127.0.0.1", "::1"],
  "metadata.google.internal": ["169.254.169.254"],
};

const resolve: ResolveHost = (hostname) => {
  const addresses = names[hostname];
  if (addresses === undefined) return Promise.reject(new Error(`ENOTFOUND ${hostname}`));
  return Promise.resolve(
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
  );
};

/** Every notation in which a private address has been smuggled past a filter. */
const hostile = [
  "http://127.0.0.1/",
  "http://127.1/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0177.0.0.1/",
  "http://0x7f.1/",
  "http://127.0.0.1./",
  "http://%31%32%37.0.0.1/",
  "http://１２７.0.0.1/",
  "http://0/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[0:0:0:0:0:ffff:7f00:1]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[fe80::1]/",
  "http://[fd00::1]/",
  "http://169.254.169.254/latest/meta-data/",
  "http://2852039166/",
  "http://10.0.0.1:8080/",
  "https://192.168.0.1/",
  "http://localhost/",
  "http://LOCALHOST:3000/",
  "http://metadata.google.internal/",
  "http://mixed.example/",
];

describe("the address of a destination", () => {
  it.each(hostile)("refuses %s", async (url) => {
    await expect(checkAddress(url, policy, resolve)).rejects.toMatchObject({
      code: "E_DESTINATION_ADDRESS",
    });
  });

  it("takes a public address, and a name that resolves to one or does not resolve yet", async () => {
    for (const url of ["https://1.1.1.1/", "https://public.example/", "https://soon.example/"]) {
      await expect(checkAddress(url, policy, resolve)).resolves.toBeUndefined();
    }
  });

  it("refuses a user name or password in the URL", async () => {
    await expect(
      checkAddress("https://me:secret@public.example/", policy, resolve),
    ).rejects.toMatchObject({ code: "E_VALIDATION" });
  });
});
