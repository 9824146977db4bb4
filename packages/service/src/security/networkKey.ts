import { isIPv4, isIPv6 } from 'node:net';

const GROUPS = 8;

/** The eight numbers of an IPv6 address that is known to be one. */
function groupsOf(address: string): number[] {
  const parse = (side: string): number[] =>
    side.split(':').flatMap((group) => {
      if (group === '') return [];
      if (!group.includes('.')) return [Number.parseInt(group, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      return [(a << 8) | b, (c << 8) | d];
    });
  const [before = '', after] = address.split('::', 2);
  const left = parse(before);
  if (after === undefined) return left;
  const right = parse(after);
  return [...left, ...new Array<number>(GROUPS - left.length - right.length).fill(0), ...right];
}

/**
 * Whom an address stands for: an IPv4 address itself, also where it is written as IPv6 (`::ffff:1.2.3.4`), and the /64 of an
 * IPv6 address, within which a household changes its addresses as it likes (https://www.rfc-editor.org/rfc/rfc6177).
 * What is no address is itself, shortened to 64 characters.
 */
export function networkKey(address: string): string {
  if (isIPv4(address)) return address;
  const bare = address.split('%', 1)[0] ?? '';
  if (!isIPv6(bare)) return address.slice(0, 64);
  const groups = groupsOf(bare);
  const [, , , , , mapped, high = 0, low = 0] = groups;
  if (mapped === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
