// `npm run bench`: measures the client beside its peers (benchmarks/RESULTS.md, about two hours), the gateway
// (benchmarks/GATEWAY.md, five minutes) and the service toolkit (benchmarks/SERVICE.md, five minutes).
//
//   npm run bench -- client | gateway | service      one of them
//   npm run bench -- sizes start-up                  parts of the client's; the others keep their results
//   npm run bench -- delivery --runs 3 --row killed,offline --library ours,faro
//   npm run bench -- report                          writes RESULTS.md from results.json
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { installPeers, libraries } from '../benchmarks/libraries';
import { deliveryRows } from '../benchmarks/measure/deliveryRows';
import { type ClientPart, clientParts, measureClient } from '../benchmarks/measureClient';
import { renderReport } from '../benchmarks/report/renderReport';
import { mergeResults, readResults, writeResults } from '../benchmarks/report/results';

const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: text, row: text, library: text },
});

function write(name: string, report: string): void {
  writeFileSync(new URL(`../benchmarks/${name}`, import.meta.url), report);
  console.log(`benchmarks/${name} is written.`);
}

/** Returns the items that an option names, all without it. */
function select<T extends { readonly name: string }>(
  option: 'row' | 'library',
  all: readonly T[],
): readonly T[] {
  const names = values[option]?.split(',');
  const unknown = names?.find((name) => all.every((one) => one.name !== name));
  if (unknown !== undefined)
    throw new Error(`bench: --${option} ${unknown}: expected ${all.map(({ name }) => name).join(', ')}`);
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

function readRuns(): number | undefined {
  if (values.runs === undefined) return undefined;
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`bench: --runs ${values.runs}: expected 1 or more`);
  return runs;
}

async function client(parts: readonly ClientPart[]): Promise<void> {
  installPeers();
  let results = readResults();
  await measureClient({
    parts,
    libraries: select('library', libraries),
    rows: select('row', deliveryRows),
    runs: readRuns(),
    save(later) {
      results = mergeResults(results, later);
      writeResults(results);
    },
  });
  write('RESULTS.md', renderReport(results));
}

const parts: Readonly<Record<string, () => Promise<void>>> = {
  client: () => client(clientParts),
  ...Object.fromEntries(clientParts.map((part) => [part, () => client([part])])),
  async gateway() {
    const { measureGateway } = await import('../benchmarks/gateway/measureGateway');
    write('GATEWAY.md', await measureGateway());
  },
  async service() {
    const { measureService } = await import('../benchmarks/service/measureService');
    write('SERVICE.md', await measureService());
  },
  async report() {
    write('RESULTS.md', renderReport(readResults()));
  },
};

const names = positionals.length > 0 ? positionals : ['client', 'gateway', 'service'];
const unknown = names.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`bench: ${unknown}: expected ${Object.keys(parts).join(', ')}`);
for (const name of names) await parts[name]?.();
