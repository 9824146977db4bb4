import { expect, it, onTestFinished } from 'vitest';
import { type Launch, launch } from './launch';
import { processorTime, whenGivenUp } from './progress';

/** Time that goes by as fast as it is asked for; `each` happens with each pause. */
function quickly(each: () => void) {
  let waited = 0;
  const wait = async (ms: number): Promise<void> => {
    waited += ms;
    each();
  };
  return { wait, waited: () => waited };
}

const never = new AbortController().signal;
const bounds = { quiet: 30_000, longest: 240_000 };

it('waits for a process that prints, or uses the processor, up to the longest', async () => {
  const signs = { printed: 0, used: 0 };
  const read = { printed: () => signs.printed, used: () => signs.used };
  const printing = quickly(() => signs.printed++);
  expect(await whenGivenUp(read, bounds, never, printing.wait)).toBe('was not there within 240 s');
  expect(printing.waited()).toBe(240_000);
  const working = quickly(() => {
    signs.used += 200;
  });
  expect(await whenGivenUp(read, bounds, never, working.wait)).toBe('was not there within 240 s');
});

it('gives up on a process that has stopped to print and hardly uses the processor', async () => {
  const signs = { printed: 0, used: 0 };
  const read = { printed: () => signs.printed, used: () => signs.used };
  const stuck = quickly(() => {
    if (signs.printed < 5) signs.printed++;
    // As a timer that nobody waits for does.
    signs.used += 10;
  });
  expect(await whenGivenUp(read, bounds, never, stuck.wait)).toBe('has made no progress for 30 s');
  expect(stuck.waited()).toBe(5 * 10_000 + 30_000);
});

/** A server that runs `script`; its time to make progress is a few seconds. */
const serverOf = (script: string, longest = 240_000): Launch => ({
  name: 'server',
  command: process.execPath,
  args: ['-e', script],
  ready: /listening/,
  patience: { quiet: 2_000, longest },
});

async function start(script: string): Promise<string> {
  const running = await launch(serverOf(script));
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  return running.output();
}

it('starts a server that takes longer than one may be quiet, as it prints what it does', async () => {
  const script = `let step = 0;
    const timer = setInterval(() => {
      console.log(step < 9 ? 'step ' + ++step : 'listening');
      if (step === 9) clearInterval(timer), setTimeout(() => console.log('listening'), 300);
    }, 300)`;
  expect(await start(script)).toBe(
    `${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => `step ${step}\n`).join('')}listening\n`,
  );
});

it.skipIf(process.platform !== 'linux')(
  'starts a server that says nothing while it, or a process of its own, is at work',
  async () => {
    const work = 'const end = performance.now() + 3_000; while (performance.now() < end);';
    const both = await Promise.all([
      start(`${work} console.log('listening')`),
      start(`require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(work)}]);
        console.log('listening')`),
    ]);
    expect(both).toEqual(['listening\n', 'listening\n']);
  },
);

it('ends a server that hangs, and throws what it has printed last', async () => {
  const hanging = `for (let line = 1; line <= 20; line++) console.log('line ' + line); setInterval(() => {}, 60_000)`;
  const lines = Array.from({ length: 8 }, (_, at) => `line ${at + 13}`).join('\n');
  await expect(launch(serverOf(hanging))).rejects.toThrow(
    new Error(`server has made no progress for 2 s\n${lines}`),
  );
  const chatting = `setInterval(() => console.log('not yet'), 100)`;
  await expect(launch(serverOf(chatting, 2_000))).rejects.toThrow('server was not there within 2 s\n');
});

it('throws at once, with the code, when a server ends before it is ready', async () => {
  await expect(launch(serverOf(`console.error('no room'); process.exit(3)`))).rejects.toThrow(
    new Error('server ended with 3\nno room'),
  );
});

it('waits for a server that still works as it is asked to end, and ends one that hangs', async () => {
  const stopping = (onSignal: string) =>
    `process.once('SIGTERM', () => { ${onSignal} }); setInterval(() => {}, 1_000); console.log('listening')`;
  const saving = await launch({
    ...serverOf(
      stopping(`let saved = 0;
      setInterval(() => { console.log('saved', ++saved); if (saved === 6) process.exit(0); }, 500)`),
    ),
    grace: 2_000,
  });
  const hanging = await launch({ ...serverOf(stopping('')), grace: 2_000 });
  expect(await Promise.all([saving.stop(), hanging.stop()])).toEqual([0, 'SIGKILL']);
});

it.skipIf(process.platform !== 'linux')(
  'reads the processor time of a process with all that it starts',
  () => {
    const before = processorTime(process.pid);
    const end = performance.now() + 200;
    while (performance.now() < end || processorTime(process.pid) === before);
    expect(processorTime(process.pid)).toBeGreaterThan(before);
    expect(processorTime(1)).toBeGreaterThanOrEqual(0);
  },
);
