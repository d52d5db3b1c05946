import { describe, expect, it } from "vitest";
import { createAddressPolicy } from "./address-policy.ts";

const refused = [
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "203.0.113.7",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:0:127.0.0.1",
  "64:ff9b::127.0.0.1",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b:1::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "fc00::1",
  "fd00:ec2::254",
  "ff02::1",
  "2002:7f00:1::",
  "2001:0:7f00:1::",
  "2001:db8::1",
  "100::1",
  "not an address",
  "",
];

const allowed = [
  "1.1.1.1",
  "172.32.0.1",
  "100.128.0.1",
  "2606:4700:4700::1111",
  "64:ff9b::1.1.1.1",
];

describe("which addresses may be sent to", () => {
  it.each(refused)("refuses %s", (address) => {
    expect(createAddressPolicy([]).allows(address)).toBe(false);
  });

  it.each(allowed)("allows %s", (address) => {
    expect(createAddressPolicy([]).allows(address)).toBe(true);
  });

  it("allows what the settings list, and nothing beside it", () => {
    const policy = createAddressPolicy(["10.1.0.0/16", "fd00::/8"]);
    expect(policy.allows("10.1.2.3")).toBe(true);
    expect(policy.allows("::ffff:10.1.2.3")).toBe(true);
    expect(policy.allows("fd12::1")).toBe(true);
    expect(policy.allows("10.2.0.1")).toBe(false);
    expect(policy.allows("127.0.0.1")).toBe(false);
  });

  it("allows every address when the settings say so", () => {
    expect(createAddressPolicy(true).allows("127.0.0.1")).toBe(true);
  });
});
