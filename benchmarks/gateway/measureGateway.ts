import { describeMachine } from '../describeMachine';
import { measureLoad } from './measureLoad';
import { measureThroughput, shapes, type Throughput } from './measureThroughput';
import { renderLoad } from './renderLoad';
import { renderThroughput } from './renderThroughput';

/** Measures the gateway, for some minutes on a machine that does nothing else; answers the report in Markdown. */
export async function measureGateway(): Promise<string> {
  const throughput: Throughput[] = [];
  for (const [title, shape] of shapes) {
    console.log(`Throughput, ${title} …`);
    throughput.push(await measureThroughput(title, shape));
  }
  console.log('Load …');
  const load = await measureLoad();
  return `# The gateway, measured

Written by \`npm run bench -- gateway\`.

## Throughput

${renderThroughput(throughput)}

All of it in one process and one run, in turns, by CPU time of every thread; medians of the turns. The _ceiling_ is
bare \`JSON.parse\` and a \`Map\` of sums over bodies in memory: no socket, no check, no disk. The _bare HTTP server_ is
\`node:http\` that reads each body over a socket, and then does as the ceiling does and answers 202. The _gateway_ checks,
scrubs, limits, keeps the ledger, and has each batch on the disk before its answer; its sender is another process, over
keep-alive connections. A point is a series with all that the client merged into it: some hundred taps may be one.

## Load

${renderLoad(load)}

## Machine

${new Date().toISOString().slice(0, 10)}, ${describeMachine()}, Node ${process.versions.node}.
`;
}
