import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FORMAT_VERSION } from './storeFormat';

/** Names within a snapshot's directory; the first is also LMDB's own name for the file in a store. */
export const DATA_FILE = 'data.mdb';
const MANIFEST_FILE = 'manifest.json';

/** Names a snapshot for what it is, whatever its directory is called. */
const KIND = 'artel-gateway-snapshot';
/** The layout of the directory and of the manifest; what lies in `data.mdb` has a format of its own. */
const VERSION = 1;

const count = z.int().min(0);

const manifestSchema = z.object({
  kind: z.literal(KIND),
  version: z.literal(VERSION),
  /** Of the gateway that took it. */
  gateway: z.string(),
  storeFormat: z.int().min(1),
  taken: z.iso.datetime(),
  /** When the last batch was committed that is in it; `null` in a store that has seen none. */
  committed: z.iso.datetime().nullable(),
  commits: count,
  /** How many there are in each of the store's tables. */
  entries: z.record(z.string(), count),
  data: z.object({ bytes: count, sha256: z.string().regex(/^[\da-f]{64}$/) }),
});

/** What a snapshot says of itself. */
export type Manifest = z.output<typeof manifestSchema>;

/** Size and SHA-256 of a file. */
export type Checksum = Manifest['data'];

/** A snapshot cannot be taken or restored; nothing has been changed. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

export function makeManifest(rest: Omit<Manifest, 'kind' | 'version'>): Manifest {
  return { kind: KIND, version: VERSION, ...rest };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SnapshotError(`${path}: expected the manifest of a snapshot, ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Reads what a snapshot says of itself. Throws when it is none, or of a gateway newer than this one. */
export function readManifest(snapshot: string): Manifest {
  const path = join(snapshot, MANIFEST_FILE);
  const parsed = manifestSchema.safeParse(parse(path));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'all of it'}: ${issue.message}`,
    );
    throw new SnapshotError(`${path}: is no manifest that this gateway knows: ${wrong.join('; ')}`);
  }
  const { storeFormat } = parsed.data;
  if (storeFormat > FORMAT_VERSION) {
    const known = `this gateway knows formats up to ${FORMAT_VERSION}; take a newer gateway`;
    throw new SnapshotError(`${path}: storeFormat: ${storeFormat}, ${known}`);
  }
  return parsed.data;
}

export async function writeManifest(snapshot: string, manifest: Manifest): Promise<void> {
  const path = join(snapshot, MANIFEST_FILE);
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`, {
    flag: 'wx',
    mode: 0o600,
    flush: true,
  });
}

export async function checksumOf(path: string): Promise<Checksum> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    const part: Buffer = chunk;
    bytes += part.length;
    hash.update(part);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Resolves when a file, or what a directory lists, is on the disk and not only in the system's memory. */
export async function flushToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
