// `npm run bench`: measures ours beside its peers and writes benchmarks/RESULTS.md; takes about a quarter of an hour.
import { writeFileSync } from 'node:fs';
import { installPeers } from '../benchmarks/installPeers';
import { measureAll } from '../benchmarks/measureAll';
import { renderReport } from '../benchmarks/renderReport';

installPeers();
const target = new URL('../benchmarks/RESULTS.md', import.meta.url);
writeFileSync(target, renderReport(await measureAll()));
console.log('benchmarks/RESULTS.md is written.');
