import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { FolderPermission, GrafanaApi } from './grafanaApi';

const permission = z.enum(['view', 'edit']);

const accessSchema = z
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
const EVERYONE = 'everyone';

/** Who sees and changes what in Grafana. */
export type Access = z.output<typeof accessSchema>;

/** Reads a file such as `grafana/access.yaml`. Throws an error that names each field that is wrong. */
export function readAccess(path: string): Access {
  const parsed = accessSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'all of it'}: ${message}`,
  );
  throw new Error(`${path}: ${wrong.join('; ')}`);
}

const levels = { view: 1, edit: 2 } as const;

/** In an order of its own, to be compared. */
const sorted = (permissions: readonly FolderPermission[]): string =>
  JSON.stringify(permissions.map((one) => JSON.stringify(Object.entries(one).sort())).sort());

/**
 * Makes Grafana's teams, their members and the permissions of folders as in `access`, and returns a line for each change.
 * Everything is looked up first: if Grafana does not know a folder or a member it throws, names all of them, and has
 * changed nothing. A second run changes nothing. Teams and folders that are not in `access` are left alone.
 */
export async function applyAccess(
  { teams, folders }: Access,
  grafana: GrafanaApi,
): Promise<readonly string[]> {
  const [knownFolders, knownTeams, users] = await Promise.all([
    grafana.folders(),
    grafana.teams(),
    grafana.users(),
  ]);
  const missing: string[] = [];
  const wantedMembers = Object.entries(teams).map(([team, { members }]) => ({
    team,
    members: members.flatMap((name) => {
      const user = users.find(
        ({ login, email }) => login === name || email.toLowerCase() === name.toLowerCase(),
      );
      if (!user) missing.push(`teams.${team}.members: Grafana has no user ${name}`);
      return user ? [{ name, userId: user.userId }] : [];
    }),
  }));
  const wantedFolders = Object.entries(folders).flatMap(([title, grants]) => {
    const folder = knownFolders.find((one) => one.title === title);
    if (!folder) missing.push(`folders.${title}: Grafana has no such folder`);
    return folder ? [{ title, uid: folder.uid, grants }] : [];
  });
  if (missing.length > 0) throw new Error(missing.join('\n'));

  const done: string[] = [];
  const ids = new Map(knownTeams.map(({ name, id }) => [name, id]));
  for (const { team, members } of wantedMembers) {
    const id = ids.get(team) ?? (await grafana.addTeam(team));
    if (!ids.has(team)) done.push(`team ${team}: made`);
    ids.set(team, id);
    const has = new Set((await grafana.members(id)).map(({ userId }) => userId));
    for (const { name, userId } of members) {
      if (has.delete(userId)) continue;
      await grafana.addMember(id, userId);
      done.push(`team ${team}: ${name} is a member now`);
    }
    for (const userId of has) {
      await grafana.removeMember(id, userId);
      const name = users.find((user) => user.userId === userId)?.login ?? userId;
      done.push(`team ${team}: ${name} is no member any more`);
    }
  }
  for (const { title, uid, grants } of wantedFolders) {
    const wanted = Object.entries(grants).flatMap(([team, level]): FolderPermission[] => {
      const permission = levels[level];
      if (team === EVERYONE)
        return [
          { role: 'Viewer', permission },
          { role: 'Editor', permission },
        ];
      const teamId = ids.get(team);
      return teamId === undefined ? [] : [{ teamId, permission }];
    });
    if (sorted(await grafana.permissions(uid)) === sorted(wanted)) continue;
    await grafana.setPermissions(uid, wanted);
    done.push(
      `folder ${title}: ${Object.entries(grants)
        .map((grant) => grant.join(' '))
        .join(', ')}`,
    );
  }
  return done;
}
