import ipaddr from "ipaddr.js";

/** Which addresses destinations may have. */
export interface AddressPolicy {
  /** @param address an IPv4 or IPv6 address in any notation, without brackets */
  allows(address: string): boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Azure's host endpoint answers every virtual machine on an address that looks public. */
const METADATA_THAT_LOOKS_PUBLIC = ["168.63.129.16"];
/** RFC 4291 §2.4: all of today's global unicast. What lies outside is special or unassigned. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** RFC 6052 §2.1: an IPv4 address in its last 32 bits. */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/**
 * Lets public addresses through and nothing else: no private, loopback, link-local, multicast,
 * reserved or tunnelling range, in whatever notation or embedding.
 * @param exceptions CIDR ranges that are let through as well, or `true` for every address
 */
export function createAddressPolicy(exceptions: readonly string[] | true): AddressPolicy {
  if (exceptions === true) return { allows: (address) => ipaddr.isValid(address) };
  const ranges = exceptions.map((range) => ipaddr.parseCIDR(range));
  return {
    allows(text) {
      if (!ipaddr.isValid(text)) return false;
      const address = plainAddress(ipaddr.process(text));
      return ranges.some((range) => isWithin(address, range)) || isPublic(address);
    },
  };
}

/** The IPv4 address that a NAT64 address stands for; any other address as it is. */
function plainAddress(address: Address): Address {
  if (!isWithin(address, NAT64)) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(-4));
}

function isWithin(address: Address, range: [Address, number]): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}

function isPublic(address: Address): boolean {
  if (address.range() !== "unicast") return false;
  if (address.kind() === "ipv6") return isWithin(address, GLOBAL_UNICAST);
  return !METADATA_THAT_LOOKS_PUBLIC.includes(address.toString());
}
