import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { canaryLaunch } from './canaries';
import { scan } from './scan';

const { initData, hash, canaries } = canaryLaunch('7000000001:a-token-of-a-test');

const escaped = (text: string): string =>
  [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** By name, how bytes may hold a text. */
const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  raw: (text) => Buffer.from(text),
  'percent-encoded': (text) => Buffer.from(encodeURIComponent(text)),
  'percent-encoded twice': (text) => Buffer.from(encodeURIComponent(encodeURIComponent(text))),
  'with + for space': (text) => Buffer.from(encodeURIComponent(text).replaceAll('%20', '+')),
  JSON: (text) => Buffer.from(JSON.stringify({ text })),
  'JSON in JSON': (text) => Buffer.from(JSON.stringify(JSON.stringify({ text }))),
  'JSON with escapes': (text) => Buffer.from(`{"text":"${escaped(text)}"}`),
  'percent-encoded JSON': (text) => Buffer.from(encodeURIComponent(JSON.stringify({ text }))),
  Base64: (text) => Buffer.from(`data:${Buffer.from(text).toString('base64')}`),
  Base64url: (text) => Buffer.from(Buffer.from(`{"sub":"${text}"}`).toString('base64url')),
  'Base64 of percents': (text) => Buffer.from(Buffer.from(encodeURIComponent(text)).toString('base64')),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
  gzip: (text) => gzipSync(text),
  'gzip of JSON with percents': (text) => gzipSync(JSON.stringify({ url: `#x=${encodeURIComponent(text)}` })),
  'zlib in the middle of an envelope': (text) =>
    Buffer.concat([Buffer.from('{"type":"replay_recording"}\n{"segment_id":0}\n'), deflateSync(text)]),
  'zlib in gzip': (text) => gzipSync(deflateSync(text)),
};

for (const [encoding, encode] of Object.entries(encodings)) {
  test(`the scanner finds every canary: ${encoding}`, () => {
    for (const [canary, value] of Object.entries(canaries)) {
      const bytes = Buffer.concat([Buffer.from('xx '), encode(`before ${value} after`)]);
      const found = scan(
        [{ place: 'here', bytes: encoding === 'UTF-16' ? bytes.subarray(3) : bytes }],
        canaries,
      );
      expect([...new Set(found.map((one) => one.canary))], `${canary} ${encoding}`).toEqual([canary]);
    }
  });
}

test('the scanner finds every canary of a launch in its address, and none where there is none', () => {
  const names = Object.keys(canaries).sort();
  for (const text of [initData, hash, JSON.stringify({ initData })]) {
    const found = scan([{ place: 'here', bytes: Buffer.from(text) }], canaries);
    expect([...new Set(found.map((one) => one.canary))].sort()).toEqual(names);
  }
  const other = canaryLaunch('7000000001:a-token-of-a-test');
  expect(scan([{ place: 'here', bytes: Buffer.from(other.hash) }], canaries)).toEqual([]);
});
