import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readBody } from './readBody';

const bytes = (data: Uint8Array): ArrayBuffer => new Uint8Array(data).buffer;

it('reads a body that was sent as text, as bytes, and gzipped', async () => {
  const text = '{"metrics":[{"name":"шар"}]}';
  expect(await readBody(text)).toBe(text);
  expect(await readBody(bytes(new TextEncoder().encode(text)))).toBe(text);
  expect(await readBody(bytes(gzipSync(text)))).toBe(text);
  expect(await readBody(new ArrayBuffer(0))).toBe('');
});

it('rejects what only looks gzipped', async () => {
  await expect(readBody(bytes(Uint8Array.of(0x1f, 0x8b, 1, 2, 3)))).rejects.toThrow();
});
