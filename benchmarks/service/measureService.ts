import { loadavg } from 'node:os';
import { describeMachine } from '../describeMachine';
import { markdownTable, short } from '../markdownTable';
import { measureOverhead, type Overhead } from './measureOverhead';

const GOAL = 0.05;

const titles = {
  bare: 'bare',
  full: 'everything on',
  untraced: 'everything but traces',
  silent: 'everything but request lines (`LOG_LEVEL=warn`)',
} as const;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function row(one: Overhead): readonly string[] {
  return [
    `${one.handler}, ${titles[one.variant]}`,
    percent(one.throughputLoss),
    `${percent(one.lossFrom)} to ${percent(one.lossTo)}`,
    percent(one.cpuOverhead),
    `${short(one.bareMicros)} → ${short(one.micros)}`,
    `${one.barePerSecond.toFixed(0)} → ${one.perSecond.toFixed(0)}`,
  ];
}

/** Measures what the service toolkit costs a server; answers the report in Markdown. */
export async function measureService(): Promise<string> {
  const before = loadavg()[0] ?? Number.NaN;
  const results = await measureOverhead();
  const judged = results.find(({ handler, variant }) => handler !== 'empty' && variant === 'full');
  const loss = judged?.throughputLoss ?? Number.NaN;
  const verdict = loss < GOAL ? 'is reached' : 'is missed';
  return `# The service toolkit, measured

Written by \`npm run bench -- service\`.

The goal, a loss of throughput under 5 % on a handler that does one PostgreSQL query at 10 % sampling, ${verdict}: ${percent(loss)}.

${markdownTable(['handler', 'throughput lost', 'quartiles', 'more CPU time', 'µs CPU a request', 'requests/s'], results.map(row))}

A bare Fastify beside the same with \`createService\`: a server span and a query span for each request at 10 % sampling with failed traces
kept (so that the spans of the others are held until their trace has ended well), two log lines in JSON, metrics with exemplars, Sentry, security with
inspection, health. Each server is a process of its own, since async hooks would cost a bare server in the same process too; they are asked in turns within one
run, by a sender in another process over 16 kept-alive connections, each request with a page's \`traceparent\`. Throughput is by the
clock, with PostgreSQL and the sender on the same machine; CPU time is that of the server's process, all threads. Medians over the turns of the
ratios within a turn. Spans and events go to a sink on loopback, lines by standard output to \`/dev/null\`. The two lines of a request and its spans are what costs most:
a query on loopback is so short that a few lines of text weigh against it, and a bare server so fast that everything does.

## Machine

${new Date().toISOString().slice(0, 10)}, ${describeMachine()}, Node ${process.versions.node}; load before and after: ${before.toFixed(1)}, ${(loadavg()[0] ?? Number.NaN).toFixed(1)}.
`;
}
