import type { NodeOptions } from '@sentry/node';

/**
 * Sentry 11 collects everything that is not spoken of, so every category is.
 * https://docs.sentry.io/platforms/javascript/guides/node/configuration/options/#dataCollection
 */
export const dataCollection = {
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
} satisfies Required<NonNullable<NodeOptions['dataCollection']>>;
