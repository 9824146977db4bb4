import Fastify from 'fastify';
import { onTestFinished } from 'vitest';

interface Item {
  readonly permission: number;
  readonly teamId?: number;
  readonly role?: string;
}

/** What of Grafana's HTTP API is used here, as its documentation has it, over plain objects. */
export async function startFakeGrafana(password: string) {
  const state = {
    teams: [] as { id: number; name: string }[],
    members: new Map<number, Set<number>>(),
    users: [
      { userId: 1, login: 'admin', email: 'admin@localhost' },
      { userId: 2, login: 'anna', email: 'Anna@example.com' },
      { userId: 3, login: 'boris', email: 'boris@example.com' },
    ],
    folders: ['Services', 'Platform', 'Business', 'Security'].map((title, at) => ({ uid: `f${at}`, title })),
    permissions: new Map<string, readonly Item[]>(),
    /** Calls that change something. */
    changes: [] as string[],
  };
  const app = Fastify();
  const expected = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== expected)
      return reply.code(401).send({ message: 'Invalid username or password' });
    if (request.method !== 'GET') state.changes.push(`${request.method} ${request.url}`);
  });
  app.get('/api/folders', () => state.folders);
  app.get('/api/org/users', () => state.users);
  app.get('/api/teams/search', () => ({ totalCount: state.teams.length, teams: state.teams }));
  app.post<{ Body: { name: string } }>('/api/teams', ({ body: { name } }) => {
    const id = state.teams.length + 1;
    state.teams.push({ id, name });
    state.members.set(id, new Set());
    return { message: 'Team created', teamId: id };
  });
  const membersOf = (id: string) => state.members.get(Number(id)) ?? new Set<number>();
  app.get<{ Params: { id: string } }>('/api/teams/:id/members', ({ params }) =>
    [...membersOf(params.id)].map((userId) => ({ userId, teamId: Number(params.id) })),
  );
  app.post<{ Params: { id: string }; Body: { userId: number } }>(
    '/api/teams/:id/members',
    ({ params, body }) => {
      membersOf(params.id).add(body.userId);
      return { message: 'Member added to Team' };
    },
  );
  app.delete<{ Params: { id: string; user: string } }>('/api/teams/:id/members/:user', ({ params }) => {
    membersOf(params.id).delete(Number(params.user));
    return { message: 'Team Member removed' };
  });
  app.get<{ Params: { uid: string } }>('/api/folders/:uid/permissions', ({ params }) => {
    const given = state.permissions.get(params.uid) ?? [
      { role: 'Viewer', permission: 1 },
      { role: 'Editor', permission: 2 },
    ];
    return [{ role: 'Admin', permission: 4 }, ...given].map((item) => ({
      teamId: 0,
      userId: 0,
      role: '',
      ...item,
    }));
  });
  app.post<{ Params: { uid: string }; Body: { items: Item[] } }>(
    '/api/folders/:uid/permissions',
    ({ params, body }) => {
      state.permissions.set(params.uid, body.items);
      return { message: 'Folder permissions updated' };
    },
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return { url, state };
}
