import { spawnSync } from 'node:child_process';

/** A user and a group of the system, by number. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The user to run a server as that refuses root: `name` where there is one, else nobody; none where we are not root. */
export function unprivileged(name: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string, user: string): number => {
    const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : Number.NaN;
  };
  const user = [name, 'nobody'].find((one) => Number.isInteger(idOf('-u', one)));
  if (user === undefined)
    throw new Error(`root may not run this server, and there is no user ${name} or nobody`);
  return { uid: idOf('-u', user), gid: idOf('-g', user) };
}
