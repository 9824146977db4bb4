import { createRequire } from 'node:module';

const require = createRequire(new URL('../../packages/service/package.json', import.meta.url));

/** The `pg` that the service toolkit is tested with. */
export const pg: typeof import('../../packages/service/node_modules/@types/pg') = require('pg');
