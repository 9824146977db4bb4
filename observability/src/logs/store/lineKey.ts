import { createHash } from 'node:crypto';

const BYTES = 20;

/** The first or last key of a stream from a time on, in ns: all lines of that ns lie between the two. */
export function boundKey(stream: number, nanos: bigint): Buffer {
  const key = Buffer.alloc(BYTES);
  key.writeUInt32BE(stream, 0);
  key.writeBigUInt64BE(nanos, 4);
  return key;
}

/**
 * The key of a line: its stream, its time, and what it is. `identity` tells two lines of one ns apart, and makes a line that
 * comes again one and the same: of a file its place there, of a push its content, as Loki has it.
 */
export function lineKey(stream: number, nanos: bigint, identity: string): Buffer {
  const key = boundKey(stream, nanos);
  createHash('sha256').update(identity).digest().copy(key, 12, 0, 8);
  return key;
}

export function nanosOfKey(key: Uint8Array): bigint {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readBigUInt64BE(4);
}
