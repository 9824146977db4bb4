/**
 * What Sentry's SDKs may collect by themselves: nothing. Version 11 collects everything that is not spoken of, so every
 * category is.
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
