import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeGrafana } from '@artel/test-support/fakes/grafana';
import { expect, it } from 'vitest';
import { observabilityFolder } from '../../fixtures/policiesText';
import { createProgram, testFolder } from '../../fixtures/runProgram';
import { type Access, applyAccess, readAccess } from './access';
import { createGrafanaApi } from './grafanaApi';

const own = join(observabilityFolder, 'grafana/access.yaml');
const dashboards = join(observabilityFolder, 'grafana/dashboards');
const password = 'of-the-admin';

const access: Access = {
  teams: { security: { members: ['anna@example.com'] }, product: { members: ['boris'] } },
  folders: { Security: { security: 'edit' }, Services: { everyone: 'view', product: 'edit' } },
};

async function open() {
  const { url, state } = await startFakeGrafana(password);
  return { state, grafana: createGrafanaApi({ url, user: 'admin', password }), url };
}

it('makes teams, members and permissions as the file says, and the second time nothing', async () => {
  const { state, grafana } = await open();
  const done = await applyAccess(access, grafana);
  expect(done).toEqual([
    'team security: made',
    'team security: anna@example.com is a member now',
    'team product: made',
    'team product: boris is a member now',
    'folder Security: security edit',
    'folder Services: everyone view, product edit',
  ]);
  // Nobody but the team sees the security folder: neither Viewer nor Editor stands in it.
  expect(state.permissions.get('f3')).toEqual([{ teamId: 1, permission: 2 }]);
  expect(state.permissions.get('f0')).toEqual([
    { role: 'Viewer', permission: 1 },
    { role: 'Editor', permission: 1 },
    { teamId: 2, permission: 2 },
  ]);
  const changes = state.changes.length;
  expect(await applyAccess(access, grafana)).toEqual([]);
  expect(state.changes).toHaveLength(changes);
});

it('takes out of a team whoever does not stand in it, and leaves other teams alone', async () => {
  const { state, grafana } = await open();
  const guests = await grafana.addTeam('guests');
  await grafana.addMember(guests, 3);
  await applyAccess(access, grafana);
  const gone = { ...access, teams: { ...access.teams, security: { members: [] } } };
  expect(await applyAccess(gone, grafana)).toEqual(['team security: anna is no member any more']);
  expect(state.members.get(guests)).toEqual(new Set([3]));
});

it('changes nothing where Grafana does not know a user or a folder, and names all of them', async () => {
  const { state, grafana } = await open();
  const wrong: Access = {
    teams: { security: { members: ['vera'] } },
    folders: { Secrets: { security: 'edit' } },
  };
  await expect(applyAccess(wrong, grafana)).rejects.toThrow(
    'teams.security.members: Grafana has no user vera\nfolders.Secrets: Grafana has no such folder',
  );
  expect(state.changes).toEqual([]);
});

it('says what Grafana said, and not the password', async () => {
  const { url } = await open();
  const grafana = createGrafanaApi({ url, user: 'admin', password: 'another' });
  await expect(applyAccess(access, grafana)).rejects.toThrow('Grafana answers 401 to GET /folders');
  await expect(applyAccess(access, grafana)).rejects.not.toThrow('another');
});

it('names what is wrong in a file', () => {
  const path = join(testFolder(), 'access.yaml');
  writeFileSync(
    path,
    'teams: { security: { members: [] } }\nfolders: { Security: { secruity: edit, security: own } }\n',
  );
  expect(() => readAccess(path)).toThrow('folders.Security.security');
  writeFileSync(path, 'teams: { security: { members: [] } }\nfolders: { Security: { secruity: edit } }\n');
  expect(() => readAccess(path)).toThrow('folders.Security.secruity: expected one of everyone, security');
});

it('speaks in the repository’s own file of every folder of dashboards that there is', () => {
  const { folders } = readAccess(own);
  expect(Object.keys(folders).sort()).toEqual(readdirSync(dashboards).sort());
  // What the security team watches is not for everyone.
  expect(folders['Security']).not.toHaveProperty('everyone');
});

it('is a command that says what it changed, and whose password was in no file', async () => {
  const { url, state } = await startFakeGrafana(password);
  const folder = testFolder();
  const [config, secret] = [join(folder, 'access.yaml'), join(folder, 'password')];
  writeFileSync(config, JSON.stringify({ ...access, folders: {} }));
  writeFileSync(secret, `${password}\n`);
  const { run } = createProgram({ GRAFANA_URL: `${url}/`, GRAFANA_PASSWORD_FILE: secret });
  const done = await run('access', '--config', config);
  expect(done).toMatchObject({
    code: 0,
    complaint: '',
    said: expect.stringContaining('team security: made'),
  });
  expect(state.changes.length).toBeGreaterThan(0);
  expect(await run('access', '--config', config)).toMatchObject({ said: 'Everything is as it should be.\n' });
  rmSync(secret);
  expect(await run('access', '--config', config)).toMatchObject({
    code: 1,
    said: '',
    complaint: expect.stringContaining(secret),
  });
});
