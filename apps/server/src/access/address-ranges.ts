import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** 96 bits stand before the IPv4 address in `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2). */
const MAPPED_PREFIX = 96;

/**
 * Whether an address lies in one of the ranges. An IPv4 address is the same one when it is
 * written as IPv6 (`::ffff:192.0.2.1`), in the address as in the ranges.
 * @param address of a connection's other end; what is no address lies nowhere
 * @param ranges single addresses, or CIDR like `203.0.113.0/24`; what is no range holds nothing
 */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address);
  return ranges.some((range) => {
    const [start, bits] = parseRange(range) ?? [null, 0];
    return start !== null && start.kind() === plain.kind() && plain.match(start, bits);
  });
}

/** No range at all means anywhere, and is kept as null. */
export function rangesOrNull(ranges: readonly string[] | null): string[] | null {
  return ranges === null || ranges.length === 0 ? null : [...ranges];
}

/** Whether every address of `range` lies in one of the ranges. Notations as above. */
export function isRangeWithin(range: string, ranges: readonly string[]): boolean {
  const inner = parseRange(range);
  if (inner === null) return false;
  return ranges.some((text) => {
    const outer = parseRange(text);
    if (outer === null || outer[0].kind() !== inner[0].kind()) return false;
    return outer[1] <= inner[1] && inner[0].match(outer[0], outer[1]);
  });
}

function parseRange(range: string): [Address, number] | null {
  if (!range.includes("/")) {
    if (!ipaddr.isValid(range)) return null;
    const address = ipaddr.process(range);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  }
  if (!ipaddr.isValidCIDR(range)) return null;
  const [start, bits] = ipaddr.parseCIDR(range);
  const isMapped = start instanceof ipaddr.IPv6 && start.isIPv4MappedAddress();
  if (!isMapped || bits < MAPPED_PREFIX) return [start, bits];
  return [start.toIPv4Address(), bits - MAPPED_PREFIX];
}
