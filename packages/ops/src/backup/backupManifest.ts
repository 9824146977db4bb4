import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { BackupError, type PartName, partNames } from './backupPart';

const MANIFEST = 'manifest.json';
const KIND = 'artel-stack-backup';
const VERSION = 1;

const file = z.object({
  path: z.string(),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[\da-f]{64}$/),
});

const schema = z.object({
  kind: z.literal(KIND),
  version: z.literal(VERSION),
  id: z.uuid(),
  taken: z.iso.datetime(),
  parts: z.partialRecord(
    z.enum(partNames),
    z.object({
      /** When this part was done: each is of its own moment. */
      taken: z.iso.datetime(),
      files: z.array(file),
    }),
  ),
});

/** What a set says of itself. */
export type BackupManifest = z.output<typeof schema>;
type FileSum = z.output<typeof file>;

async function sumOf(path: string): Promise<Pick<FileSum, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    const part: Buffer = chunk;
    bytes += part.length;
    hash.update(part);
  }
  return { bytes, sha256: hash.digest('hex') };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => !item.isDirectory())
    .map((item) => join(item.parentPath, item.name))
    .sort();
}

/** Size and SHA-256 of every file of a part, by its path within the part. */
export function sumFolder(folder: string): Promise<FileSum[]> {
  return Promise.all(
    filesBelow(folder).map(async (path) => ({ path: relative(folder, path), ...(await sumOf(path)) })),
  );
}

export function makeManifest(parts: BackupManifest['parts'], now: Date): BackupManifest {
  return { kind: KIND, version: VERSION, id: randomUUID(), taken: now.toISOString(), parts };
}

export function writeManifest(set: string, manifest: BackupManifest): void {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  writeFileSync(join(set, MANIFEST), text, { flag: 'wx', mode: 0o600, flush: true });
}

/** Reads what a set says of itself. Throws a `BackupError` where it is none. */
export function readManifest(set: string): BackupManifest {
  const path = join(set, MANIFEST);
  if (!existsSync(path)) throw new BackupError(`${path}: expected the manifest of a backup, there is none`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BackupError(`${path}: expected JSON, ${error instanceof Error ? error.message : error}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'all of it'}: ${message}`,
  );
  throw new BackupError(`${path}: ${wrong.join('; ')}`);
}

/**
 * Reads every file of a set and compares it with the manifest. Throws a `BackupError` that names each that is missing,
 * damaged, or of no part of this set.
 */
export async function checkSet(set: string, { parts }: BackupManifest): Promise<void> {
  const problems: string[] = [];
  const expected = new Set([MANIFEST]);
  for (const [name, part] of Object.entries(parts)) {
    for (const { path, bytes, sha256 } of part?.files ?? []) {
      const inSet = join(name, path);
      expected.add(inSet);
      const full = join(set, inSet);
      if (!existsSync(full)) {
        problems.push(`${inSet}: is missing`);
        continue;
      }
      const found = await sumOf(full);
      if (found.bytes !== bytes) problems.push(`${inSet}: expected ${bytes} bytes, got ${found.bytes}`);
      else if (found.sha256 !== sha256)
        problems.push(`${inSet}: expected SHA-256 ${sha256}, got ${found.sha256}`);
    }
  }
  for (const path of filesBelow(set)) {
    const inSet = relative(set, path);
    if (!expected.has(inSet)) problems.push(`${inSet}: is not in the manifest; is it of another backup?`);
  }
  if (problems.length > 0) throw new BackupError(`${set} is damaged or mixed:\n${problems.join('\n')}`);
}

/** The parts of a set, in the order in which they are put back. */
export function partsOf({ parts }: BackupManifest): PartName[] {
  return partNames.filter((name) => parts[name] !== undefined);
}
