import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ImageStore } from './buildah';

/** What stands in for the two bases of the Dockerfile where no registry of images is in reach. */
export interface StandIns {
  readonly node: string;
  readonly runtime: string;
  /** Arguments of `buildah build` that the first of them needs. */
  readonly buildArguments: readonly string[];
}

const nodePrefix = dirname(dirname(process.execPath));

/** What this machine reaches its npm registry by. */
const networkVariables = [
  'NODE_EXTRA_CA_CERTS',
  'npm_config_registry',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
];

async function makeImage(
  store: ImageStore,
  name: string,
  fill: (root: string) => void,
  config: readonly string[] = [],
): Promise<string> {
  const container = await store.run('from', 'scratch');
  fill(await store.run('mount', container));
  if (config.length > 0) await store.run('config', ...config, container);
  await store.run('umount', container);
  await store.run('commit', '--quiet', container, name);
  await store.run('rm', container);
  return `localhost/${name}`;
}

/** In place of `node:…-slim`: a root whose programs are this machine's own, read-only. */
function makeNode(store: ImageStore): Promise<string> {
  const env = networkVariables.flatMap((name) => {
    const value = process.env[name];
    return value ? ['--env', `${name}=${value}`] : [];
  });
  return makeImage(
    store,
    'artel-test/node',
    (root) => {
      for (const folder of ['usr', 'etc', 'tmp', 'root', 'var', 'proc', 'sys', 'dev'])
        mkdirSync(join(root, folder));
      for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
      writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    },
    ['--env', `PATH=${nodePrefix}/bin:/usr/bin:/bin`, ...env],
  );
}

/** In place of distroless: Node, the libraries that it is linked to, and nothing else. */
function makeRuntime(store: ImageStore): Promise<string> {
  const { stdout } = spawnSync('ldd', [process.execPath], { encoding: 'utf8' });
  const libraries = [...stdout.matchAll(/\/\S+/g)].map(([path]) => path);
  return makeImage(store, 'artel-test/runtime', (root) => {
    for (const folder of ['etc', 'tmp', 'proc', 'sys', 'dev', 'nodejs/bin']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    chmodSync(join(root, 'tmp'), 0o1777);
    for (const library of libraries) {
      mkdirSync(dirname(join(root, library)), { recursive: true });
      copyFileSync(library, join(root, library));
    }
    copyFileSync(process.execPath, join(root, 'nodejs/bin/node'));
  });
}

/** Makes both stand-ins, of the Node that runs this. */
export async function makeStandIns(store: ImageStore): Promise<StandIns> {
  const authorities = process.env['NODE_EXTRA_CA_CERTS'];
  const npmrc = join(homedir(), '.npmrc');
  const shared = new Set(['/usr', nodePrefix, ...(authorities ? [dirname(authorities)] : [])]);
  return {
    node: await makeNode(store),
    runtime: await makeRuntime(store),
    buildArguments: [
      ...[...shared].flatMap((folder) => ['--volume', `${folder}:${folder}:ro`]),
      ...(existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : []),
    ],
  };
}
