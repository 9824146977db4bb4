import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const permission = z.enum(['view', 'edit']);

const schema = z
  .strictObject({
    teams: z.record(
      z.string().regex(/^[a-z][a-z-]{0,30}$/),
      z.strictObject({ members: z.array(z.string().min(1)) }),
    ),
    folders: z.record(z.string(), z.record(z.string(), permission)),
  })
  .superRefine(({ teams, folders }, context) => {
    if (teams[EVERYONE])
      context.addIssue({ code: 'custom', path: ['teams', EVERYONE], message: 'is no team' });
    for (const [folder, grants] of Object.entries(folders)) {
      for (const team of Object.keys(grants)) {
        if (team === EVERYONE || teams[team]) continue;
        const known = [EVERYONE, ...Object.keys(teams)].join(', ');
        context.addIssue({
          code: 'custom',
          path: ['folders', folder, team],
          message: `expected one of ${known}`,
        });
      }
    }
  });

/** In place of a team: whoever may sign in. */
export const EVERYONE = 'everyone';

/** Who sees and changes what in Grafana. */
export type Access = z.output<typeof schema>;

/** Reads a file such as `grafana/access.yaml`. Throws an error that names each field that is wrong. */
export function readAccess(path: string): Access {
  const parsed = schema.safeParse(parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'all of it'}: ${message}`,
  );
  throw new Error(`${path}: ${wrong.join('; ')}`);
}
