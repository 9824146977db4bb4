import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Catch } from './scan';

/** Every file below `folder`. */
export function readFolder(folder: string): Catch[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ place: `file ${name}`, bytes: readFileSync(join(folder, name)) }));
}
