import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOnPath } from '@artel/test-support/programs/findProgram';

const execute = promisify(execFile);

/** Builds container images without a daemon; `apt-get install buildah` on Debian. */
const buildah = process.env['BUILDAH_PATH'] ?? findOnPath(['buildah']);

/** Mounting an image, and starting it as the nobody that it names, takes root. */
export const canBuildImages = buildah !== undefined && process.getuid?.() === 0;

/** Images and containers in a folder of their own. */
export interface ImageStore {
  /** Runs one command of buildah; resolves with what it prints, rejects with what it complains of. */
  run(...args: string[]): Promise<string>;
  /** Unmounts and removes everything. */
  remove(): Promise<void>;
}

export function createImageStore(folder: string): ImageStore {
  const places = ['--root', join(folder, 'images'), '--runroot', join(folder, 'run')];
  const run = async (...args: string[]): Promise<string> => {
    const { stdout } = await execute(buildah ?? 'buildah', [...places, ...args], {
      maxBuffer: 64 * 1_024 * 1_024,
      // A chroot and not a container: it works inside of one, as tests often run.
      env: { ...process.env, BUILDAH_ISOLATION: 'chroot' },
    });
    return stdout.trim();
  };
  return {
    run,
    async remove() {
      await run('rm', '--all');
      await run('rmi', '--all', '--force');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
