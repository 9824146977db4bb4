import { createLokiFake, linesOf } from '@artel/test-support/fakes/loki';
import { startTempoFake } from '@artel/test-support/fakes/tempoStore';
import { expect, it } from 'vitest';
import { policiesText } from '../../../fixtures/policiesText';
import { createProgram } from '../../../fixtures/runProgram';
import { DAY } from '../../duration';
import { lokiConfig } from '../generate/lokiConfig';
import { tempoConfig, tempoOverrides } from '../generate/tempoConfig';
import { parsePolicies } from '../readPolicies';

const policies = parsePolicies(policiesText);
const config = lokiConfig(policies, 'filesystem');

const service = { service_name: 'game-service', service: 'game-service' };
const access = { ...service, level: 'info', category: 'http_request' };
const failed = { ...service, level: 'error', category: 'http_error' };
const security = { ...service, level: 'error', category: 'security' };
const application = { ...service, level: 'info' };

/** Lines within what is kept, over it, and over it by so little that the compactor has its time. */
const lines = [
  ...linesOf(access, [1, 88, 91, 94, 300]),
  ...linesOf(failed, [94, 300, 729, 733]),
  ...linesOf(security, [94, 733]),
  ...linesOf(application, [94, 364, 369, 600]),
];

it('has Loki delete what its compactor has left, once, and of each stream only what its policy no longer keeps', async () => {
  const loki = await createLokiFake({ config, lines, orgId: 'artel' });
  const { makePlan, apply, records } = createProgram({ LOKI_URL: `${loki.url}/`, LOKI_ORG_ID: 'artel' });

  const { said, complaint } = await makePlan();
  expect(complaint).toBe('');
  expect(said).not.toContain('Runs otherwise');
  expect(said).toMatch(
    /loki, errors\n {4}\{level=~"error\|fatal", category!~"security"\}\n {4}from 2024-04-01T00:00:00Z to .*: about 1 lines of 1 streams/,
  );
  expect(said).toMatch(
    /loki, access\n {4}\{category=~"http_request\|http_response\|http_error", category!~"security", level!~"error\|fatal"\}\n.*about 2 lines/,
  );
  expect(said).toMatch(
    /loki, application\n {4}\{service_name=~"\.\+", category!~"security", .*\n.*about 2 lines/,
  );
  expect(said).not.toContain('loki, security');
  expect(loki.deletions).toEqual([]);

  const applied = await apply('--format', 'json');
  expect(applied.complaint).toBe('');
  expect(JSON.parse(applied.said)).toMatchObject({ done: 3, earlier: 0, failed: [] });
  expect(loki.deletions).toHaveLength(3);
  expect(records().filter(({ event }) => event === 'delete.done')).toEqual(
    loki.deletions.map(({ id }) => expect.objectContaining({ request: id })),
  );

  const again = await makePlan();
  expect(again.said).toContain('Nothing to delete.');
  expect(again.said).toMatch(/loki: errors: deletion \w+ is under way \(received\)/);

  loki.compact();
  expect((await makePlan()).said).toMatch(/loki: access: deletion \w+ is done\n/);
  expect(loki.deletions).toHaveLength(3);
  const ages = (labels: object) =>
    loki.lines.filter((line) => line.labels === labels).map(({ line }) => Number(/\d+/.exec(line)?.[0]));
  expect(ages(access)).toEqual([1, 88, 91]);
  expect(ages(failed)).toEqual([94, 300, 729]);
  expect(ages(security)).toEqual([94, 733]);
  expect(ages(application)).toEqual([94, 364]);
  expect(loki.faults).toEqual([]);
});

it('asks on another day only for what has become too old since', async () => {
  const now = Date.now();
  const loki = await createLokiFake({ config, lines: linesOf(failed, [733, 738, 745], now) });
  const errors = '{level=~"error|fatal", category!~"security"}';
  loki.asked(errors, Date.parse('2024-04-01'), now - 743 * DAY);
  loki.asked(errors, now - 743 * DAY, now - 740 * DAY);
  const { said } = await createProgram({ LOKI_URL: loki.url }).makePlan();
  expect(said).toContain(`from ${new Date(now - 740 * DAY).toISOString()} to `);
  expect(said).toContain('about 2 lines');
  expect(said).toContain('loki: errors: deletion earlier0, earlier1 is under way (received)');
});

it('leaves what Loki refused for another run, and asks for nothing twice', async () => {
  const loki = await createLokiFake({ config, lines });
  const { makePlan, apply } = createProgram({ LOKI_URL: loki.url });
  await makePlan();
  loki.failDeletions(1);
  const first = await apply();
  expect(first.code).toBe(1);
  expect(first.said).toContain('2 done, 0 were done before, 1 failed');
  expect(first.complaint).toMatch(
    /errors\): loki at .*: POST \/loki\/api\/v1\/delete: 500 the store of delete requests/,
  );
  expect(first.complaint).toContain('Run it again');
  const second = await apply();
  expect(second.complaint).toBe('');
  expect(second.said).toContain('1 done, 2 were done before, 0 failed');
  expect(loki.deletions).toHaveLength(3);
});

it('says where Loki runs otherwise than the policies have it', async () => {
  const [first, ...others] = config.limits_config.retention_stream;
  const loki = await createLokiFake({
    config: {
      ...config,
      limits_config: {
        ...config.limits_config,
        deletion_mode: 'disabled',
        // As Loki prints durations; the same time.
        retention_period: '8760h0m0s',
        retention_stream: [
          { ...first, period: '1y' },
          ...others,
          { selector: '{app="x"}', priority: 9, period: '1d' },
        ],
      },
      compactor: { ...config.compactor, retention_enabled: false },
    },
  });
  const { makePlan } = createProgram({ LOKI_URL: loki.url });
  const { said } = await makePlan();
  const drift = said.slice(said.indexOf('Runs otherwise')).split('\n').slice(1, -1);
  expect(drift).toEqual([
    '  loki: compactor.retention_enabled: expected true, found false',
    '  loki: limits_config.deletion_mode: expected filter-and-delete, found disabled',
    '  loki: limits_config.retention_stream {category=~"security"}: expected 61320h, priority 3, found 1y, priority 3',
    '  loki: limits_config.retention_stream {app="x"}: expected nothing, found 24h',
  ]);
});

it('says where Tempo keeps blocks for other times, which is all that can be done about traces', async () => {
  const right = await startTempoFake(tempoConfig(policies, 'filesystem'), tempoOverrides(policies));
  expect((await createProgram({ TEMPO_URL: right.url }).makePlan()).said).not.toContain('Runs otherwise');

  const wrong = await startTempoFake(
    { compactor: { compaction: { block_retention: '336h0m0s' } } },
    { overrides: { 'error-traces': { compaction: { block_retention: '48h0m0s' } } } },
  );
  const { said } = await createProgram({ TEMPO_URL: wrong.url }).makePlan();
  expect(said).toContain('tempo: multitenancy_enabled: expected true, found nothing');
  expect(said).toContain('tempo: block_retention of tenant error-traces: expected 720h, found 48h0m0s');
  expect(said).not.toContain('of tenant traces');
});

it('stops where the clock of Loki is another', async () => {
  const loki = await createLokiFake({ config, lines });
  const { makePlan } = createProgram({ LOKI_URL: loki.url }, () => Date.now() + 3 * DAY);
  const { code, complaint } = await makePlan();
  expect(code).toBe(1);
  expect(complaint).toMatch(/this machine's clock and that of loki differ by 2592\d\d s/);
});
