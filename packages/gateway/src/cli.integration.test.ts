import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended, launch, requireBuild, started } from '../fixtures/cli';
import { post, readSample, tempDir } from '../fixtures/gateway';

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
});
