import { publishedOtlp, publishedRemoteWrite, shapes } from '@artel/test-support/fakes/published';
import type protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { otlpRoot } from './otlpSchema';
import { remoteWriteRoot } from './remoteWriteSchema';

/** Every message of ours with every field of it, as the published schema has them. */
function expectPublished(ours: protobuf.Root, theirs: protobuf.Root): void {
  const own = shapes(ours);
  const known = shapes(theirs);
  expect(Object.keys(own).length).toBeGreaterThan(5);
  for (const [name, fields] of Object.entries(own)) {
    const other = known[name] ?? {};
    const shared = Object.keys(fields).map((field) => [field, other[field]]);
    expect({ [name]: fields }).toEqual({ [name]: Object.fromEntries(shared) });
  }
}

describe('the schemas that the gateway writes by', () => {
  it('has every field of OTLP under the number and with the type that opentelemetry-proto gives it', () => {
    expectPublished(otlpRoot, publishedOtlp);
  });

  it('has every field of remote write under the number and with the type that Prometheus gives it', () => {
    expectPublished(remoteWriteRoot, publishedRemoteWrite);
  });
});
