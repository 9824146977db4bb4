// Starts the demo with all its exporters, and writes what they show into series/: `npm run series`.
import { writeFileSync } from 'node:fs';
import { driveLoad } from '../testing/driveLoad';
import { startDemo } from '../testing/startDemo';
import { writeShapes } from './exposition';
import { keptShapes } from './keptShapes';
import { seriesFolder } from './knownSeries';

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
