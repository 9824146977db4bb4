// `npm run series`: starts the demo with all its exporters, and writes what they expose into observability/src/queries/series/.
import { writeFileSync } from 'node:fs';
import { writeShapes } from '@artel/observability/queries/exposition';
import { keptShapes } from '@artel/observability/queries/keptShapes';
import { seriesFolder } from '@artel/observability/queries/knownSeries';
import { driveLoad } from '@artel/observability/testing/driveLoad';
import { startDemo } from '@artel/observability/testing/startDemo';

const ROUNDS = 20;

const demo = await startDemo();
try {
  await driveLoad(demo, (round) => round >= ROUNDS);
  for (const [job, urls] of demo.scraped) {
    const pages = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
    const shapes = keptShapes(job, pages);
    writeFileSync(`${seriesFolder}${job}.txt`, writeShapes(shapes));
    process.stdout.write(`${job}: ${shapes.length} metrics\n`);
  }
} finally {
  await demo.close();
}
