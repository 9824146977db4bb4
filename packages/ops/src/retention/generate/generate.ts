import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Policies } from '../policySchema';
import { generatedFiles } from './generatedFiles';

/** Paths below `root` whose text is not what the policies make of them. */
export function staleFiles(policies: Policies, root: string): readonly string[] {
  return [...generatedFiles(policies)].flatMap(([path, text]) => {
    const at = join(root, path);
    return existsSync(at) && readFileSync(at, 'utf8') === text ? [] : [path];
  });
}

/** Writes what is stale below `root`, and answers its paths. */
export function generate(policies: Policies, root: string): readonly string[] {
  const files = generatedFiles(policies);
  const stale = staleFiles(policies, root);
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? '');
  }
  return stale;
}
