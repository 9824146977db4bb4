import { beforeAll, describe, expect, it } from 'vitest';
import { launch, requireBuild, started } from '../../fixtures/cli';
import { fileOf, samplesOf, tempDir } from '../../fixtures/gateway';
import { putLoad } from '../../fixtures/load';

beforeAll(requireBuild);

describe('a gateway with 10,000 players', () => {
  it('answers each of their batches 202 at once, and counts each once', async () => {
    // Other tests may leave it little of the machine; when it then sheds load is another test's to show.
    const GATEWAY_CONFIG = fileOf('overload:\n  delayMs: 60000\n');
    const { url } = await started(launch({ DATA_DIR: tempDir(), GATEWAY_CONFIG }));
    const report = await putLoad({
      url,
      name: 'player',
      clients: 10_000,
      flushMs: 5_000,
      flushes: 3,
      connections: 64,
    });
    expect(report.statuses).toEqual({ 202: 30_000 });
    const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
    const counted = Object.keys(report.samples).map((name) => [name, samples.get(name)]);
    expect(Object.fromEntries(counted)).toEqual(report.samples);
    expect(counted.length).toBeGreaterThan(50);
    expect(samples.get('artel_gateway_queue_records')).toBe(report.logs);
    expect(samples.get('artel_gateway_duplicates_total')).toBe(0);
  });
});
