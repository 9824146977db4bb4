// How many tests run at once, and how long they wait. The bounds end what hangs; none of them is a promise of the product, so they
// are far above what a test needs on a machine that several suites keep busy at once.

/** Ms for a test, or a hook, and all that it waits for. */
export const TEST_PATIENCE = 600_000;
/** Ms for one event: of `expect.poll`, `vi.waitFor`, `vi.waitUntil` and Testing Library. */
export const WAIT_PATIENCE = 180_000;

const pathOf = (name: string): string => new URL(name, import.meta.url).pathname;

/** Environment of the gateways that tests start without a configuration of their own. */
export const patientGateway = { GATEWAY_CONFIG: pathOf('./vitest.gateway.yaml') };

/** What each project's `test` begins with. */
export const patient = {
  // Many of the tests wait for servers; three at once keep two cores busy. In a project with a configuration file of its own, the
  // root's setting counts for nothing.
  maxWorkers: 3,
  testTimeout: TEST_PATIENCE,
  hookTimeout: TEST_PATIENCE,
  expect: { poll: { timeout: WAIT_PATIENCE } },
  setupFiles: [pathOf('./vitest.setup.ts')],
};
