import { createHash } from 'node:crypto';

const BYTES = 24;

/** The first or last key of a stream from a time on, in ns: all lines of that ns lie between the two. */
export function boundKey(stream: number, nanos: bigint): Buffer {
  const key = Buffer.alloc(BYTES);
  key.writeUInt32BE(stream, 0);
  key.writeBigUInt64BE(nanos, 4);
  return key;
}

/** What a line is, beside its stream and time: the same whenever it comes, and another for any other line. */
export interface LineIdentity {
  readonly identity: string;
  /** Its place among lines of the same ns, below 2^48; 0 if left out. */
  readonly order?: number;
}

/** The key of a line: its stream, its time, its place among those of that time, and what it is. */
export function lineKey(stream: number, nanos: bigint, { identity, order = 0 }: LineIdentity): Buffer {
  const key = boundKey(stream, nanos);
  key.writeUIntBE(order, 12, 6);
  createHash('sha256').update(identity).digest().copy(key, 18, 0, 6);
  return key;
}

export function nanosOfKey(key: Uint8Array): bigint {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readBigUInt64BE(4);
}
