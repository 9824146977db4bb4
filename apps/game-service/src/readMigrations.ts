import { readdirSync, readFileSync } from 'node:fs';

/** One numbered file of `migrations`. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly script: string;
}

// The folder stands beside both `src` and `dist`.
const folder = new URL('../migrations/', import.meta.url);

/** The migrations in the order of their numbers. */
export function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{3}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 3)),
      name: file.slice(4, -4),
      script: readFileSync(new URL(file, folder), 'utf8'),
    }));
}
