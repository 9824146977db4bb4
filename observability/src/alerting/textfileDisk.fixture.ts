import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNodeExporter } from '@artel/test-support/servers/exporters';
import type { RunningServer } from '@artel/test-support/servers/runningServer';

/** A disk that a real node_exporter tells of, and that a test fills and empties. */
export interface TextfileDisk {
  readonly address: string;
  readonly exporter: RunningServer;
  /** Writes how much of it is free, from 0 to 1. */
  setFree(ratio: number): void;
}

const SIZE = 100 * 1024 ** 3;

/** Starts a node_exporter that reads its disks from a file. */
export async function startTextfileDisk(folder: string): Promise<TextfileDisk> {
  const textfiles = join(folder, 'textfiles');
  mkdirSync(textfiles, { recursive: true });
  const labels = '{device="/dev/vdb",fstype="ext4",mountpoint="/var/lib/artel"}';
  const setFree = (ratio: number): void => {
    const families = [
      ['node_filesystem_size_bytes', SIZE],
      ['node_filesystem_avail_bytes', ratio * SIZE],
      ['node_filesystem_readonly', 0],
    ] as const;
    const text = families
      .map(([name, value]) => `# TYPE ${name} gauge\n${name}${labels} ${value}\n`)
      .join('');
    // Renamed into place: the exporter may read at any moment.
    writeFileSync(join(textfiles, 'disk.new'), text);
    renameSync(join(textfiles, 'disk.new'), join(textfiles, 'disk.prom'));
  };
  setFree(0.6);
  const exporter = await startNodeExporter(textfiles);
  return { address: `127.0.0.1:${exporter.port}`, exporter, setFree };
}
