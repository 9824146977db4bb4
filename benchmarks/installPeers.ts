import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

function isInstalled(): boolean {
  const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies).every(([name, version]) => {
    const manifest = `${folder}node_modules/${name}/package.json`;
    if (!existsSync(manifest)) return false;
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version === version;
  });
}

/** Installs the peers beside the benchmarks, where nothing else sees them; their install scripts do not run. */
export function installPeers(): void {
  if (isInstalled()) return;
  console.log('Installing the peers …');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
  const run = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  if (run.status !== 0) throw new Error(`npm install failed in benchmarks/:\n${run.stdout}${run.stderr}`);
}
