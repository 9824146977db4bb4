/**
 * Sentry's `dataCollection` with every category off. Version 11 collects every category that is not disabled.
 * https://docs.sentry.io/platforms/javascript/configuration/options/#dataCollection
 */
export const sentryCollection = {
  userInfo: false,
  cookies: false,
  httpHeaders: { request: false, response: false },
  httpBodies: [],
  urlQueryParams: false,
  graphQL: { document: false, variables: false },
  genAI: { inputs: false, outputs: false },
  mcp: { inputs: false, outputs: false },
  databaseQueryData: false,
  queues: false,
  stackFrameVariables: false,
  frameContextLines: 0,
};

/** The part of a Sentry event's `sdkProcessingMetadata` that reaches the head of its envelope. */
export interface SentryMetadata {
  readonly dynamicSamplingContext?: {
    /** The name of the transaction. */
    readonly transaction?: string;
  };
}

/**
 * Returns `metadata` with the name of its transaction scrubbed, because the head of the envelope repeats that name.
 * Returns `metadata` itself if it has no such name.
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
