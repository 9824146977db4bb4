import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended, launch, requireBuild, started } from './cli.fixture';
import { post, readSample, tempDir } from './gateway.fixture';

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

beforeAll(requireBuild);

describe('artel-gateway', () => {
  it('shows its variables with --help', async () => {
    const { code, stdout } = await ended(launch({}, ['--help']));
    expect(code).toBe(0);
    expect(stdout).toMatch(/GATEWAY_PORT .*4320/);
  });

  it('names the taken port and the variable in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = String(typeof address === 'object' ? address?.port : address);
    const { code, stdout, stderr } = await ended(launch({ GATEWAY_PORT: port, DATA_DIR: tempDir() }));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(`^[^\\n]*port ${port} on 127\\.0\\.0\\.1 is in use[^\\n]*GATEWAY_PORT[^\\n]*\\n$`),
    );
  });

  it('gives each bad variable a line', async () => {
    const { code, stderr } = await ended(launch({ GATEWAY_PORT: 'x', GATEWAY_ENV: 'y' }));
    expect(code).toBe(1);
    expect(stderr.split('\n').map((line) => line.slice(0, 28))).toEqual([
      'artel-gateway: GATEWAY_PORT:',
      'artel-gateway: GATEWAY_ENV: ',
      '',
    ]);
  });

  it('does not open a store that another process has open', async () => {
    const DATA_DIR = tempDir();
    const { child, url } = await started(launch({ DATA_DIR }));
    const { code, stderr } = await ended(launch({ DATA_DIR }));
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^[^\\n]*DATA_DIR: .* is in use by process ${child.pid}[^\\n]*\\n$`));
    expect((await post(url, { metrics: [{ name: 'shots' }] })).status).toBe(202);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with 0 on %s, and keeps what it has answered',
    async (signal) => {
      const DATA_DIR = tempDir();
      const { child, url } = await started(launch({ DATA_DIR }));
      const answers = Array.from({ length: 20 }, () =>
        post(url, { metrics: [{ name: 'shots' }] }).then(
          ({ status }) => status === 202,
          () => false,
        ),
      );
      await answers[0];
      const end = ended(child);
      child.kill(signal);
      const { code, stderr } = await end;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const counted = (await Promise.all(answers)).filter(Boolean).length;
      const again = await started(launch({ DATA_DIR }));
      expect(await readSample(again.url, 'shots_total')).toBe(counted);
    },
  );

  it('loses nothing acknowledged and counts nothing twice over five kill -9 under load', async () => {
    const DATA_DIR = tempDir();
    const senders = Array.from({ length: 8 }, (_, i) => ({ producer: `p${i}`, seq: 1, acknowledged: 0 }));
    const send = async (sender: (typeof senders)[number], url: string): Promise<void> => {
      for (;;) {
        const { producer, seq } = sender;
        const metrics = [
          { name: 'shots', value: seq },
          { name: 'aim_ms', values: [seq, 1] },
        ];
        const answer = await post(url, { producer, seq, metrics }).catch(() => undefined);
        // The same batch again to the next process, as the client's outbox does.
        if (answer === undefined) return;
        expect(answer.status).toBe(202);
        sender.acknowledged += seq;
        sender.seq++;
      }
    };
    for (let kill = 0; kill < 5; kill++) {
      const { child, url } = await started(launch({ DATA_DIR }));
      const load = senders.map((sender) => send(sender, url));
      await new Promise((later) => setTimeout(later, 150 + kill * 37));
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await Promise.all([gone, ...load]);
    }
    const { url } = await started(launch({ DATA_DIR }));
    for (const sender of senders) {
      const { producer, seq } = sender;
      const metrics = [
        { name: 'shots', value: seq },
        { name: 'aim_ms', values: [seq, 1] },
      ];
      expect((await post(url, { producer, seq, metrics })).status).toBe(202);
      sender.acknowledged += seq;
    }
    const batches = senders.reduce((sum, { seq }) => sum + seq, 0);
    const total = senders.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
    expect(batches).toBeGreaterThan(100);
    expect(await readSample(url, 'shots_total')).toBe(total);
    expect(await readSample(url, 'aim_ms_count')).toBe(2 * batches);
    expect(await readSample(url, 'aim_ms_sum')).toBe(total + batches);
  }, 60_000);

  it.skipIf(!hasPrlimit && !process.env['CI'])(
    'answers 503 while the disk is full, counts nothing of it, and goes on when there is room',
    async () => {
      const { child, url } = await started(launch({ DATA_DIR: tempDir() }, [], 512));
      const logs = Array.from({ length: 20 }, () => ({
        level: 'info',
        message: 'm'.repeat(1_500),
        timestamp: 1,
      }));
      const batch = (seq: number): object => ({ producer: 'p1', seq, metrics: [{ name: 'shots' }], logs });
      let seq = 1;
      while (seq < 200 && (await post(url, batch(seq))).status === 202) seq++;
      expect(seq).toBeGreaterThan(1);
      expect(seq).toBeLessThan(200);
      const refused = await post(url, batch(seq));
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('2');
      expect(await readSample(url, 'shots_total')).toBe(seq - 1);
      expect((await fetch(`${url}/health/ready`)).status).toBe(503);

      spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
      expect((await post(url, batch(seq))).body).toMatchObject({ duplicate: false, accepted: 21 });
      expect((await post(url, batch(seq))).body).toMatchObject({ duplicate: true });
      expect(await readSample(url, 'shots_total')).toBe(seq);
    },
    60_000,
  );
});
