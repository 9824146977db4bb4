import { createHash, randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { LineIdentity } from '../store/lineKey';
import type { Position } from '../store/tables';
import { type SplitLine, splitLines } from './splitLines';

/** What one look at a file has found. */
interface Piece {
  readonly lines: readonly (SplitLine & LineIdentity)[];
  /** To be kept together with the lines, and then told to `moved`. */
  readonly position: Position;
}

/** A file that grows. */
export interface Tail {
  /** Of the file, wherever it is moved: its device and inode. */
  readonly key: string;
  /** Where it was found. */
  readonly path: string;
  /** The next lines; `undefined` where there is nothing new. With `isLast` a line without a line break counts too. */
  read(isLast: boolean): Promise<Piece | undefined>;
  /** The piece is kept: go on behind it. */
  moved(piece: Piece): void;
  close(): Promise<void>;
}

/** Bytes read at a time, and the most of one line that are looked through for its end. */
const PIECE_BYTES = 1_048_576;
/** Bytes at the head of a file by which it is known again. */
const HEAD_BYTES = 256;

interface Place {
  /** Of the file's content: a file that is emptied and filled again is another. */
  readonly id: string;
  readonly offset: number;
  readonly head: string;
  readonly headBytes: number;
}

export function fileKey({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `file ${dev}:${ino}`;
}

function placeOf(value: Position['value'] | undefined): Place | undefined {
  const { id, offset, head, headBytes } = value ?? {};
  if (typeof id !== 'string' || typeof offset !== 'number') return undefined;
  if (typeof head !== 'string' || typeof headBytes !== 'number') return undefined;
  return { id, offset, head, headBytes };
}

function fresh(): Place {
  return { id: randomUUID(), offset: 0, head: '', headBytes: 0 };
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

async function headOf(file: FileHandle, bytes: number): Promise<string> {
  if (bytes === 0) return '';
  return createHash('sha256')
    .update(await readAt(file, 0, bytes))
    .digest('base64url');
}

/** Opens a file and goes on where `kept` says, if it still is the file that was read until there. */
export async function openTail(
  path: string,
  kept: (key: string) => Position['value'] | undefined,
): Promise<Tail> {
  const file = await open(path, 'r');
  const stats = await file.stat({ bigint: true });
  if (!stats.isFile()) {
    await file.close();
    throw new Error('it is no file');
  }
  const key = fileKey(stats);
  let place = placeOf(kept(key)) ?? fresh();
  let seen = -1;

  /** A file that was copied and emptied, or is another under the same inode, begins anew. */
  const checkPlace = async (size: number): Promise<void> => {
    if (size === seen) return;
    seen = size;
    if (size >= place.offset && (await headOf(file, place.headBytes)) === place.head) return;
    place = fresh();
  };

  return {
    key,
    path,
    async read(isLast) {
      const { size } = await file.stat();
      await checkPlace(size);
      if (size <= place.offset) return undefined;
      const piece = await readAt(file, place.offset, Math.min(PIECE_BYTES, size - place.offset));
      const isEndless = piece.length === PIECE_BYTES && !piece.includes(10);
      const isWhole = isLast && place.offset + piece.length >= size;
      const { lines, used } = splitLines(piece, isWhole || isEndless);
      if (used === 0) return undefined;
      const offset = place.offset + used;
      const headBytes = Math.min(HEAD_BYTES, offset);
      const head = headBytes === place.headBytes ? place.head : await headOf(file, headBytes);
      return {
        lines: lines.map((line) => {
          const order = place.offset + line.at;
          return { ...line, identity: `${place.id} ${order}`, order };
        }),
        position: { name: key, value: { path, id: place.id, offset, head, headBytes } },
      };
    },
    moved({ position }) {
      place = placeOf(position.value) ?? place;
    },
    close: () => file.close(),
  };
}
