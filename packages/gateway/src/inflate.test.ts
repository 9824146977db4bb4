import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflate } from './inflate';

/** With another size than its own in its last four bytes. */
function saying(size: number, body: Buffer): Buffer {
  const changed = Buffer.from(body);
  changed.writeUInt32LE(size, body.length - 4);
  return changed;
}

describe('a gzipped body', () => {
  it.each([0, 1, 1_000, 65_536, 65_537, 1_000_000])('of %d bytes is inflated', async (size) => {
    const plain = Buffer.alloc(size, 'abc');
    expect(await inflate(gzipSync(plain), { maxOutputLength: 1_048_576 })).toEqual(plain);
  });

  it('is bounded, whatever size it says that it has', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000));
    for (const body of [bomb, saying(10, bomb), Buffer.concat([bomb, gzipSync('small')])]) {
      await expect(inflate(body, { maxOutputLength: 100_000 })).rejects.toMatchObject({
        code: 'ERR_BUFFER_TOO_LARGE',
      });
    }
    await expect(inflate(gzipSync('abc'), { maxOutputLength: 2 })).rejects.toThrow();
  });

  it('of several members is all of them', async () => {
    const body = Buffer.concat([gzipSync(Buffer.alloc(100_000, 'a')), gzipSync('b')]);
    expect(await inflate(body, { maxOutputLength: 200_000 })).toHaveLength(100_001);
  });

  it('that is broken is refused as Node refuses it, in whichever byte', async () => {
    const right = gzipSync('{"metrics":[{"name":"shots"}]}');
    await fc.assert(
      fc.asyncProperty(fc.nat(right.length - 1), fc.nat(255), fc.nat(right.length), async (at, byte, end) => {
        const body = Buffer.from(right.subarray(0, end));
        if (at < end) body[at] = byte;
        const expected = (() => {
          try {
            return gunzipSync(body, { maxOutputLength: 1_000 });
          } catch {
            return undefined;
          }
        })();
        const answer = inflate(body, { maxOutputLength: 1_000 }).catch(() => undefined);
        expect(await answer).toEqual(expected);
      }),
    );
  });
});
