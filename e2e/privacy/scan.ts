import { gunzipSync, inflateSync, constants as zlib } from 'node:zlib';
import type { Canaries } from './canaries';

/** Where a canary was found: what it is, the place, and the words around it. */
export interface Finding {
  readonly canary: string;
  readonly place: string;
  readonly around: string;
}

/** Bytes from one place: a request, a file, a storage. */
export interface Catch {
  readonly place: string;
  readonly bytes: Buffer;
}

function decodePercents(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function decodeEscapes(text: string): string {
  return text.replace(/\\u([\da-f]{4})|\\(["\\/])/gi, (_, code?: string, sign?: string) =>
    code === undefined ? (sign ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** What runs of Base64, of either alphabet, stand for: long enough for a name, and only where something legible comes out. */
function decodeBase64(text: string): string {
  const runs = text.match(/[\w+/-]{12,}={0,2}/g) ?? [];
  // A run may begin with letters that are not of it: then it is read anew from each of the four places.
  return runs
    .flatMap((run) => [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('utf8')))
    .join('\n');
}

/** Every stream of gzip or zlib in `bytes`, wherever it begins: a recording stands in the middle of an envelope. */
function inflated(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 < bytes.length; at++) {
    const isGzip = bytes[at] === 0x1f && bytes[at + 1] === 0x8b;
    const isZlib = bytes[at] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[at + 1] ?? 0);
    if (!isGzip && !isZlib) continue;
    try {
      const options = { finishFlush: zlib.Z_SYNC_FLUSH };
      const one = isGzip ? gunzipSync(bytes.subarray(at), options) : inflateSync(bytes.subarray(at), options);
      if (one.length > 0) found.push(one);
    } catch {
      // Not a stream: two bytes that look like one's head.
    }
  }
  return found;
}

/** The text in every form that a reader would try: decoded up to twice, in any order, and Base64 of each. */
function formsOf(bytes: Buffer): string[] {
  const forms = new Set([bytes.toString('utf8'), bytes.toString('utf16le')]);
  for (let round = 0; round < 2; round++) {
    for (const form of [...forms]) {
      forms.add(decodePercents(form));
      forms.add(decodeEscapes(form));
    }
  }
  for (const form of [...forms]) {
    const told = decodeBase64(form);
    forms.add(told);
    forms.add(decodePercents(told));
  }
  return [...forms];
}

/** Looks for each canary in each form of what was caught, in streams within it too. */
export function scan(caught: readonly Catch[], canaries: Canaries): Finding[] {
  const findings = new Map<string, Finding>();
  const look = ({ place, bytes }: Catch, depth: number): void => {
    for (const form of formsOf(bytes)) {
      for (const [canary, value] of Object.entries(canaries)) {
        // A name with a space comes as `+` too, where a form encodes it.
        const at = Math.max(form.indexOf(value), form.indexOf(value.replaceAll(' ', '+')));
        if (at < 0) continue;
        const around = form.slice(Math.max(0, at - 120), at + value.length + 20);
        findings.set(`${canary} ${place}`, { canary, place, around });
      }
    }
    if (depth === 0) return;
    for (const [at, one] of inflated(bytes).entries())
      look({ place: `${place}, stream ${at + 1}`, bytes: one }, depth - 1);
  };
  for (const one of caught) look(one, 2);
  return [...findings.values()];
}

/** All text in what was caught, streams within it too: to tell that what should be there was seen. */
export function textOf(caught: readonly Catch[]): string {
  return caught
    .flatMap(({ bytes }) => [bytes, ...inflated(bytes)].map((one) => one.toString('utf8')))
    .join('\n');
}
