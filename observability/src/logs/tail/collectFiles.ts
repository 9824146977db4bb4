import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LineStore } from '../store/lineStore';
import { findFiles, namesIn } from './findFiles';
import { keepLines, type Source } from './keepLines';
import { fileKey, openTail, type Tail } from './openTail';

export interface CollectFilesOptions extends Pick<Source, 'labels'> {
  readonly store: LineStore;
  /** Paths, whose last part may hold `*` and `?`. */
  readonly patterns: readonly string[];
  /** Unix time in ms. */
  readonly now: () => number;
  /** Told of what cannot be read; the rest goes on. */
  readonly complain: (message: string) => void;
}

export interface FileCollector {
  /** Looks at every file once and keeps what is new; answers how many lines that were. Never run twice at once. */
  turn(): Promise<number>;
  close(): Promise<void>;
}

/** Who has a rotated file open may write to it for so long, in ms. */
const ROTATED_MS = 5_000;

interface Watched {
  readonly tail: Tail;
  /** Since when its name means another file, or none. */
  rotatedAt?: number;
}

async function keyAt(path: string): Promise<string | undefined> {
  try {
    return fileKey(await stat(path, { bigint: true }));
  } catch {
    return undefined;
  }
}

/**
 * Follows files that grow. Lines and the place in the file are kept in one commit, so that a line is there once however
 * this ends. A file that is renamed is read to its end, under any name in its folder after a restart too.
 */
export function collectFiles(options: CollectFilesOptions): FileCollector {
  const { store, patterns, labels, now, complain } = options;
  const watched = new Map<string, Watched>();
  const complained = new Set<string>();
  let isFirst = true;

  /** Watches the file at a path; answers its key. */
  const watch = async (path: string): Promise<string | undefined> => {
    const key = await keyAt(path);
    if (key === undefined || watched.has(key)) return key;
    try {
      const tail = await openTail(path, store.position);
      watched.set(tail.key, { tail });
      complained.delete(path);
      return tail.key;
    } catch (error) {
      if (!complained.has(path)) complain(`${path} cannot be read: ${String(error)}`);
      complained.add(path);
      return undefined;
    }
  };

  /** Files that were read when this last ended, and have another name by now. */
  const findMoved = async (): Promise<void> => {
    const kept = store.positions().flatMap(({ name, value }) => {
      const path = value['path'];
      return typeof path === 'string' && !watched.has(name) ? [{ name, folder: dirname(path) }] : [];
    });
    for (const folder of new Set(kept.map((one) => one.folder))) {
      for (const file of await namesIn(folder)) {
        const path = join(folder, file);
        const key = await keyAt(path);
        if (kept.some((one) => one.folder === folder && one.name === key)) await watch(path);
      }
    }
  };

  const readTail = async ({ tail }: Watched, isLast: boolean): Promise<number> => {
    let all = 0;
    for (let piece = await tail.read(isLast); piece; piece = await tail.read(isLast)) {
      const source = { labels, metadata: { filename: tail.path }, now: BigInt(now()) * 1_000_000n };
      await keepLines(store, piece.lines, source, piece.position);
      tail.moved(piece);
      all += piece.lines.length;
    }
    return all;
  };

  const follow = async (one: Watched, isThere: boolean): Promise<number> => {
    const { tail } = one;
    if (isThere) delete one.rotatedAt;
    else one.rotatedAt ??= now();
    const read = await readTail(one, false);
    if (read > 0 && one.rotatedAt !== undefined) one.rotatedAt = now();
    if (one.rotatedAt === undefined || now() - one.rotatedAt < ROTATED_MS) return read;
    const last = await readTail(one, true);
    watched.delete(tail.key);
    await tail.close();
    await store.commit({ lines: [], forget: [tail.key] });
    return read + last;
  };

  return {
    async turn() {
      const paths = new Set((await Promise.all(patterns.map(findFiles))).flat());
      // By what they are and not by their names: a file that is renamed within the pattern is still the same.
      const there = new Set<string | undefined>();
      for (const path of paths) there.add(await watch(path));
      if (isFirst) await findMoved();
      isFirst = false;
      let all = 0;
      for (const one of [...watched.values()]) all += await follow(one, there.has(one.tail.key));
      return all;
    },
    async close() {
      await Promise.all([...watched.values()].map(({ tail }) => tail.close()));
      watched.clear();
    },
  };
}
