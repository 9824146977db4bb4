import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineMetrics } from '@artel/telemetry-protocol';
import { describe, expect, it } from 'vitest';
import { fileOf, sampleOf, startGateway } from '../fixtures/gateway';
import { ConfigError, readConfig } from './config';

const metrics = defineMetrics({
  actions: { ball_clicked: { ball_id: 'string', power: { optional: 'number' } }, cue_chosen: {} },
  gameEvents: { eventTypes: ['ball_potted'], gameTypes: ['kolkhoz', 'pool'] },
  counters: {
    shots_total: { help: 'Shots taken.', labels: { cue: ['ash', 'oak'], table: 'string' } },
  },
  histograms: {
    aim_ms: { help: 'Time to aim.', unit: 'ms', labels: { cue: ['ash', 'oak'] }, buckets: [100, 1_000] },
    power: { help: 'Power of a shot.' },
    wait_seconds: { help: 'Wait for a partner.', unit: 'seconds' },
  },
});

/** A gateway with a configuration and, beside it, the file that it names. */
async function start(yaml: string, file = 'metrics.json', text = JSON.stringify(metrics)) {
  const path = fileOf(yaml);
  writeFileSync(join(dirname(path), file), text);
  const running = await startGateway({ GATEWAY_CONFIG: path });
  const scrape = async () => String((await running.get('/metrics')).body);
  return { ...running, path, scrape };
}

function problemsOf(yaml: string): readonly string[] {
  try {
    readConfig({ GATEWAY_CONFIG: fileOf(yaml) });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const point = (name: string, labels: Record<string, string> = {}) => ({ name, labels, value: 1 });

describe('what an app has declared', () => {
  it('makes the series: its help, its labels and no others, its buckets', async () => {
    const { post, scrape } = await start('metrics: metrics.json');
    const answer = await post({
      metrics: [
        point('shots_total', { cue: 'ash', table: 'green', ball_id: '7' }),
        { name: 'aim_ms', labels: { cue: 'oak' }, values: [50, 500, 5_000] },
        { name: 'power', value: 0.5 },
        { name: 'wait_seconds', value: 7 },
      ],
    });
    expect(answer.body).toMatchObject({ accepted: 4, rejected: [] });
    const text = await scrape();
    expect(text).toContain('# HELP shots_total Shots taken.\n# TYPE shots_total counter\n');
    expect(sampleOf(text, 'shots_total{cue="ash",table="green"}')).toBe(1);
    expect(text.match(/^aim_ms_bucket.*$/gm)).toEqual([
      'aim_ms_bucket{cue="oak",le="100"} 1',
      'aim_ms_bucket{cue="oak",le="1000"} 2',
      'aim_ms_bucket{cue="oak",le="+Inf"} 3',
    ]);
    // Neither the name nor a unit says so, the declaration alone: it is a histogram.
    expect(sampleOf(text, 'power_count')).toBe(1);
    expect(sampleOf(text, 'wait_seconds_bucket{le="10"}')).toBe(1);
    expect(sampleOf(text, 'wait_seconds_bucket{le="5"}')).toBe(0);
  });

  it('counts a value that is in no list as "other", and takes names that nobody has declared', async () => {
    const { post, scrape } = await start('metrics: metrics.json');
    const { body } = await post({
      metrics: [
        point('shots_total', { cue: 'plastic', table: 'green' }),
        point('shots_total', { table: 'green' }),
        point('user_action_total', { action: 'cue_chosen', page: '/' }),
        point('user_action_total', { action: 'page_view', page: '/' }),
        point('user_action_total', { action: 'mischief', page: '/' }),
        point('game_event_total', { event_type: 'ball_potted', game_type: 'whist' }),
        point('newcomers_total'),
      ],
    });
    expect(body).toMatchObject({ accepted: 7 });
    const text = await scrape();
    for (const series of [
      'shots_total{cue="other",table="green"}',
      'shots_total{table="green"}',
      'user_action_total{action="cue_chosen",page="/"}',
      'user_action_total{action="page_view",page="/"}',
      'user_action_total{action="other",page="/"}',
      'game_event_total{event_type="ball_potted",game_type="other"}',
      'newcomers_total',
    ])
      expect(sampleOf(text, series), series).toBe(1);
    expect(text).not.toContain('mischief');
  });

  it('is all that a strict tenant takes beside the catalogue', async () => {
    const { post, scrape } = await start('strict: true\nmetrics: metrics.json');
    const { body } = await post({
      metrics: [
        point('shots_total', { cue: 'ash' }),
        point('frontend_error_total', { error_type: 'Error', page: '/' }),
        point('newcomers_total'),
        point('shots_total', { cue: 'plastic' }),
        point('user_action_total', { action: 'mischief', page: '/' }),
        { name: 'shots_total', values: [1] },
      ],
    });
    expect(body).toMatchObject({
      accepted: 2,
      rejected: [
        {
          index: 2,
          reason: 'name: newcomers_total is not in the catalogue, and this gateway takes no other',
        },
        { index: 3, reason: 'labels.cue: plastic is not declared, and this gateway takes no other' },
        { index: 4, reason: 'labels.action: mischief is not declared, and this gateway takes no other' },
        { index: 5, reason: 'values: shots_total is a counter, it takes value' },
      ],
    });
    expect(await scrape()).not.toContain('newcomers');
  });

  it.each([
    ['metrics.mjs', `export default ${JSON.stringify(metrics)};`],
    ['metrics.mjs', `export const metrics = ${JSON.stringify(metrics)};`],
    ['metrics.cjs', `module.exports = { metrics: ${JSON.stringify(metrics)} };`],
    ['metrics.yaml', 'counters: { shots_total: { help: Shots taken., labels: { cue: string } } }'],
  ])('may stand in %s', async (file, text) => {
    const { post, scrape } = await start(`metrics: ./${file}`, file, text);
    await post({ metrics: [point('shots_total', { cue: 'ash', ball_id: '7' })] });
    expect(sampleOf(await scrape(), 'shots_total{cue="ash"}')).toBe(1);
  });

  it("is each tenant's own, in place of that of the top", async () => {
    const { post, scrape } = await start(`
metrics: metrics.json
strict: true
tenants:
  - { app: billiards, environment: test, key: pk_billiards }
  - app: darts
    environment: test
    key: pk_darts_1
    metrics: { counters: { throws_total: { help: Darts thrown. } } }
`);
    const batch = { metrics: [point('shots_total', { cue: 'ash' }), point('throws_total')] };
    expect((await post({ ...batch, key: 'pk_billiards' })).body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1 }],
    });
    expect((await post({ ...batch, key: 'pk_darts_1' })).body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0 }],
    });
    const text = await scrape();
    expect(sampleOf(text, 'throws_total{app="darts",environment="test"}')).toBe(1);
    expect(sampleOf(text, 'shots_total{app="billiards",cue="ash",environment="test"}')).toBe(1);
  });

  it('counts after a restart: until then series go on with the buckets of before', async () => {
    const { gateway, path, post, scrape, dataDir } = await start('metrics: metrics.json');
    const next = 'metrics: { histograms: { power: { help: Power., buckets: [1, 2, 3] } } }';
    await post({ metrics: [{ name: 'power', value: 0.5 }] });
    writeFileSync(path, next);
    const config = readConfig({ GATEWAY_CONFIG: path, GATEWAY_PORT: '0', DATA_DIR: dataDir });
    expect(await gateway.reload(config)).toContain('metrics');
    await post({ metrics: [{ name: 'power', value: 0.5 }] });
    expect(await scrape()).toMatch(/^power_bucket\{le="100000"\} 2$/m);
    await gateway.close();

    const again = await startGateway({ GATEWAY_CONFIG: path, DATA_DIR: dataDir });
    await again.post({ metrics: [{ name: 'power', value: 2.5 }] });
    const text = String((await again.get('/metrics')).body);
    expect(text.match(/^power_bucket.*$/gm)).toEqual([
      'power_bucket{le="1"} 0',
      'power_bucket{le="2"} 0',
      'power_bucket{le="3"} 1',
      'power_bucket{le="+Inf"} 1',
    ]);
  });
});

describe('a wrong declaration', () => {
  it('is told by its field, with what was expected and what stands there', () => {
    const problems = problemsOf(`
metrics:
  action: {}
  actions: { hit: { cue: text } }
  gameEvents: { eventTypes: [], gameTypes: [pool] }
  counters:
    shots_total: { labels: { cue: [], ok: string } }
  histograms:
    power: { help: Power., buckets: [3, 2], bucket: 1 }
    hold: { help: Hold., unit: hours }
`);
    expect(problems).toEqual(
      expect.arrayContaining([
        'metrics.action: unknown field, did you mean actions?',
        'metrics.actions.hit.cue: expected a list of the allowed texts, string, number, boolean, or one of them as {optional}, got "text"',
        'metrics.gameEvents.eventTypes: expected a list of 1 to 1000 texts of at most 256 characters, got a list',
        'metrics.counters.shots_total.help: expected a line of text, got nothing',
        'metrics.counters.shots_total.labels.cue: expected a list of 1 to 1000 texts of at most 256 characters, got a list',
        'metrics.histograms.power.buckets: expected 1 to 50 ascending numbers, got a list',
        'metrics.histograms.power.bucket: unknown field, did you mean buckets?',
        'metrics.histograms.hold.unit: expected one of ms, seconds, bytes, ratio, percent, got "hours"',
      ]),
    );
  });

  it('is told by a name that Prometheus could not take, or that says another kind or unit', () => {
    expect(
      problemsOf(`
metrics:
  counters:
    shots: { help: Shots. }
    shots_total: { help: Shots., labels: { le: string } }
    user_action_total: { help: Mine. }
    process_starts_total: { help: Mine. }
    bad-name_total: { help: Bad. }
  histograms:
    aim_total: { help: Aim. }
    wait_ms: { help: Wait., unit: seconds }
`),
    ).toEqual([
      'metrics.counters.shots_total.labels.le: "le" is reserved',
      'metrics.counters.shots: is a counter, expected a name that ends in _total',
      "metrics.counters.user_action_total: is the catalogue's own already, expected another name",
      'metrics.counters.process_starts_total: "process_starts_total" is reserved',
      'metrics.counters.bad-name_total: "bad-name_total" is not a Prometheus metric name, ^[a-zA-Z_:][\\w:]*$',
      'metrics.histograms.aim_total: is a histogram, expected a name that does not end in _total, _sum or _count',
      'metrics.histograms.wait_ms: is in seconds, expected a name that ends in _seconds',
    ]);
  });

  it('is told when its file cannot be read, in a tenant too', () => {
    expect(problemsOf('metrics: nowhere.json')).toEqual(['metrics: nowhere.json cannot be read (ENOENT)']);
    const broken = fileOf('export default {', 'metrics.mjs');
    const empty = fileOf('export const metric = {};', 'metrics.mjs');
    expect(
      problemsOf(`
tenants:
  - { app: a, environment: b, key: pk_a_b_0001, metrics: ${broken} }
  - { app: c, environment: d, key: pk_c_d_0001, metrics: ${empty} }
  - { app: e, environment: f, key: pk_e_f_0001, metrics: 7 }
`),
    ).toEqual([
      expect.stringMatching(/^tenants\[0\]\.metrics: \/.*metrics\.mjs cannot be loaded \(/),
      expect.stringMatching(/^tenants\[1\]\.metrics: \/.*expected the declaration as its default export/),
      expect.stringMatching(
        /^tenants\[2\]\.metrics: expected the path of a .* file, or a mapping of .*, got 7$/,
      ),
    ]);
  });
});
