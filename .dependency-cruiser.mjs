// @ts-check
// The directions of imports, of types too. `npx depcruise .` checks them, and so does `npm test`.
import { basename } from 'node:path/posix';

/** @typedef {import('dependency-cruiser').IRegularForbiddenRuleType} Rule */

/**
 * What a workspace may import of the others. Its tests may also import what `tests` names.
 * @typedef {{ readonly from: string, readonly to: readonly string[], readonly tests?: readonly string[], readonly why: string }} Arrow
 */

const protocol = 'packages/protocol';
const core = 'packages/core';
const react = 'packages/react';
const sentry = 'packages/sentry';
const gateway = 'packages/gateway';
const service = 'packages/service';

/** @type {readonly Arrow[]} */
const arrows = [
  { from: protocol, to: [], why: 'The protocol is shared by both ends and knows neither.' },
  { from: core, to: [protocol], why: 'The client works in any framework and without Sentry.' },
  { from: sentry, to: [protocol], why: 'Sentry is optional, so it must not bring the client along.' },
  { from: react, to: [core, protocol, sentry], why: 'The bindings run in a page and never see a server.' },
  {
    from: gateway,
    to: [protocol],
    why: 'The gateway shares with its clients what the protocol says, and no code.',
  },
  {
    from: service,
    to: [protocol],
    why: 'A service takes the toolkit without the client and without the gateway.',
  },
  {
    from: 'packages/ops',
    to: [protocol],
    why: 'The commands work on running servers and are installed alone.',
  },
  {
    from: 'apps/game-service',
    to: [service, protocol],
    why: 'The example shows that a service needs nothing else.',
  },
  {
    from: 'apps/mini-app',
    to: [react],
    tests: [core],
    why: 'The example shows that an app needs only the bindings; its tests give them an inert client.',
  },
  {
    from: 'observability',
    to: [protocol],
    tests: [gateway, service, 'packages/ops'],
    why: 'Boards and rules follow from the catalogue; only their tests compare them with servers and commands.',
  },
];

const TESTS = [
  '\\.(test|spec|fixture|bench|test-d)\\.tsx?$',
  '(^|/)vitest[^/]*\\.ts$',
  '^packages/[^/]+/fixtures/',
  '^observability/.*/testing/',
  `^${react}/(type-tests|react-18)/`,
];
const TEST_SUPPORT = pathsOf('test-support');
const WORKSPACES = arrows.flatMap(({ from }) => pathsOf(from));

/**
 * A workspace as a resolved import shows it: the real path of its sources or of its `dist`. An import that cannot be
 * resolved shows as the package's name.
 * @param {string} folder
 */
function pathsOf(folder) {
  return [`^${folder}/`, `(^|/)@artel/(telemetry-)?${basename(folder)}(/|$)`];
}

/**
 * @param {Arrow} arrow
 * @returns {Rule[]}
 */
function rulesOf({ from, to, tests = [], why }) {
  const name = `arrows-of-${basename(from)}`;
  /** @type {Rule} */
  const all = {
    name,
    comment: why,
    severity: 'error',
    from: { path: `^${from}/` },
    to: { path: WORKSPACES, pathNot: [from, ...to, ...tests].flatMap(pathsOf) },
  };
  if (tests.length === 0) return [all];
  const products = { from: { path: `^${from}/`, pathNot: TESTS }, to: { path: tests.flatMap(pathsOf) } };
  return [all, { ...all, ...products, name: `${name}-products` }];
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows.flatMap(rulesOf),
    {
      name: 'sentry-on-demand',
      comment: 'An app that does without Sentry must not load it, so the bindings import it dynamically.',
      severity: 'error',
      from: { path: `^${react}/`, pathNot: TESTS },
      to: {
        path: [...pathsOf(sentry), '(^|/)@sentry/'],
        dependencyTypesNot: ['dynamic-import', 'type-import', 'type-only'],
      },
    },
    {
      name: 'no-tests-in-products',
      comment: 'What is published or deployed must not depend on what only tests need.',
      severity: 'error',
      from: { path: '^(packages|apps|observability)/', pathNot: TESTS },
      to: { path: [...TEST_SUPPORT, ...TESTS] },
    },
    {
      name: 'no-imports-of-programs',
      comment:
        'Scripts, end-to-end tests and tests of the deployment are run; what others need lies in test-support.',
      severity: 'error',
      from: { path: '^([^/]+)' },
      to: { path: '^(scripts|e2e|deploy)/', pathNot: '^$1/' },
    },
    {
      name: 'no-imports-of-benchmarks',
      comment: 'Benchmarks compare the products with other libraries, which nothing else installs.',
      severity: 'error',
      from: { pathNot: ['^benchmarks/', '^scripts/bench\\.ts$'] },
      to: { path: '^benchmarks/' },
    },
    {
      name: 'test-support-below-tests',
      comment: 'All tests stand on test-support; if it imported some of them, they would no longer be apart.',
      severity: 'error',
      from: { path: '^test-support/', pathNot: TESTS },
      to: { path: ['^apps/', '^observability/', ...TESTS] },
    },
    {
      name: 'borders-by-name',
      comment:
        'A relative path into another workspace goes around its exports and the dependencies it declares.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|apps/[^/]+|observability|test-support)/' },
      to: {
        path: '^(packages/[^/]+|apps/[^/]+|observability|test-support)/',
        pathNot: '^$1/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'borders-by-name-or-dist',
      comment:
        'The folders of the root have no dependencies of their own: they may bundle what a package has built, and use its fixtures.',
      severity: 'error',
      // Vitest bundles its configuration itself, and does not compile what it imports by a package's name.
      from: { path: '^(scripts|e2e|benchmarks|deploy)/|^[^/]+$', pathNot: '^vitest[^/]*\\.ts$' },
      to: {
        path: '^(packages/[^/]+|apps/[^/]+|observability|test-support)/',
        pathNot: '^packages/[^/]+/(dist|fixtures)/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'no-circles',
      comment: 'Files that import each other can only be understood, tested and moved together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'What cannot be resolved is in no rule, and fails when it runs.',
      severity: 'error',
      // Libraries to compare with: `npm run bench` installs them.
      from: { pathNot: '^benchmarks/(adapters/|service/pg\\.ts$)' },
      // Made by the gateway's build; brought by GJS.
      to: { couldNotResolve: true, pathNot: ['^virtual:live-page$', '^gi://', '^system$'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    detectJSDocImports: true,
    skipAnalysisNotInRules: true,
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    // The examples are projects of their own, which install the packages. Hidden folders have a letter behind their dot:
    // `../` begins what cannot be resolved.
    exclude: { path: '^(\\.\\w[^/]*|examples|test-results)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};
