import { isIPv6 } from 'node:net';

const HEXTETS = 8;

function hextets(text: string): number[] {
  return text
    .split(':')
    .filter((part) => part !== '')
    .flatMap((part) => {
      if (!part.includes('.')) return [Number.parseInt(part, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
      return [a * 256 + b, c * 256 + d];
    });
}

function expand(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = hextets(head);
  if (tail === undefined) return left;
  const right = hextets(tail);
  return [...left, ...new Array<number>(Math.max(0, HEXTETS - left.length - right.length)).fill(0), ...right];
}

/**
 * Whom an address stands for: an IPv4 address itself, in whichever form it comes, and of an IPv6 address the /64, which is
 * the least that a household gets (https://www.rfc-editor.org/rfc/rfc6177): one that changes its last half is still one.
 * What is no address, as a proxy may name its sender, is taken as it is, shortened.
 */
export function addressKey(address: string): string {
  const bare = address.split('%', 1)[0] ?? '';
  if (!isIPv6(bare)) return address.slice(0, 64);
  const parts = expand(bare);
  const [, , , , , fifth, high = 0, low = 0] = parts;
  if (fifth === 0xffff && parts.slice(0, 5).every((part) => part === 0)) {
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
