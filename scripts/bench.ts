// `npm run bench`: measures the client beside its peers and writes benchmarks/RESULTS.md (about a quarter of an hour), and
// then the gateway, into benchmarks/GATEWAY.md (five minutes), and the service toolkit, into benchmarks/SERVICE.md (five
// minutes). `npm run bench -- client`, `-- gateway` or `-- service`: one of them.
import { writeFileSync } from 'node:fs';
import { installPeers } from '../benchmarks/installPeers';

const parts: Readonly<Record<string, () => Promise<void>>> = {
  async client() {
    installPeers();
    const { measureAll } = await import('../benchmarks/measureAll');
    const { renderReport } = await import('../benchmarks/renderReport');
    write('RESULTS.md', renderReport(await measureAll()));
  },
  async gateway() {
    const { measureGateway } = await import('../benchmarks/gateway/measureGateway');
    write('GATEWAY.md', await measureGateway());
  },
  async service() {
    const { measureService } = await import('../benchmarks/service/measureService');
    write('SERVICE.md', await measureService());
  },
};

function write(name: string, report: string): void {
  writeFileSync(new URL(`../benchmarks/${name}`, import.meta.url), report);
  console.log(`benchmarks/${name} is written.`);
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
for (const name of names) {
  const part = parts[name];
  if (!part)
    throw new Error(`bench: there is no part ${name}; there are ${Object.keys(parts).join(' and ')}`);
  await part();
}
