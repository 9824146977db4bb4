import { z } from 'zod';

/** What of Grafana's HTTP API is needed to say who may do what. */
export interface GrafanaApi {
  folders(): Promise<readonly { readonly uid: string; readonly title: string }[]>;
  teams(): Promise<readonly { readonly id: number; readonly name: string }[]>;
  users(): Promise<readonly { readonly userId: number; readonly login: string; readonly email: string }[]>;
  members(team: number): Promise<readonly { readonly userId: number }[]>;
  /** Returns the id of the new team. */
  addTeam(name: string): Promise<number>;
  addMember(team: number, user: number): Promise<void>;
  removeMember(team: number, user: number): Promise<void>;
  permissions(folder: string): Promise<readonly FolderPermission[]>;
  /** In place of all that the folder had. */
  setPermissions(folder: string, permissions: readonly FolderPermission[]): Promise<void>;
}

/** One grant; 1 is view, 2 is edit, 4 is admin. */
export type FolderPermission = { readonly permission: number } & (
  | { readonly teamId: number }
  | { readonly role: 'Viewer' | 'Editor' }
  | { readonly userId: number }
);

export interface GrafanaLogin {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const PAGE = 1_000;

const folder = z.object({ uid: z.string(), title: z.string() });
const team = z.object({ id: z.int(), name: z.string() });
const user = z.object({ userId: z.int(), login: z.string(), email: z.string() });
const grant = z.object({
  permission: z.int(),
  teamId: z.int().default(0),
  userId: z.int().default(0),
  role: z.enum(['Viewer', 'Editor', 'Admin', '']).default(''),
  inherited: z.boolean().default(false),
});

/** Calls a Grafana as an admin. Each call throws an error with Grafana's answer. */
export function createGrafanaApi({ url, user: login, password }: GrafanaLogin): GrafanaApi {
  const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).catch((error: unknown) => {
      const cause =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Error(`Grafana at ${url} does not answer: ${cause}`);
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`Grafana answers ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return text === '' ? undefined : JSON.parse(text);
  };

  return {
    folders: async () => z.array(folder).parse(await call('GET', `/folders?limit=${PAGE}`)),
    teams: async () =>
      z.object({ teams: z.array(team) }).parse(await call('GET', `/teams/search?perpage=${PAGE}`)).teams,
    users: async () => z.array(user).parse(await call('GET', '/org/users')),
    members: async (id) =>
      z.array(z.object({ userId: z.int() })).parse(await call('GET', `/teams/${id}/members`)),
    addTeam: async (name) =>
      z.object({ teamId: z.int() }).parse(await call('POST', '/teams', { name })).teamId,
    addMember: async (id, userId) => void (await call('POST', `/teams/${id}/members`, { userId })),
    removeMember: async (id, userId) => void (await call('DELETE', `/teams/${id}/members/${userId}`)),
    async permissions(uid) {
      const all = z.array(grant).parse(await call('GET', `/folders/${uid}/permissions`));
      return all.flatMap(({ permission, teamId, userId, role, inherited }): FolderPermission[] => {
        // An admin's is not to be taken away.
        if (inherited || role === 'Admin') return [];
        if (teamId > 0) return [{ teamId, permission }];
        if (role !== '') return [{ role, permission }];
        return userId > 0 ? [{ userId, permission }] : [];
      });
    },
    setPermissions: async (uid, items) => void (await call('POST', `/folders/${uid}/permissions`, { items })),
  };
}
