import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pathOf } from '../programs/findProgram';
import { launch, type Running } from '../programs/launch';
import { freePort } from '../programs/port';
import { answers } from '../programs/waitUntil';
import { startServer } from '../servers/runningServer';
import { callOf, type DrivenBrowser, type Tab } from './drivenBrowser';
import { startSession, type WebDriverSession } from './webDriver';

const HOST = fileURLToPath(new URL('webkitHost.mjs', import.meta.url));

/** Ms that a page and a script may take. */
const PATIENCE = 120_000;

/** Starts an X server without a screen on a display of its own choice, which it prints. */
async function startDisplay(): Promise<Running & { readonly display: string }> {
  const number = /^\d+$/m;
  const running = await launch({
    name: 'Xvfb',
    command: pathOf('xvfb'),
    args: ['-displayfd', '1', '-screen', '0', '800x800x24', '-nolisten', 'tcp'],
    ready: number,
    group: true,
  });
  return { ...running, display: `:${number.exec(running.output())?.[0]}` };
}

function tabOf(session: WebDriverSession, handle: string): Tab {
  const switchTo = () => session.post('/window', { handle });
  return {
    async goto(url) {
      await switchTo();
      await session.post('/url', { url });
    },
    async evaluate<Result, Arg>(run: (arg: Arg) => Result | Promise<Result>, ...args: [Arg?]) {
      await switchTo();
      const script = `
        const answer = arguments[0];
        (async () => ${callOf(run, args)})()
          .then((value) => answer({ value }), (error) => answer({ error: String(error) }));
      `;
      const outcome = (await session.post('/execute/async', { script, args: [] })) as
        | { readonly value: Result }
        | { readonly error: string };
      if ('error' in outcome) throw new Error(outcome.error);
      return outcome.value;
    },
    async travel(step, url) {
      await switchTo();
      await session.post(step < 0 ? '/back' : '/forward');
      const address = await session.get('/url');
      if (address !== url) throw new Error(`expected ${url}, came to ${address}`);
    },
    async close() {
      await switchTo();
      await session.delete('/window');
    },
  };
}

/** Kills the process of a driver's group that does the network and the databases; WebKit starts another. */
function killNetworkProcess(group: number | undefined): void {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,pgid=,args='], { encoding: 'utf8' });
  for (const line of stdout.split('\n')) {
    const [pid, pgid, program = ''] = line.trim().split(/\s+/);
    if (Number(pgid) === group && program.endsWith('/WebKitNetworkProcess'))
      process.kill(Number(pid), 'SIGKILL');
  }
}

/** Starts WebKitGTK over WebDriver, on a display of its own, with a profile in a folder. */
export async function startWebKit(profile: string): Promise<DrivenBrowser> {
  const screen = await startDisplay();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // The browser and its processes are of the driver's process group, and end with it.
  const running = await startServer(
    {
      name: 'WebKitWebDriver',
      command: pathOf('webKitDriver'),
      args: [`--port=${port}`],
      env: {
        DISPLAY: screen.display,
        GDK_BACKEND: 'x11',
        // Driver and browser find each other on loopback even where `http_proxy` names a proxy.
        GIO_USE_PROXY_RESOLVER: 'dummy',
      },
      ready: () => answers(`${url}/status`),
    },
    { port, url, folder: profile },
  );
  const kill = async () => {
    await running.stop();
    await screen.stop();
  };
  try {
    const session = await startSession(url, {
      'webkitgtk:browserOptions': { binary: pathOf('gjs'), args: ['-m', HOST, profile] },
      timeouts: { script: PATIENCE, pageLoad: PATIENCE },
    });
    // Stays empty and open: a session ends with its last window, and a window is opened from another.
    const home = await session.get('/window');
    return {
      async openTab(address) {
        await session.post('/window', { handle: home });
        const { handle } = (await session.post('/window/new', { type: 'tab' })) as {
          readonly handle: string;
        };
        const tab = tabOf(session, handle);
        await tab.goto(address);
        return tab;
      },
      loseDatabase: () => killNetworkProcess(running.pid),
      kill,
    };
  } catch (error) {
    await kill();
    throw error;
  }
}
