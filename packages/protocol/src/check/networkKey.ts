/** Declared here because this package compiles without the types of Node or the DOM. */
declare const URL: new (url: string) => { readonly hostname: string };

const GROUPS = 8;

/** Returns the eight numbers of an IPv6 address, or `undefined` if it is not one. */
function groupsOf(address: string): number[] | undefined {
  if (!address.includes(':') || !/^[\da-f:.]+$/i.test(address)) return undefined;
  let written: string;
  try {
    // The canonical form: lower case, without an IPv4 part (https://url.spec.whatwg.org/#ipv6-serializer).
    written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
  const [left = [], right = []] = written
    .split('::')
    .map((side) => (side === '' ? [] : side.split(':').map((group) => Number.parseInt(group, 16))));
  return [...left, ...new Array<number>(GROUPS - left.length - right.length).fill(0), ...right];
}

/**
 * Returns the network that an address stands for, as a key for limits: an IPv4 address itself, also if written as IPv6
 * (`::ffff:1.2.3.4`), and the /64 of an IPv6 address, within which a household changes its addresses freely
 * (https://www.rfc-editor.org/rfc/rfc6177). Anything else, such as a proxy's name for its sender, is its own key,
 * shortened to 64 characters.
 */
export function networkKey(address: string): string {
  const groups = groupsOf(address.split('%', 1)[0] ?? '');
  if (!groups) return address.slice(0, 64);
  const [, , , , , mapped, high = 0, low = 0] = groups;
  if (mapped === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
