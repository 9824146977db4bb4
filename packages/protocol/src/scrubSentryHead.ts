/** What of an event's metadata is read. */
export interface SentryMetadata {
  /** What the head of the envelope is made of. */
  readonly dynamicSamplingContext?: {
    /** The name of the transaction. */
    readonly transaction?: string;
  };
}

/**
 * Scrubs what an event of Sentry gives to the head of its envelope, which repeats the name of the transaction. Answers
 * `metadata` itself where it names none.
 * https://develop.sentry.dev/sdk/telemetry/traces/dynamic-sampling-context/
 */
export function scrubSentryHead<M extends SentryMetadata>(
  metadata: M,
  scrubName: (name: string) => string,
): M {
  const { dynamicSamplingContext } = metadata;
  const name = dynamicSamplingContext?.transaction;
  if (name === undefined) return metadata;
  return {
    ...metadata,
    dynamicSamplingContext: { ...dynamicSamplingContext, transaction: scrubName(name) },
  };
}
