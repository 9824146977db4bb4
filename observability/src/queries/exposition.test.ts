import { expect, it } from 'vitest';
import { readExposition, readShapes, writeShapes } from './exposition';
import { samplesOf } from './sample';

const page = `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{path="/a,b=\\"c\\"",code="200"} 3
requests_total{code="500",zone="x"} 1
# TYPE took_seconds histogram
took_seconds_bucket{path="/",le="0.1"} 1
took_seconds_sum{path="/"} 1
took_seconds_count{path="/"} 1
# TYPE delay_seconds gauge
delay_seconds{quantile="0.5"} 1
# TYPE wait_seconds summary
wait_seconds{quantile="0.5"} 1
# TYPE silent_total counter
`;

it('reads kinds and labels, and what tells the parts of a histogram apart is none of them', () => {
  expect(readExposition(page)).toEqual([
    { name: 'requests_total', kind: 'counter', labels: ['code', 'path', 'zone'] },
    { name: 'took_seconds', kind: 'histogram', labels: ['path'] },
    { name: 'delay_seconds', kind: 'gauge', labels: ['quantile'] },
    { name: 'wait_seconds', kind: 'summary', labels: [] },
    { name: 'silent_total', kind: 'counter', labels: [] },
  ]);
});

it('keeps shapes in lines that it reads again, and refuses a line that is none', () => {
  const shapes = readExposition(page);
  const sorted = [...shapes].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(readShapes(writeShapes(shapes))).toEqual(sorted);
  expect(() => readShapes('requests_total')).toThrow(
    'expected a name, a kind and labels, got "requests_total"',
  );
});

it('knows the samples of a histogram by their suffixes', () => {
  const samples = samplesOf({ name: 'took', kind: 'histogram', labels: ['path'] }, ['game']);
  expect(samples.map(({ name, kind }) => [name, kind])).toEqual([
    ['took_bucket', 'bucket'],
    ['took_sum', 'counter'],
    ['took_count', 'counter'],
  ]);
  expect(samples.map(({ labels }) => labels.has('le'))).toEqual([true, false, false]);
});
