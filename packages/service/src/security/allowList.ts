import { BlockList, isIP, isIPv4 } from 'node:net';

/** Tells whether an address is one of those that are never blocked. */
export type AllowList = (address: string) => boolean;

function complain(field: string, entry: string): never {
  throw new RangeError(
    `${field}: expected an address or a network such as 10.0.0.0/8, got ${JSON.stringify(entry)}`,
  );
}

/**
 * Reads addresses and networks in CIDR notation (`10.0.0.0/8`, `2001:db8::/32`, `127.0.0.1`). Throws a `RangeError` that
 * names the entry that is neither.
 */
export function createAllowList(entries: readonly string[]): AllowList {
  const list = new BlockList();
  for (const [at, entry] of entries.entries()) {
    const [network = '', prefix] = entry.split('/', 2);
    const version = isIP(network);
    const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix);
    const isRight = version !== 0 && prefix !== '' && Number.isInteger(bits) && bits >= 0;
    if (!isRight || bits > (version === 4 ? 32 : 128)) complain(`allow[${at}]`, entry);
    list.addSubnet(network, bits, version === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    if (entries.length === 0) return false;
    const bare = address.split('%', 1)[0] ?? '';
    // BlockList itself matches `::ffff:10.0.0.1` against IPv4 networks.
    return isIP(bare) !== 0 && list.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6');
  };
}
